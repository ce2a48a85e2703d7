"""What single arguments may be."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from workbench.language import _

T = TypeVar("T")
MOST = 10_000_000
"""Conversations a sandbox portal can be asked for."""


def checked(check: Callable[[str], T]) -> Callable[[str], T]:
    """A check that raises ValueError, as argparse wants it, with its sentence kept."""

    def convert(text: str) -> T:
        try:
            return check(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from error

    return convert


def port(text: str) -> int:
    """A TCP port, 0 for any."""
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError(_("a port is a number from 0 to 65535"))
    return int(text)


def count(text: str) -> int:
    """How many conversations."""
    if not text.isdecimal() or int(text) > MOST:
        raise ValueError(_("it must be a number from 0 to {most}").format(most=MOST))
    return int(text)


def moment(text: str) -> datetime:
    """A time; without a zone it is taken in the machine's own."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise ValueError(_("a time looks like 2026-03-14T12:00:00+01:00")) from error


def day(text: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("a day looks like 2026-03-14")) from error


def fault(text: str) -> str:
    """A fault of the sandbox portal as its own room reads it, or a word that it takes instead."""
    from workbench.sandbox.faults.spelling import LIST, faults_of

    if text != LIST:
        faults_of([text])
    return text
