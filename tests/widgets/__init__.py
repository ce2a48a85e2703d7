"""Widgets on tiny host apps."""
