"""A disk between SQLite and the real one, for child processes: it writes down what is asked of it, or fails."""
