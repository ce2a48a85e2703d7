"""How the program ends: its exit codes, and the one sentence a person gets when it cannot go on."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    WELL = 0
    FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    SIGN_IN = 4
    UNREACHABLE = 5
    STORE = 6


class Failure(Exception):  # noqa: N818 - not an error of the program: something its user can mend
    """Something the person at the keyboard can mend.

    Args:
        sentence: What, why and what to do, in the language that is on; text from outside made visible.
        code: What the program exits with.
    """

    def __init__(self, sentence: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
