"""The language on the screen: words through gettext, dates and numbers through babel.

The catalogues lie in `locale/<language>/LC_MESSAGES/workbench.po`; the compiled form beside them is used
when it is there and not older, else the catalogue is compiled in memory.
"""

from __future__ import annotations

import gettext
import io
import os
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("nb", "nn", "en")
DOMAIN: Final = "workbench"
FOLDER: Final = Path(__file__).parent / "locale"
GROUPS: Final = {"nb": "\u00a0", "nn": "\u00a0", "en": ","}
"""What stands between the thousands."""
POINTS: Final = {"nb": ",", "nn": ",", "en": "."}
"""What stands before the parts of one."""
BABEL: Final = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}


class _Current:
    """Which language is on: one for the process, as there is one screen."""

    code: str = "en"
    words: gettext.NullTranslations = gettext.NullTranslations()


def use(code: str) -> None:
    """Turns a language on for all that is shown from now on.

    Args:
        code: One of `LANGUAGES`.

    Raises:
        ValueError: There is no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no language {code!r}: use one of {', '.join(LANGUAGES)}")
    _Current.words = _catalogue(code)
    _Current.code = code


def current() -> str:
    """Code of the language that is on."""
    return _Current.code


def from_environment() -> str:
    """The language the environment asks for, bokmål when it asks for none we have."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(".")[0].split("_")[0].lower()
        if value in ("no", "nb"):
            return "nb"
        if value in LANGUAGES:
            return value
    return "nb"


def _(message: str) -> str:
    """A message in the language that is on."""
    return _Current.words.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """A message that depends on a number, in the language that is on."""
    return _Current.words.ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Marks a message for the catalogue where it cannot be translated yet."""
    return message


def clock_time(moment: datetime, *, seconds: bool = False) -> str:
    """Hour and minute, and seconds if wanted, in the moment's own zone; the same in all three languages."""
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def day(moment: datetime | date, today: date) -> str:
    """A day as one says it: today, yesterday, a weekday with its number, or a date with the year.

    Args:
        moment: Aware moment or a date; a moment is taken in its own zone.
        today: The day it is.
    """
    from babel.dates import format_date

    when = moment.date() if isinstance(moment, datetime) else moment
    ahead = (when - today).days
    if ahead == 0:
        return _("today")
    if ahead == -1:
        return _("yesterday")
    if ahead == 1:
        return _("tomorrow")
    digits = "d" if current() == "en" else "d."
    pattern = f"EEEE {digits}"
    if abs(ahead) >= 7:
        pattern = f"{digits} MMM" if when.year == today.year else f"{digits} MMM y"
    return format_date(when, pattern, locale=BABEL[current()])


def number(value: float) -> str:
    """A count with the language's own grouping."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", GROUPS[current()])  # as CLDR has it, without loading babel for it
    from babel.numbers import format_decimal

    return format_decimal(value, locale=BABEL[current()])


def decimal(value: float) -> str:
    """A measure below a thousand, to a tenth."""
    return f"{value:.1f}".replace(".", POINTS[current()])


def birth(value: str) -> str:
    """A FHIR birth date in the language's order; a partial or odd one as it was written."""
    from babel.dates import format_date

    try:
        return format_date(date.fromisoformat(value), "dd.MM.y", locale=BABEL[current()])
    except ValueError:
        return value


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    source = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    if not source.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    memory = io.BytesIO()
    with source.open("rb") as file:
        write_mo(memory, read_po(file, locale=BABEL[code]))
    memory.seek(0)
    return gettext.GNUTranslations(memory)
