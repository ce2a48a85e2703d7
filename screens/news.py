"""When what has changed is shown: soon, many changes as one, and never in the way of a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from widgets.later import Later, Stoppable
from workbench.dialogue.status import Connection, Event, Status

SETTLE: Final = 0.1
"""Seconds within which several changes are shown as one."""
FETCHING: Final = 1.0
"""The same during a first sync, when everything changes all the time: each showing is in the way of a key."""
PUT_OFF: Final = 5.0
"""Seconds longer for which a sync's changes wait while keys keep coming: a key is answered before news."""


class Source(Protocol):
    """Of a session, what decides when its changes are shown."""

    @property
    def status(self) -> Status:
        """How the portals stand."""

    @property
    def typing(self) -> bool:
        """Whether somebody is in the middle of typing."""


class News:
    """Takes the session's changes as they come, and has them shown when it is time."""

    def __init__(
        self,
        session: Source,
        set_timer: Callable[[float, Callable[[], None]], Stoppable],
        show_status: Callable[[], None],
        show_rest: Callable[[], None],
    ) -> None:
        """Nothing has come yet.

        Args:
            session: Tells how the portals stand, and whether somebody types.
            set_timer: Calls something after some seconds.
            show_status: Shows how the portals stand.
            show_rest: Reads and shows everything else anew.
        """
        self._session = session
        self._show_status = show_status
        self._show_rest = show_rest
        self._rest = Later(set_timer)
        self._fetching = False
        """The portals gave everything for the first time when this was last told."""
        self._put_off = 0.0
        """Seconds for which a sync's changes have waited for the keys to pause."""

    def came(self, event: Event) -> None:
        """Takes a change. The status is shown at once, the rest soon; a first sync's changes wait while keys come."""
        fetching = any(portal.connection is Connection.SYNCING for portal in self._session.status.portals)
        due = bool(event.keys or event.many)
        if fetching and self._session.typing:
            due = True  # how much has come is shown with the rest
        else:
            self._show_status()
        if self._rest.waits and self._fetching and not fetching:
            self._rest.drop()  # all has come: nothing is waited for any more
            due = True
        self._fetching = fetching
        if due and not self._rest.waits:
            self._rest.put_off(FETCHING if fetching else SETTLE, self._ripe)

    def done(self) -> None:
        """Shows what the user has done this moment without waiting for more: they look for it."""
        self._rest.drop()
        self._show_rest()

    def _ripe(self) -> None:
        if self._fetching and self._session.typing and self._put_off < PUT_OFF:
            self._put_off += SETTLE
            self._rest.put_off(SETTLE, self._ripe)
            return
        self._put_off = 0.0
        if self._fetching:
            self._show_status()
        self._show_rest()
