"""Keys that everyday tasks take, counted on the real program."""
