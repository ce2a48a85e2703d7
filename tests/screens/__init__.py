"""The screens, driven by keys, over real sessions."""
