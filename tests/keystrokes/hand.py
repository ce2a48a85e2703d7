"""A hand on the keyboard of the real program, whose keys are counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from screens.choose import Choose
from tests.keystrokes.keys import Keys, Typed, written
from tests.screens.seat import WITHIN, Seat
from widgets.picker import Picker
from workbench.commands import key_name
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item

ME = "Practitioner/kari-nordmann"
Resource = dict[str, Any]


class Hand:
    """A hand on the keyboard: every key it presses is counted, and has to reach the program as one."""

    def __init__(self, seat: Seat, portal: httpx.AsyncClient) -> None:
        self.seat, self._portal = seat, portal
        self.keys: Keys = ()
        self.heard = 0
        tell = seat.session.key

        def hear(acts_on: Key | None = None) -> None:
            self.heard += 1
            tell(acts_on)

        seat.session.key = hear  # type: ignore[method-assign]

    async def press(self, key: str) -> None:
        """Presses one key."""
        self.keys = (*self.keys, key_name(key))
        await self.seat.keys(key)

    async def type(self, text: Typed) -> None:
        """Types a text."""
        self.keys = (*self.keys, text)
        await self.seat.writes(text)

    def anew(self) -> None:
        """Forgets what was pressed to come where a task begins."""
        self.keys, self.heard = (), 0

    async def stands_on(self, queue: str, fit: Callable[[Item], bool] = lambda _item: True) -> Item:
        """Comes to a conversation in the list, uncounted."""
        seat = self.seat
        await seat.keys("escape", "escape")
        found = next(each for each in await seat.session.queues() if each.name == queue)
        seat.inbox._pick(found)
        await seat.until(lambda: seat.inbox.listing.query_shown == found.query and seat.inbox.listing.rows.cursor_key)
        page = await seat.session.page(found.query, 0, 50)
        item = next(item for item in page.items if fit(item))
        await seat.stands_on(item.key.thread)
        self.anew()
        return item

    async def picks(self, typed: Typed, label: str) -> None:
        """Types into a choice and takes what comes first."""
        await self.seat.on_top(Choose.__name__)
        await self.type(typed)
        picker = self.seat.app.screen.query_one(Picker)
        await self.seat.until(lambda: picker.highlighted and picker.highlighted.label == label)
        await self.press("enter")

    async def found(self, kind: str, **params: str) -> list[Resource]:
        """What the portal holds."""
        answer = await self._portal.get(f"/{kind}", params={"_count": "200", **params})
        return [entry["resource"] for entry in answer.json().get("entry", ())]

    async def task(self, item: Item, look: Callable[[Resource], bool]) -> None:
        """Waits until the portal's Task on a conversation is as it should be."""

        async def stands() -> bool:
            return any(look(task) for task in await self.found("Task", focus=f"Communication/{item.key.thread}"))

        await self._until(stands)

    async def arrived(self, item: Item, text: str, kind: str) -> None:
        """Waits until the portal holds words of mine in a conversation, or in the room of notes about it."""

        async def holds() -> bool:
            mine = await self.found("Communication", sender=ME)
            places = {item.key.thread, *(each["id"] for each in mine if item.key.thread in str(each.get("about")))}
            said = [each for each in mine if kind in codes(each["category"]) and text in str(each.get("payload"))]
            return any(f"Communication/{place}" in str(each["partOf"]) for each in said for place in places)

        await self._until(holds)

    async def _until(self, look: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                while not await look():
                    await self.seat.pilot.pause(0.02)
        except TimeoutError:
            states = [(out.verb, out.state, out.reason) for out in self.seat.store.outbox.all()]
            raise AssertionError(f"not done after {written(self.keys)}: {states}, in\n{self.seat.shown()}") from None


def codes(concepts: list[Resource]) -> set[str]:
    return {coding["code"] for concept in concepts for coding in concept.get("coding", ())}
