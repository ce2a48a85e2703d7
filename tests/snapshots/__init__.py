"""The looks, as pictures that are kept."""
