"""Birth dates as one word each, so that a search for a day finds who was born on it and not its numbers anywhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

TYPED: Final = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4}|\d{2})(?![\d.])"
    r"|(?<!\d)(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
)
"""Day, month and year as Norwegians and Britons write them, or as ISO 8601 does."""


def born_words(birth: str) -> tuple[str, ...]:
    """What a birth date is found by: with the century and without it; nothing for a part of one.

    Args:
        birth: A FHIR date.
    """
    try:
        day = date.fromisoformat(birth)
    except ValueError:
        return ()
    return f"{day:%d%m%Y}", f"{day:%d%m%y}"


def with_born_words(typed: str) -> str:
    """What somebody typed, each date in it as such a word: `Hansen 3.4.79` becomes `Hansen 030479`."""
    return TYPED.sub(_word, typed)


def _word(found: re.Match[str]) -> str:
    if found["iso"]:
        return (born_words(found["iso"]) or (found[0],))[0]
    return f"{int(found['day']):02}{int(found['month']):02}{found['year']}"
