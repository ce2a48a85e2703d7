"""Moves store and portal towards each other."""
