"""How a shift stands: every queue and the last days in figures, each of which can be stepped into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from screens.dialog import Leaving
from screens.telling import Telling
from widgets.cells import outside
from widgets.day_figures import SHARE, day_table, days_words
from widgets.day_plot import DayPlot
from widgets.figure_grid import FigureGrid
from widgets.figure_widths import day_widths, queue_widths
from widgets.figures import Cell, queue_table
from widgets.key_line import KeyLine
from widgets.later import Later
from widgets.words import moment_word
from workbench.command import OVERVIEW
from workbench.commands import bindings, hints
from workbench.dialogue.overview import Load, Overview
from workbench.dialogue.queue import Queue
from workbench.dialogue.status import Event
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

SETTLE: Final = 1.0
"""Seconds within which several changes are shown as one: counting everything anew takes a while."""
SPARING: Final = 10.0
"""How many times longer than the counting itself it rests before counting again."""
MINUTE: Final = 60.0
PART: Final = "part"
"""Under what it is remembered which part had the focus."""
APART: Final = 3
"""Blanks without which two things in the title would be read as one."""
LAST: Final = 13
"""The column of today, where the cursor stands at first."""


class OverviewScreen(Telling, Leaving[Queue | None]):
    """Queues above, the days of one of them below; gives back the conversations behind a figure, as a queue."""

    AUTO_FOCUS = "#queues"
    BINDINGS = bindings(OVERVIEW)
    DEFAULT_CSS = """
    OverviewScreen {
        layout: vertical; background: $surface;
        & > Static { width: 100%; }
        & > .overview--title { height: 1; background: $panel; color: $foreground; text-style: bold; padding: 0 1; }
        & > #queues { height: 1fr; }
        & > .overview--what { height: 1; color: $text-muted; text-style: bold; border: none; }
        & > DayPlot { height: 2; }
        & > #days { height: 8; scrollbar-gutter: auto; scrollbar-size-vertical: 0; }
        & > .overview--says {
            height: auto; min-height: 1; max-height: 2; background: $boost; color: $foreground; padding: 0 1;
        }
    }
    OverviewScreen.-middling DayPlot { height: 3; }
    OverviewScreen.-tall DayPlot { height: 8; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-middling"), (34, "-tall")]
    queues = query_one("#queues", FigureGrid)
    days = query_one("#days", FigureGrid)

    @dataclass
    class Got(Message):
        """How everything stands now."""

        overview: Overview

    def __init__(self, session: Session, remapped: Mapping[str, str], places: dict[str, tuple[str, int]]) -> None:
        """Prepares.

        Args:
            session: Counts.
            remapped: The user's own keys.
            places: Where the cursors stood when it was last left; kept up to date.
        """
        super().__init__()
        self._session, self._remapped, self._places = session, remapped, places
        self._later = Later(self.set_timer)
        self._overview: Overview | None = None
        self._took = 0.0
        """Seconds that counting took the last time."""

    def compose(self) -> ComposeResult:
        """Title, queues, plot, days, what the cursor stands on in a sentence, keys."""
        yield Static(Content(_("Overview")), classes="overview--title", markup=False)
        yield FigureGrid(queue_widths, id="queues")
        yield Static(classes="overview--what", markup=False)
        yield DayPlot(lambda: self.days.in_view)
        yield FigureGrid(day_widths, column=LAST, id="days")
        yield Static(Content(_("counting …")), classes="overview--says", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Counts, now and every minute: what is overdue is more by then."""
        self.query_one(KeyLine).show(hints((OVERVIEW,), self._remapped), ("", ""))
        self.set_interval(MINUTE, self._fetch)
        self._fetch()

    def changed(self, event: Event) -> None:
        """Counts again once changes have settled."""
        if (event.keys or event.many) and not self._later.waits:
            self._later.put_off(max(SETTLE, SPARING * self._took), self._fetch)

    @work(group="overview", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        begun = monotonic()
        overview = await self._session.overview()
        self._took = monotonic() - begun
        self.post_message(self.Got(overview))

    @on(Got)
    def got(self, event: Got) -> None:
        """Shows it; the cursors stay on what they were on."""
        before = {} if self._overview else self._places
        self._overview = event.overview
        self._show_title(event.overview)
        self.queues.show(queue_table(event.overview), before.get("queues"))
        self._show_days(before.get("days"))
        if before.get(PART, ("", 0))[0] == self.days.id:
            self.days.focus()
        self._say(self._grid.current)

    def on_resize(self) -> None:
        """Fits the title."""
        if self._overview:
            self._show_title(self._overview)

    def _show_title(self, overview: Overview) -> None:
        """When all was counted, of data of when, and what is common to the last columns right above them."""
        now, common = self._session.clock(), _("the patient has waited")
        told = [portal.data_from for portal in self._session.status.portals]
        dates = [date for date in told if date is not None]
        stale = _("data from {time}").format(time=moment_word(min(dates), now)) if dates else _("no data yet")
        title = f"{_('Overview')} · {moment_word(overview.at, now)} · {stale}"
        gap = self.size.width - cell_len(title) - cell_len(common) - 3
        above = f"{' ' * gap}{common}" if gap >= APART else ""
        self.query_one(".overview--title", Static).update(Content(title + above))

    def _show_days(self, place: tuple[str, int] | None = None) -> None:
        """Shows the days of the queue that the cursor stands on among the queues."""
        if self._overview and (load := self._load):
            self.days.show(day_table(load, self._overview.at.date()), place)
            self._plot()

    @property
    def _load(self) -> Load | None:
        name = self.queues.place[0]
        return next((load for load in self._overview.loads if load.name == name), None) if self._overview else None

    @property
    def _grid(self) -> FigureGrid:
        return self.days if self.days.has_focus else self.queues

    @on(FigureGrid.Moved)
    def moved(self, event: FigureGrid.Moved) -> None:
        """Says what the cursor stands on, and plots the row of a day's figure."""
        event.stop()
        if self._overview is None:  # the cursor stands on nothing yet
            return
        self._places[str(event.grid.id)] = event.grid.place
        self._places[PART] = (str(event.grid.id), 0)
        if event.grid is self.queues:
            self._show_days()
        self._plot()
        self._say(event.cell)

    def _say(self, cell: Cell | None) -> None:
        says = outside(cell.says) if cell else ""
        self.query_one(".overview--says", Static).update(Content(says))

    def _plot(self) -> None:
        row, load = self.days.row, self._load
        if row is None or load is None:
            return
        highest = max(row.cells, key=lambda cell: cell.size or 0.0)
        top, label = (
            (1.0, _("{n} %").format(n=100))
            if row.key == SHARE
            else (highest.size or 0.0, highest.text if highest.size else "")
        )
        here = self.days.place[1] if self.days.has_focus else None
        self.query_one(DayPlot).show([cell.size for cell in row.cells], top, label, here)
        self.query_one(".overview--what", Static).update(Content(f"{days_words(load)} · {row.head}"))

    @on(FigureGrid.Left)
    def left(self, event: FigureGrid.Left) -> None:
        """Goes on in the other part, where the cursor went over the edge towards it."""
        event.stop()
        if (event.grid is self.queues) == (event.by > 0):
            self.action_other_part()

    def action_other_part(self) -> None:
        """Goes between queues and days."""
        (self.queues if self.days.has_focus else self.days).focus()

    def action_step_in(self) -> None:
        """Gives back what lies behind the figure under the cursor."""
        cell = self._grid.current
        if cell is None or cell.queue is None:
            self.app.bell()
            return
        self.dismiss(cell.queue)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_handover(self) -> None:
        """Shows what the next shift must know."""
        from screens.handover import HandoverScreen

        picked = await self.app.push_screen_wait(HandoverScreen(self._session, self._remapped))
        if picked is not None:
            self.dismiss(picked)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(None)
