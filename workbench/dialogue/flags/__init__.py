"""Red flags: phrases in a patient's words that ought to be read at once. They only ever raise, never lower."""
