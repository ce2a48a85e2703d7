"""The words of the sandbox's people, as TOML: names, conversations written by hand, and building blocks for more."""
