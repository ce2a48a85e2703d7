"""The two encrypted files: what the user made, and what the portal holds."""
