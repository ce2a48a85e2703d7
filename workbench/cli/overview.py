"""`workbench overview`: how each queue stands, and what the next shift must know, in figures without a patient."""

from __future__ import annotations

import asyncio
import csv
import io
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from shutil import get_terminal_size
from typing import Any, Final

from rich.cells import cell_len

from widgets.day_figures import day_table, days_words
from widgets.figures import Table, queue_table
from widgets.handover_lines import elsewhere_words, line_word, title_words
from widgets.words import moment_word
from workbench import compose
from workbench.cli.chosen import store_of
from workbench.cli.shown import as_json, columns, moment
from workbench.compose import Place
from workbench.config import Settings
from workbench.dialogue.clean import visible
from workbench.dialogue.overview import BANDS, Day, Figure, Handover, Load, Overview, Share, Took
from workbench.failure import Exit, Failure
from workbench.language import _, number

Row = tuple[str, str, str, object]
"""What it is about, its name, what is told of it, and how much."""
HEADER: Final = ("about", "name", "figure", "value")
NAMES: Final = ("queue", "day", "days")
"""What is no figure of an entry: its name, and entries of its own."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon with instead of showing it."""


def run(options: Namespace) -> int:
    """Prints the figures of what is held; the network is not asked, and nobody is named."""
    place, settings = store_of(options)
    asked: Overview | Handover | None = None
    if compose.there(place):
        asked = asyncio.run(_asked(place, settings, options.queue, handover=options.handover))
    if options.json:
        print(as_json({"profile": settings.profile, **_told(asked, handover=options.handover)}))
    elif options.csv:
        print(_csv(_rows(_told(asked, handover=options.handover))), end="")
    else:
        print("\n".join(_lines(asked)))
    return 0


async def _asked(place: Place, settings: Settings, queue: str | None, *, handover: bool) -> Overview | Handover:
    with compose.opened(place, site=compose.site_of(settings)) as store:
        session = compose.session_on(store, settings)
        try:
            return await session.handover() if handover else _of(await session.overview(), queue)
        finally:
            await session.close()


def _of(overview: Overview, queue: str | None) -> Overview:
    """The same of one queue alone, where one is asked for."""
    loads = [load for load in overview.loads if queue in (None, _queue(load))]
    if not loads:
        names = ", ".join(map(_queue, overview.loads))
        words = _("There is no queue “{name}” here: give --queue one of {names}.")
        raise Failure(words.format(name=visible(str(queue), one_line=True), names=names), Exit.USAGE)
    return replace(overview, loads=tuple(loads))


def _queue(load: Load) -> str:
    """A queue's name, made harmless."""
    return visible(load.name, one_line=True)


def _lines(asked: Overview | Handover | None) -> Iterator[str]:
    """The figures for a person, in the words of the screen."""
    if asked is None:
        yield _("Nothing has been fetched yet")
    elif isinstance(asked, Handover):
        yield title_words(asked, asked.at)
        yield from columns([(line_word(line, asked), number(line.figure.n)) for line in asked.lines])
        if elsewhere := elsewhere_words(asked):
            yield elsewhere
    else:
        yield f"{_('Overview')} · {moment_word(asked.at, asked.at)}"
        yield from _table(queue_table(asked))
        yield ""
        yield days_words(asked.loads[0])
        yield from _table(day_table(asked.loads[0], asked.at.date()))


def _table(table: Table) -> list[str]:
    """A table's lines, as roomy as the terminal allows."""
    rows = [(row.head, *(cell.text for cell in row.cells)) for row in table.rows]
    lines: list[str] = []
    for heads, between in (
        (table.long_heads or table.heads, 2),
        (table.long_heads or table.heads, 1),
        (table.heads, 1),
    ):
        lines = list(columns([heads, *rows], between))
        if max(map(cell_len, lines)) <= get_terminal_size().columns:
            break
    return lines


def _told(asked: Overview | Handover | None, *, handover: bool) -> dict[str, Any]:
    if isinstance(asked, Handover):
        return _handover(asked)
    if isinstance(asked, Overview):
        return _overview(asked)
    nothing: dict[str, Any] = {"at": None, "until": None, "handover": [], "elsewhere": 0}
    return nothing if handover else {"at": None, "queues": [], "days": []}


def _overview(overview: Overview) -> dict[str, Any]:
    return {
        "at": moment(overview.at),
        "queues": [_load(load) for load in overview.loads],
        "days": [_day(day) for day in overview.days],
    }


def _load(load: Load) -> dict[str, Any]:
    return {
        "queue": _queue(load),
        "conversations": load.held.n,
        "overdue": load.in_time.late.n if load.in_time else None,
        "within_deadline": _part(load.in_time),
        "oldest_waiting": moment(load.oldest.since) if load.oldest else None,
        "waiting": {band: figure.n for band, figure in zip(BANDS, load.waits, strict=True)} if load.waits else None,
        "days": [_day(day) for day in load.days],
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "came_in": day.came.n,
        "patient_wrote": day.wrote.n,
        "answered": day.answered.of.n,
        "answered_late": day.answered.late.n,
        "within_deadline": _part(day.answered),
        "first_answers": day.first.of.n,
        "median_hours_to_first_answer": _hours(day.first),
        "done": day.done.of.n,
        "median_hours_to_done": _hours(day.done),
    }


def _handover(handover: Handover) -> dict[str, Any]:
    figures: dict[str, Figure] = {line.name: line.figure for line in handover.lines}
    return {
        "at": moment(handover.at),
        "until": moment(handover.until),
        "handover": [{"what": name, "conversations": figure.n} for name, figure in figures.items()],
        "elsewhere": handover.elsewhere,
    }


def _part(share: Share | None) -> float | None:
    value = share.value if share else None
    return None if value is None else round(value, 4)


def _hours(took: Took) -> float | None:
    return None if took.median is None else round(took.median / timedelta(hours=1), 2)


def _rows(told: dict[str, Any]) -> Iterator[Row]:
    """The same figures as one long table: what is added later adds rows, and moves no column."""
    for line in told.get("handover", ()):
        yield "handover", line["what"], "conversations", line["conversations"]
    if "handover" in told:
        yield "handover", "elsewhere", "entries", told["elsewhere"]
    queues = told.get("queues", ())
    for queue in queues:
        yield from _entry("queue", queue["queue"], queue)
    for day in told.get("days", ()):
        yield from _entry("day", day["day"], day)
    for queue in queues[1:]:  # the days of the first are those above
        for day in queue["days"]:
            yield from _entry("queue-day", f"{day['day']} {queue['queue']}", day)


def _entry(about: str, name: str, entry: dict[str, Any]) -> Iterator[Row]:
    for figure, value in entry.items():
        if figure == "waiting":
            yield from ((about, name, f"waiting_{band}", n) for band, n in (value or {}).items())
        elif figure not in NAMES:
            yield about, name, figure, value


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """A cell that a spreadsheet shows as it is: an apostrophe goes before what it would reckon with."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
