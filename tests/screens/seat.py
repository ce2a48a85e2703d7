"""A seat at the workbench: the whole program on a portal, worked by keys, its states waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from textual.pilot import Pilot
from textual.screen import Screen

from screens.ask import Ask
from screens.inbox import InboxScreen
from tests.session.live import KEY, NAME, now, portals
from workbench.app import WorkbenchApp
from workbench.courtesy import Courtesy
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.site import PLAIN, Site
from workbench.office_config import default_rules
from workbench.session import Session
from workbench.snapshot.stage import strike
from workbench.store.store import Store

T = TypeVar("T")
WITHIN = 60.0
"""Seconds a state may take to come."""


class Seat:
    """What a person at the program sees and does."""

    def __init__(self, app: WorkbenchApp, pilot: Pilot[int], session: Session, store: Store) -> None:
        self.app, self.pilot, self.session, self.store = app, pilot, session, store

    @property
    def inbox(self) -> InboxScreen:
        """The inbox, whatever lies on top of it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen))

    async def until(self, look: Callable[[], T | None]) -> T:
        """What a look gives once it gives something; the program goes on meanwhile."""
        try:
            async with asyncio.timeout(WITHIN):
                while not (found := look()):
                    await self.pilot.pause(0.02)
                return found
        except TimeoutError:
            focused = self.app.screen.focused
            raise AssertionError(f"it did not come; {focused!r} has the focus of\n{self.shown()}") from None

    async def keys(self, *keys: str) -> None:
        """Presses keys."""
        await self.pilot.press(*keys)

    async def writes(self, text: str) -> None:
        """Types a text, a key a character."""
        await self.strikes(*text)

    async def searches(self, words: str) -> None:
        """Begins a search; the line it is written in stays open."""
        await self.keys("slash")
        await self.writes(words)

    async def strikes(self, *keys: str) -> None:
        """Presses keys without waiting for a picture in between: a person in a hurry does not either."""
        strike(self.app, *keys)
        await self.pilot.pause()

    async def stands_on(self, thread: str) -> None:
        """Moves down the list to a conversation, and waits until it is shown."""
        key = Key(NAME, thread)
        rows = self.inbox.listing.rows
        place: int | None = None
        try:
            async with asyncio.timeout(WITHIN):
                # What arrives may move the cursor's row while a key is on its way: it is followed until both agree.
                # And until a key would act on it, as while news come it may not.
                while rows.cursor_key != key or self.inbox.pane.key != key or self.inbox.stands_on != key:
                    await self.pilot.pause(0.02)
                    query = self.inbox.listing.query_shown
                    place = await self.session.locate(query, key) if query else None
                    if place is not None and rows.cursor_key != key and place != rows.cursor:
                        steps = place - (rows.cursor or 0)
                        await self.strikes(*["down" if steps > 0 else "up"] * abs(steps))
        except TimeoutError:
            stands = f"{rows.cursor_key} is row {rows.cursor} of {rows.total}, {self.inbox.pane.key} is shown"
            raise AssertionError(f"{key} is at {place}, {stands}, in\n{self.shown()}") from None

    async def picks(self, key: str, typed: str) -> None:
        """Presses a key that opens a choice, and picks what its first letters name."""
        await self.keys(key)
        await self.on_top("Choose")
        await self.writes(typed)
        await self.keys("enter")

    async def goes_to(self, queue: str) -> None:
        """Goes to a queue by its name, and waits until it is shown."""
        await self.picks("g", queue)
        await self.until(lambda: f"{queue} · " in self.shown())

    async def selects_two(self) -> frozenset[Key]:
        """Selects the row under the cursor and the next, and gives their names."""
        rows = self.inbox.listing.rows
        await self.keys("x", "down", "x")
        await self.until(lambda: len(rows.marks) == 2)
        return rows.marks

    async def throws_away(self, words: str) -> None:
        """Throws away what is being written, having thought better of it once."""
        await self.keys("f8")
        await self.on_top("Ask")
        assert words in self.shown()
        await self.keys("escape")
        await self.on_top("InboxScreen")
        assert self.inbox.pane.composer.text == words
        await self.keys("f8")
        await self.agrees()
        await self.until(lambda: not self.inbox.pane.composer.is_open)

    async def on_top(self, name: str) -> None:
        """Waits for a screen by its class's name, and until a question has been painted: it takes no answer before."""
        await self.until(lambda: type(self.app.screen).__name__ == name and self._painted(self.app.screen))

    async def agrees(self) -> None:
        """Says yes to a question, once it is there."""
        await self.on_top("Ask")
        await self.keys("enter")

    @staticmethod
    def _painted(screen: Screen[object]) -> bool:
        return not isinstance(screen, Ask) or screen.shown_at is not None

    def told(self) -> list[str]:
        """What the user is told from now on."""
        told: list[str] = []
        notify = self.app.notify

        def notes(words: str, **more: object) -> None:
            told.append(words)
            notify(words, **more)  # type: ignore[arg-type]

        self.app.notify = notes  # type: ignore[method-assign, assignment]
        return told

    def arrived(self) -> bool:
        """Whether everything that was put in the outbox has been taken by the portal."""
        entries = self.store.outbox.all()
        return bool(entries) and all(entry.state is Sending.SENT for entry in entries)

    def shown(self) -> str:
        """All text of the screen on top, line by line."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()
        )


@asynccontextmanager
async def seat_at(
    folder: Path,
    address: str,
    me: str,
    *,
    size: tuple[int, int] = (120, 40),
    poll: float = 0.5,
    courtesy: Courtesy | None = None,
    site: Site = PLAIN,
) -> AsyncIterator[Seat]:
    """The program on a portal, with a store in a folder; who acts is asked of the portal."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4, site=site)
    people = {NAME: Me(NAME, me, "", Role.SUPPORT)}
    session = Session(
        store, portals({NAME: address}), people, clock=now, poll=poll, courtesy=courtesy, deadlines=default_rules()
    )
    app = WorkbenchApp(session)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Seat(app, pilot, session, store)
