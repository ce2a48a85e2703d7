"""What the kill proof is made of: children that work until they are killed, and a ledger of what they were promised."""
