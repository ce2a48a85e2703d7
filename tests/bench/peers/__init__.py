"""Other terminal programs for mail, measured as the workbench is."""
