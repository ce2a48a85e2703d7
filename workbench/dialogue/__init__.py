"""Pure rules of the dialogue: no I/O and no clock of their own."""
