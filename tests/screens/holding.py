"""Keeps the program where a slow disk would keep it, and hears its bell."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from tests.screens.seat import Seat
from workbench.dialogue.key import Key


@contextmanager
def held(thread: Executor) -> Iterator[None]:
    """Keeps a thread of the session busy: what is asked of it waits until this is over."""
    go_on = threading.Event()
    thread.submit(go_on.wait)
    try:
        yield
    finally:
        go_on.set()


def bells(seat: Seat) -> list[None]:
    """One entry each time the bell is rung from now on."""
    rung: list[None] = []
    seat.app.bell = lambda: rung.append(None)  # type: ignore[method-assign]
    return rung


def done(seat: Seat) -> list[tuple[str, Key]]:
    """What was done to which conversation, in its order."""
    return [(str(entry.verb), entry.key) for entry in seat.store.outbox.all()]


def said(seat: Seat, words: str) -> bool:
    """Whether the user was told this."""
    return any(words in notice.message for notice in seat.app._notifications)


async def stands_first(seat: Seat, queue: str = "Ufordelt") -> Key:
    """Comes to the first row of a queue, and waits until it is shown beside; gives its name."""
    await seat.until(lambda: seat.inbox.listing.rows.cursor_item)
    await seat.goes_to(queue)
    rows, pane = seat.inbox.listing.rows, seat.inbox.pane
    await seat.keys("home")
    await seat.until(lambda: rows.cursor == 0 and rows.cursor_key is not None and pane.key == rows.cursor_key)
    assert rows.cursor_key is not None
    return rows.cursor_key


async def claims_the_first(seat: Seat) -> Key:
    """Claims the first row, which is read from then on while the cursor goes to another."""
    first = await stands_first(seat)
    rows, pane = seat.inbox.listing.rows, seat.inbox.pane
    await seat.keys("c")
    await seat.until(lambda: rows.cursor_key not in (None, first) and pane.timeline.has_focus)
    assert pane.key == first
    return first
