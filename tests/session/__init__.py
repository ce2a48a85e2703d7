"""A person's work through a whole session, over real HTTP and a real store."""
