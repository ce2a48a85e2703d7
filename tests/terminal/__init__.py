"""The whole program in a real pseudo-terminal, as a person meets it."""
