"""Every fault of the sandbox's switchboard against every call the client makes, and what a person then reads."""
