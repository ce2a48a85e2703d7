"""`workbench effort`: what handling conversations took, in keys and seconds; nothing of whose they are."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from workbench import compose
from workbench.cli.chosen import store_of
from workbench.cli.shown import as_json
from workbench.dialogue.effort import IDLE, Taken
from workbench.dialogue.effort_figures import Figures, by_day, figures
from workbench.dialogue.spread import Spread
from workbench.language import _

Row = tuple[str, ...]


def run(options: Namespace) -> int:
    """Prints the figures of each day and of all, and of each verb."""
    place, _settings = store_of(options)
    days: Mapping[date, Sequence[Taken]] = {}
    if compose.there(place):
        zone = compose.now().tzinfo
        begin = None if options.since is None else datetime.combine(options.since, time(), zone).astimezone()
        with compose.opened(place) as store:
            days = by_day((at.astimezone().date(), line) for at, line in store.effort.since(begin))
    every = figures([taken for held in days.values() for taken in held])
    if options.json:
        told = [{"day": day.isoformat(), **_as_told(figures(held))} for day, held in days.items()]
        since = None if options.since is None else options.since.isoformat()
        print(as_json({"since": since, "idle_seconds": IDLE, "all": _as_told(every), "days": told}))
    elif days:
        print("\n".join(_table(days, every)))
    else:
        print(_("Nothing has been handled here yet."))
    return 0


def _as_told(found: Figures) -> dict[str, Any]:
    verbs = [
        {"verb": of.verb, "times": of.times, "handled": of.handled, **_spreads(of.keys, of.seconds)}
        for of in found.verbs
    ]
    return {"handled": found.handled, **_spreads(found.keys, found.seconds), "verbs": verbs}


def _spreads(keys: Spread, seconds: Spread) -> dict[str, Any]:
    return {
        name: {"median": _rounded(spread.median), "p90": _rounded(spread.p90)}
        for name, spread in (("keys", keys), ("seconds", seconds))
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _table(days: Mapping[date, Sequence[Taken]], every: Figures) -> Iterator[str]:
    heads = (_("handled"), _("keys: median"), _("90 %"), _("seconds: median"), _("90 %"))
    rows = [_row(day.isoformat(), figures(held)) for day, held in days.items()]
    yield from _lined([(_("day"), *heads), *rows, _row(_("all"), every)])
    yield ""
    of_verbs = [(of.verb, str(of.handled), *_shown(of.keys), *_shown(of.seconds)) for of in every.verbs]
    yield from _lined([(_("verb"), *heads), *of_verbs])


def _row(name: str, found: Figures) -> Row:
    return (name, str(found.handled), *_shown(found.keys), *_shown(found.seconds))


def _shown(spread: Spread) -> Row:
    return tuple("–" if value is None else f"{value:.1f}".removesuffix(".0") for value in (spread.median, spread.p90))


def _lined(rows: Sequence[Row]) -> Iterator[str]:
    """Rows of a table: the first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells])
