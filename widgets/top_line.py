"""The line at the top: whose workbench it is, and how it stands towards its portals."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from widgets.display import for_display
from widgets.words import connection_word
from workbench.dialogue.people import Me
from workbench.dialogue.status import Connection, PortalStatus, Status
from workbench.language import _, clock_time, day, number

SIGNS = {
    Connection.CONNECTING: "◌",
    Connection.ONLINE: "●",
    Connection.SYNCING: "◐",
    Connection.OFFLINE: "○",
    Connection.REFUSED: "✕",
}


class TopLine(Static):
    """Product, site and person on the left; connection, age of the data and outbox on the right."""

    DEFAULT_CSS = """
    TopLine { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._shown: tuple[Status, Me, datetime] | None = None

    def show(self, status: Status, me: Me, now: datetime) -> None:
        """Shows how things stand."""
        self._shown = (status, me, now)
        self._fit()

    def on_resize(self) -> None:
        """Fits it anew."""
        self._fit()

    def _fit(self) -> None:
        if self._shown is None or not self.size.width:
            return
        status, me, now = self._shown
        width = self.size.width
        for short in range(3):
            right = _right(status, now, short)
            if right.cell_length <= width * 2 // 3:
                break
        left = _left(me).truncate(max(width - right.cell_length - 2, 0), ellipsis=True, pad=True)
        self.update(Content.assemble(left, "  ", right))


def _left(me: Me) -> Content:
    parts = [me.site, f"{me.name}, {me.title}" if me.title else me.name]
    who = for_display(" · ".join(p for p in parts if p), one_line=True)
    return Content.assemble((_("Dialogue workbench"), "bold"), "  ", who)


def _right(status: Status, now: datetime, short: int) -> Content:
    parts = [_portal(p, now, short, len(status.portals) > 1) for p in status.portals]
    outbox = _outbox(status)
    if outbox is not None:
        parts.append(outbox)
    return Content(" · ").join(parts)


def _portal(portal: PortalStatus, now: datetime, short: int, named: bool) -> Content:
    style = "bold $text-error" if portal.connection in (Connection.OFFLINE, Connection.REFUSED) else ""
    name = f"{portal.portal}: " if named else ""
    parts = [
        for_display(name, one_line=True),
        Content.styled(f"{SIGNS[portal.connection]} {connection_word(portal.connection)}", style),
    ]
    if portal.connection is Connection.SYNCING and portal.received:
        parts.append(Content(f" {number(portal.received)}"))
    if portal.data_from is not None and short < 2:
        parts.append(Content(" · " + _age(portal.data_from, now, short)))
    return Content("").join(parts)


def _age(moment: datetime, now: datetime, short: int) -> str:
    local = moment.astimezone(now.tzinfo)
    when = clock_time(local)
    if local.date() != now.date():
        when = f"{day(local, now.date())} {when}"
    return when if short else _("data from {time}").format(time=when)


def _outbox(status: Status) -> Content | None:
    box = status.outbox
    parts = []
    if box.waiting:
        parts.append(Content(_("{count} waiting").format(count=box.waiting)))
    if box.unknown:
        parts.append(Content.styled(_("{count} unknown").format(count=box.unknown), "bold $text-error"))
    if box.needs_you:
        parts.append(Content.styled(_("{count} needs you").format(count=box.needs_you), "bold $text-error"))
    if not parts:
        return None
    return Content.assemble(_("outbox: "), Content(", ").join(parts))
