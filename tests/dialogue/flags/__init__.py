"""Red flags: what is marked, what is not, and that a doubt counts."""
