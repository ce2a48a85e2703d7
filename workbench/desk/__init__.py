"""What the session is made of."""
