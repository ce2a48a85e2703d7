"""A disk between SQLite and the real one: it writes down what is asked of it, and fails when told. For child processes."""
