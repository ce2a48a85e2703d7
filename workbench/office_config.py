"""The parts of the configuration that tell of the office: its hours, its deadlines, and what a receipt says."""

from __future__ import annotations

import re
from datetime import date, time
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from workbench.dialogue.clean import visible
from workbench.dialogue.deadline import DeadlineRules, OfficeHours, Term, WorkingDays
from workbench.dialogue.office import OSLO, WEEK, Hours, Office
from workbench.dialogue.receipt import BY, TEXTS, ReceiptTexts, placeholders
from workbench.language import _
from workbench.public_holidays import is_holiday
from workbench.strict_toml import Table

DEFAULT: Final = "default"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED: Final = "closed"
HOURS: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d) ?[-–] ?([01]?\d|2[0-3])[:.]([0-5]\d)")
IN_HOURS: Final = re.compile(r"([1-9]\d{0,2}) hours?")
CLOSED_DAY: Final = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
LEAP: Final = 2028
"""A year that has every day there is."""
MOST_DAYS, MOST_HOURS, MOST_CLOSED, LONGEST_TEXT = 60, 200, 200, 1000


def deadline_rules(top: Table) -> DeadlineRules:
    """The deadlines and the office of a configuration; the defaults for what it leaves out.

    Raises:
        Failure: Something is not allowed; names file and line.
    """
    table = top.table("deadlines")
    terms = {code: _term(table, code) for code in table.values}
    default = terms.pop(DEFAULT, WorkingDays(5))
    return DeadlineRules(_office(top.table("office")), default, MappingProxyType(terms))


def receipt_texts(top: Table) -> ReceiptTexts:
    """What a receipt says, by language; our own words where the configuration has none.

    Raises:
        Failure: Something is not allowed; names file and line.
    """
    table = top.table("receipt")
    table.only(DEFAULT, *TEXTS)
    own = {language: _text(table, language) for language in TEXTS if language in table.values}
    return ReceiptTexts(MappingProxyType({**TEXTS, **own}), table.choice(DEFAULT, tuple(TEXTS), ReceiptTexts().default))


def default_rules() -> DeadlineRules:
    """The deadlines of an office that configured nothing."""
    return DeadlineRules(Office(is_holiday))


def _term(table: Table, code: str) -> Term:
    value = table.values[code]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DAYS:
        return WorkingDays(value)
    found = IN_HOURS.fullmatch(value) if isinstance(value, str) else None
    if found and int(found[1]) <= MOST_HOURS:
        return OfficeHours(int(found[1]))
    allowed = _("“{key}” must be working days from 0 to {days}, or office hours up to {hours}, written “4 hours”.")
    raise table.refuse(code, allowed.format(key=visible(code, one_line=True), days=MOST_DAYS, hours=MOST_HOURS))


def _office(table: Table) -> Office:
    table.only("hours", *WEEKDAYS, CLOSED, "zone")
    most = _hours(table, "hours", WEEK[0])
    usual = [most if hours else None for hours in WEEK]
    week = tuple(_hours(table, day, hours) for day, hours in zip(WEEKDAYS, usual, strict=True))
    if not any(week):
        raise table.refuse("", _("the office must be open on one day of the week at least."))
    closed, yearly = _closed(table)
    return Office(is_holiday, week, closed, yearly, _zone(table))


def _hours(table: Table, key: str, usual: Hours | None) -> Hours | None:
    if key not in table.values:
        return usual
    text = table.string(key)
    if text == CLOSED:
        return None
    if found := HOURS.fullmatch(text):
        opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if opens < closes:
            return Hours(opens, closes)
    raise table.refuse(
        key, _("“{key}” must be when it opens and when it closes, such as 08:00-15:30, or closed.").format(key=key)
    )


def _closed(table: Table) -> tuple[frozenset[date], frozenset[tuple[int, int]]]:
    once, yearly = set(), set()
    given = table.list_of_strings(CLOSED) if CLOSED in table.values else ()
    for text in given:
        found = CLOSED_DAY.fullmatch(text)
        try:
            if not found or len(given) > MOST_CLOSED:
                raise ValueError(text)
            day = date(int(found[1] or LEAP), int(found[2]), int(found[3]))
        except ValueError as error:
            allowed = _("“{key}” must be at most {most} days, each as 2026-12-24, or as 12-24 for every year.")
            raise table.refuse(CLOSED, allowed.format(key=CLOSED, most=MOST_CLOSED)) from error
        if found[1]:
            once.add(day)
        else:
            yearly.add((day.month, day.day))
    return frozenset(once), frozenset(yearly)


def _zone(table: Table) -> str:
    name = table.string("zone", OSLO)
    try:
        if name != OSLO:
            ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # a folder's name, a path, and a name that is not there
        raise table.refuse("zone", _("“zone” must be a time zone such as {known}.").format(known=OSLO)) from error
    return name


def _text(table: Table, language: str) -> str:
    text = table.string(language).strip()
    if not text or len(text) > LONGEST_TEXT or visible(text) != text:
        allowed = _("“{key}” must be a text of at most {most} characters, none of them for control.")
        raise table.refuse(language, allowed.format(key=language, most=LONGEST_TEXT))
    try:
        found = placeholders(text)
    except ValueError as error:
        raise table.refuse(
            language, _("“{key}” has a curly bracket that stands alone; write it twice.").format(key=language)
        ) from error
    if unknown := sorted(found - {BY}):
        allowed = _("“{key}” may hold the placeholder {{by}} and no other; “{found}” is not known.")
        shown = visible(f"{{{unknown[0]}}}", one_line=True)
        raise table.refuse(language, allowed.format(key=language, found=shown))
    if not found:
        raise table.refuse(
            language, _("“{key}” must hold {{by}}, the day by which an answer comes.").format(key=language)
        )
    return text
