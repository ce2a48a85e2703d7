"""Tells listeners that something changed, at most some ten times a second however much does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock

from workbench.dialogue.key import Key
from workbench.dialogue.status import Event

PAUSE = 0.1
"""Seconds between two events."""
MOST_NAMED = 200
"""Conversations named in one event; beyond that it says `many`."""

Listener = Callable[[Event], None]


class Announcer:
    """Gathers changes from any thread and passes them on in few events; the first of a burst goes out at once."""

    def __init__(self, later: Callable[[float, Callable[[], None]], bool], monotonic: Callable[[], float]) -> None:
        """Prepares an announcer.

        Args:
            later: Calls something after some seconds, from a thread; False when it will not.
            monotonic: Seconds that only rise.
        """
        self._later = later
        self._now = monotonic
        self._listeners: list[Listener] = []
        self._lock = Lock()
        self._keys: set[Key] = set()
        self._many = False
        self._status = False
        self._last = -PAUSE
        self._waiting = False

    def listen(self, listener: Listener) -> None:
        """Adds a listener."""
        self._listeners.append(listener)

    def tell(self, keys: Iterable[Key] = (), *, many: bool = False, status: bool = False) -> None:
        """Announces a change, now or with those that follow in the next tenth of a second."""
        with self._lock:
            self._keys.update(keys)
            self._many |= many
            self._status |= status
            if self._waiting or not (self._keys or self._many or self._status):
                return
            wait = self._last + PAUSE - self._now()
            self._waiting = wait > 0
        if wait > 0 and self._later(wait, self.flush):
            return
        self.flush()

    def flush(self) -> None:
        """Passes on what has gathered."""
        with self._lock:
            many = self._many or len(self._keys) > MOST_NAMED
            event = Event(frozenset() if many else frozenset(self._keys), many, self._status)
            empty = not (self._keys or self._many or self._status)
            self._keys, self._many, self._status = set(), False, False
            self._last, self._waiting = self._now(), False
        if not empty:
            for listener in self._listeners:
                listener(event)
