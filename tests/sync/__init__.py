"""Sync against portals that lose, shift and repeat."""
