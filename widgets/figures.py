"""How queues stand as rows of figures: what stands in each, what it says in a sentence, and what opens from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from widgets.cells import outside
from widgets.words import age_word, moment_word, queue_word
from workbench.dialogue.overview import BANDS, EVERYTHING, Figure, Load, Overview, Share
from workbench.dialogue.queue import Queue
from workbench.language import N_, _, ngettext, number

NONE: Final = "–"
"""What stands where a thing cannot be."""
KINDS: Final = {"pool": N_("Team"), "category": N_("Type")}
"""What stands above the queues whose names begin with such a word and a colon."""
BAND_HEADS: Final[Mapping[str, str]] = {
    "under_4_hours": N_("<4 h"),
    "today": N_("today"),
    "1_working_day": N_("1 d"),
    "2_to_5_working_days": N_("2–5 d"),
    "over_5_working_days": N_(">5 d"),
}
BAND_WORDS: Final[Mapping[str, str]] = {
    "under_4_hours": N_("waited less than 4 hours"),
    "today": N_("waited since earlier today"),
    "1_working_day": N_("waited 1 working day"),
    "2_to_5_working_days": N_("waited 2–5 working days"),
    "over_5_working_days": N_("waited over 5 working days"),
}


class Look(StrEnum):
    """How a figure looks, besides what it says."""

    PLAIN = "plain"
    QUIET = "quiet"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure on the screen."""

    text: str
    says: str
    """The same in a sentence."""
    title: str = ""
    """What the conversations behind it are called; text from outside."""
    figure: Figure | None = None
    """None where there is nothing to open."""
    look: Look = Look.PLAIN
    bar: tuple[float, float] | None = None
    """Length of its bar, and of the part of it that is late, between 0 and 1."""
    size: float | None = None
    """How high it stands in a plot; None where it does not."""

    @property
    def queue(self) -> Queue | None:
        """The conversations behind it as a queue, None where there are none."""
        return Queue(f"overview:{self.title}", self.figure.query) if self.figure and self.figure.n else None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of figures, or a heading."""

    key: str
    head: str
    """Harmless text of one line."""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under the heads of their columns."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    long_heads: tuple[str, ...] = ()
    """For columns that are wide enough."""


def queue_table(overview: Overview) -> Table:
    """How the queues stand."""
    figures = (_("In all"), _("Overdue"), _("In time"), _("Oldest"))
    heads = (_("Queue"), *figures, *(_(BAND_HEADS[band]) for band in BANDS))
    most = max((load.held.n for load in overview.loads[1:] if load.waits), default=0)
    return Table(heads, tuple(_queue_rows(overview, most)))


def _queue_rows(overview: Overview, most: int) -> Iterator[Row]:
    heading = ""
    for load in overview.loads:
        kind, colon, _code = load.name.partition(":")
        if colon and kind != heading:
            heading = kind
            yield Row(f"{kind}:", _(KINDS[kind]) if kind in KINDS else "")
        yield Row(
            load.name, (" " if colon else "") + outside(queue_word(load.name)), _queue_cells(load, most, overview.at)
        )


def _queue_cells(load: Load, most: int, now: datetime) -> tuple[Cell, ...]:
    name = outside(queue_word(load.name))
    late = load.in_time.late.n if load.in_time else 0
    bar = (load.held.n / most, late / most) if most and load.waits and load.name != EVERYTHING.name else None
    held = ngettext("{n} conversation", "{n} conversations", load.held.n).format(n=number(load.held.n))
    return (
        cell_of(load.held, f"{name}: {held}", name, bar=bar),
        _overdue(load.in_time, name),
        _in_time(load.in_time, name),
        _oldest(load, name, now),
        *_bands(load, name),
    )


def cell_of(
    figure: Figure, says: str, title: str, *, look: Look = Look.PLAIN, bar: tuple[float, float] | None = None
) -> Cell:
    """A figure that opens what is behind it."""
    quiet = look if figure.n else Look.QUIET
    return Cell(number(figure.n), says, title, figure, quiet, bar, float(figure.n))


def _overdue(share: Share | None, name: str) -> Cell:
    if share is None:
        return Cell(NONE, _("{queue}: nothing here can be overdue").format(queue=name), look=Look.QUIET)
    says = _("{queue}: {late} of {n} overdue").format(queue=name, late=number(share.late.n), n=number(share.of.n))
    return cell_of(share.late, says, f"{_('Overdue').lower()} · {name}", look=Look.ALERT)


def _in_time(share: Share | None, name: str) -> Cell:
    if share is None or share.percent is None:
        return Cell(NONE, _("{queue}: nothing to be in time with").format(queue=name), look=Look.QUIET)
    says = _("{queue}: {percent} % in time, {late} of {n} overdue").format(
        queue=name, percent=share.percent, late=number(share.late.n), n=number(share.of.n)
    )
    title = _("Overdue").lower() if share.late.n else _("in time")
    return share_cell(share, says, f"{title} · {name}", _("{n} %").format(n=share.percent))


def _oldest(load: Load, name: str, now: datetime) -> Cell:
    if load.oldest is None:
        return Cell(NONE, _("{queue}: no patient waits for an answer").format(queue=name), look=Look.QUIET)
    since, age = moment_word(load.oldest.since, now), age_word(load.oldest.since, now)
    says = _("{queue}: who has waited longest wrote {when}, {age} ago").format(queue=name, when=since, age=age)
    return Cell(age, says, f"{_('oldest')} · {name}", load.oldest.behind)


def _bands(load: Load, name: str) -> Iterator[Cell]:
    if not load.waits:
        says = _("{queue}: no patient waits for an answer").format(queue=name)
        yield from (Cell(NONE, says, look=Look.QUIET) for _band in BANDS)
    for band, figure in zip(BANDS, load.waits, strict=False):
        words = _(BAND_WORDS[band])
        yield cell_of(
            figure,
            f"{name}: {number(figure.n)} {words}",
            f"{_('waits {how_long}').format(how_long=_(BAND_HEADS[band]))} · {name}",
        )


def share_cell(share: Share, says: str, title: str, text: str) -> Cell:
    """A share opens what is not in time, as that is what one looks for; all of it where everything is."""
    assert share.percent is not None
    behind = share.late if share.late.n else share.of
    return Cell(text, says, title, behind, size=share.percent / 100)
