"""The clinician dialogue workbench."""
