"""The line at the top: who works where, how the portal answers, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from textual.content import Content
from textual.widget import Widget

from widgets.cells import cut, outside
from widgets.display import for_display
from widgets.fitting import Part, fitting
from widgets.portals import PortalNames
from widgets.words import connection_word, moment_word
from workbench.dialogue.people import Me
from workbench.dialogue.status import Connection, OutboxStatus, PortalStatus, Status
from workbench.language import _, ngettext, number

SIGNS: Final = {
    Connection.CONNECTING: "◌",
    Connection.ONLINE: "●",
    Connection.SYNCING: "◐",
    Connection.OFFLINE: "○",
    Connection.REFUSED: "✕",
}
STYLES: Final = {Connection.OFFLINE: "bold $text-warning", Connection.REFUSED: "bold $text-error"}
WORST_FIRST: Final = (
    Connection.REFUSED,
    Connection.OFFLINE,
    Connection.CONNECTING,
    Connection.SYNCING,
    Connection.ONLINE,
)
LONGEST: Final = 32
"""Cells of a name on this line."""


class TopLine(Widget):
    """Left: product, site, name, profession. Right: connection, age of the data, outbox.

    When the line is short, words go in the order of what can be missed; that the portal does not answer, and
    that something needs the user, is never left out.
    """

    DEFAULT_CSS = """
    TopLine { height: 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._shown: tuple[Status, Me | None, datetime] | None = None

    def show(self, status: Status, me: Me | None, now: datetime) -> None:
        """Shows how things stand.

        Args:
            status: Connection, age of the data and outbox.
            me: Who acts; None while nobody does.
            now: Aware, in the zone of who reads.
        """
        self._shown = (status, me, now)
        self.refresh()

    def render(self) -> Content:
        """The line, as wide as there is room."""
        return Content("") if self._shown is None else top_line(*self._shown, self.size.width)


def top_line(status: Status, me: Me | None, now: datetime, width: int) -> Content:
    """The line in at most so many cells."""
    left, right = _who(me), [*_portals(status.portals, now), *_outbox(status.outbox)]
    kept = fitting([*left, *right], width - 2)
    start, end = (_joined([part for part in kept if part in side]) for side in (left, right))
    gap = " " * max(width - 2 - start.cell_length - end.cell_length, 0)
    return Content.assemble(" ", start, gap, end).truncate(width, ellipsis=True)


def _who(me: Me | None) -> list[Part]:
    parts = [Part(8, _("Dialogue workbench"), "bold")]
    if me is None or not me.name:
        return [*parts, Part(3, _("nobody is signed in"), before="  ")]
    if me.site:
        parts.append(Part(7, cut(outside(me.site), LONGEST), before="  "))
    parts.append(Part(5, cut(outside(me.name), LONGEST), before=" · " if me.site else "  "))
    if me.title:
        parts.append(Part(6, cut(outside(me.title), LONGEST), before=", "))
    return parts


def _portals(portals: tuple[PortalStatus, ...], now: datetime) -> list[Part]:
    """How the portals answer, and how old the oldest data are; those that do not answer alike are named."""
    if not portals:
        return []
    worst_first = sorted(portals, key=lambda portal: WORST_FIRST.index(portal.connection))
    if len({portal.connection for portal in portals}) == 1:
        parts = [_portal(worst_first[0], "", live=all(portal.live for portal in portals))]
    else:
        names = PortalNames.of(portal.portal for portal in portals)
        parts = [_portal(portal, f"{names.name(portal.portal)}: ", live=portal.live) for portal in worst_first]
    aside = sum(portal.set_aside for portal in portals)
    if aside:
        text = ngettext("{n} unreadable", "{n} unreadable", aside).format(n=number(aside))
        parts.append(Part(4, text, "$text-warning"))
    dates = [portal.data_from for portal in portals]
    oldest = min((date for date in dates if date is not None), default=None)
    if oldest is None or None in dates:
        return [*parts, Part(4, _("no data yet"))]
    return [*parts, Part(3, _("data from {time}").format(time=moment_word(oldest, now)))]


def _portal(status: PortalStatus, name: str, *, live: bool) -> Part:
    """One portal's connection; that it does not answer is never left out, nor then its name."""
    word = f"{name}{SIGNS[status.connection]} {connection_word(status.connection, live=live)}"
    if status.connection is Connection.SYNCING and status.received:
        word += f" {number(status.received)}"
    rank = 0 if status.connection in STYLES else 7 if name and status.connection is Connection.ONLINE else 2
    return Part(rank, word, STYLES.get(status.connection, ""), before="  ")


def _outbox(outbox: OutboxStatus) -> Iterable[Part]:
    """What is on its way; each word for itself, so that the worrying ones stay when room is short."""
    needs = ngettext("{n} needs you", "{n} need you", outbox.needs_you).format(n=outbox.needs_you)
    unknown = ngettext("{n} unknown", "{n} unknown", outbox.unknown).format(n=outbox.unknown)
    waits = ngettext("{n} waits", "{n} wait", outbox.waiting).format(n=outbox.waiting)
    others = ngettext("{n} is a colleague's", "{n} are colleagues'", outbox.others).format(n=outbox.others)
    words = (
        (outbox.needs_you, Part(0, needs, "bold $text-error")),
        (outbox.unknown, Part(1, unknown, "bold $text-warning")),
        (outbox.waiting, Part(4, waits)),
        (outbox.others, Part(6, others)),
    )
    there = [part for count, part in words if count]
    for place, part in enumerate(there):
        yield part._replace(before=", ") if place else part._replace(text=_("outbox: {what}").format(what=part.text))


def _joined(parts: list[Part]) -> Content:
    """The parts with what stands between them."""
    pieces: list[Content] = []
    for part in parts:
        if pieces:
            pieces.append(Content(part.before))
        pieces.append(for_display(part.text, part.style, one_line=True))
    return Content.assemble(*pieces)
