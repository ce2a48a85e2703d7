"""What a command's file needs to put itself on the command line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

Add = Callable[[str, str, Callable[[Namespace], int]], ArgumentParser]
"""Adds a command by its name, what it does in a few words, and what runs it; gives its parser."""
