"""Birth dates as one word each, so that a day that is told finds who was born on it, whatever else has its numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

TYPED: Final = re.compile(
    r"(?:\b(?:f|b|født|fødd|born)\.?\s*)?"
    r"(?:(?<!\d)(?<!\d\.)(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d{2})"
    r"|(?<!\d)(?P<iso>\d{4}-\d{2}-\d{2})|(?<!\d)(?P<run>\d{8}))(?!\d|[./-]\d)\.?",
    re.IGNORECASE,
)
"""Day, month and year as Norwegians and Britons write them, or as ISO 8601 does, with a banner's “f.” before it."""
WHOLE: Final = "born"
"""Begins the word of a day with its century: the numbers alone would begin as those of another century's child do."""


def born_words(birth: str) -> tuple[str, ...]:
    """What a birth date is found by: with the century and, as in a national number, without; nothing for a part of one.

    Args:
        birth: A FHIR date.
    """
    try:
        day = date.fromisoformat(birth)
    except ValueError:
        return ()
    return f"{WHOLE}{day:%d%m%Y}", f"{day:%d%m%y}"


def with_born_words(typed: str) -> str:
    """What somebody typed, each date in it as such a word that has ended: `Hansen 3.4.79` as `Hansen 030479 `."""
    return TYPED.sub(_word, typed)


def _word(found: re.Match[str]) -> str:
    if run := found["run"]:
        return (*born_words(f"{run[4:]}-{run[2:4]}-{run[:2]}"), run)[0] + " "
    if found["iso"]:
        return (*born_words(found["iso"]), found[0])[0] + " "
    century = WHOLE if len(found["year"]) == len("1979") else ""
    return f"{century}{int(found['day']):02}{int(found['month']):02}{found['year']} "
