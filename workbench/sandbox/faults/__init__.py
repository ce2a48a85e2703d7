"""Faults of portals and of the way to them, as values: what a portal could do wrong, done on purpose."""
