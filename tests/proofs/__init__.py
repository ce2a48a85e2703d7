"""Proofs that nothing is lost, doubled, misdirected or made unreadable, each a command with figures."""
