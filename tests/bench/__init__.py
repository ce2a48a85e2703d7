"""Measures the whole program from outside, in a terminal of its own."""
