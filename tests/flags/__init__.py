"""How well the rules for red flags do on messages that were written without knowing them."""
