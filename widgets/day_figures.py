"""The last days of a queue as rows of figures: a column a day, a row for each thing that happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from widgets.cells import cut, outside
from widgets.figures import NONE, Cell, Look, Row, Table, cell_of, share_cell
from widgets.words import WEEKDAYS, queue_word, short_day
from workbench.dialogue.overview import EVERYTHING, Day, Load, Share, Took
from workbench.language import N_, _, decimal, number

SHARE: Final = N_("In time %")
"""The row of a share, which is plotted up to all."""
ROWS: Final = (N_("Came in"), N_("Wrote"), N_("Answered"), SHARE, N_("Answer, h"), N_("Done"), N_("Done, h"))
"""What is told of a day, in the order of the rows."""
HOUR: Final = timedelta(hours=1)
NAME: Final = 24
"""Cells of a queue's name."""
WHOLE: Final = 10
"""From so many hours on, no part of one is told."""


def day_table(load: Load, today: date) -> Table:
    """What happened on the last days in a queue's conversations.

    Args:
        load: How the queue stands.
        today: The day it is.
    """
    heads = ("", *(_(WEEKDAYS[day.day.weekday()]) for day in load.days))
    columns = [tuple(_day_cells(load, day, today)) for day in load.days]
    rows = zip(ROWS, zip(*columns, strict=True), strict=True)
    long_heads = ("", *(f"{head} {day.day.day}" for head, day in zip(heads[1:], load.days, strict=True)))
    return Table(heads, tuple(Row(word, _(word), cells) for word, cells in rows), long_heads)


def days_words(load: Load) -> str:
    """Of what the days tell: a queue, or one as it is now; harmless text of one line."""
    name = cut(_name(load), NAME)
    told = name if load.whatever else _("{queue} now").format(queue=name)
    return " · ".join(filter(None, (_("The last 14 days"), told)))


def _name(load: Load) -> str:
    return "" if load.name == EVERYTHING.name else outside(queue_word(load.name))


def _day_cells(load: Load, day: Day, today: date) -> Iterator[Cell]:
    when = " · ".join(filter(None, (_name(load), short_day(day.day, today))))
    for figure, says, title in (
        (day.came, _("{day}: {n} new conversations came in"), _("came in")),
        (day.wrote, _("{day}: patients wrote in {n} conversations"), _("patient wrote")),
        (day.answered.of, _("{day}: {n} conversations answered"), _("answered")),
    ):
        yield cell_of(figure, says.format(day=when, n=number(figure.n)), f"{title} · {when}")
    yield _answered_in_time(day.answered, when)
    yield _took(
        day.first,
        _("{day}: {n} answered for the first time, half of them within {hours} office hours"),
        _("{day}: nothing was answered for the first time"),
        _("first answer"),
        when,
    )
    n = day.done.of.n
    says = _("{day}: {n} conversations marked done, and not opened again").format(day=when, n=number(n))
    yield cell_of(day.done.of, says, f"{_('done')} · {when}")
    yield _took(
        day.done,
        _("{day}: {n} marked done, half of them within {hours} office hours of the first message"),
        _("{day}: nothing was marked done"),
        _("done"),
        when,
    )


def _answered_in_time(share: Share, when: str) -> Cell:
    if share.percent is None:
        return Cell(NONE, _("{day}: nothing was answered").format(day=when), look=Look.QUIET)
    says = _("{day}: {percent} % answered in time, {late} of {n} too late").format(
        day=when, percent=share.percent, late=number(share.late.n), n=number(share.of.n)
    )
    title = _("answered too late") if share.late.n else _("answered")
    return share_cell(share, says, f"{title} · {when}", number(share.percent))


def _took(took: Took, says: str, nothing: str, title: str, when: str) -> Cell:
    """How long something took opens all in which it did."""
    if took.median is None:
        return Cell(NONE, nothing.format(day=when), look=Look.QUIET)
    hours = took.median / HOUR
    text = number(round(hours)) if hours >= WHOLE else decimal(hours)
    return Cell(text, says.format(day=when, n=number(took.of.n), hours=text), f"{title} · {when}", took.of, size=hours)
