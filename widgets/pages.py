"""The rows of a long list that are held: pages by place, the newest used kept, the rest asked for again."""

from __future__ import annotations

from typing import Final

from textual.cache import LRUCache

from workbench.dialogue.conversation import Key
from workbench.dialogue.queue import Item, Page

PAGE_SIZE: Final = 100
"""Rows of a page; every page asked for starts at a multiple of it."""
PAGES_KEPT: Final = 64


class Pages:
    """Which rows of a queue are held, by their place from 0.

    A restart makes all that was held old: an old row is still shown where no new one is held yet, so that the
    screen does not flicker, but it is asked for again.
    """

    def __init__(self) -> None:
        self.total = 0
        """Rows of the queue."""
        self.generation = 0
        """Counts restarts, so that an answer to an earlier question can be told."""
        self._held: LRUCache[int, tuple[Item, ...]] = LRUCache(PAGES_KEPT)
        self._old: dict[int, Item] = {}
        self._asked: set[int] = set()

    def restart(self, page: Page, seen: range, shift: int = 0) -> None:
        """Begins anew with a total and a first page.

        Args:
            page: Any stretch of the queue in its new order.
            seen: Places on the screen now, whose rows stay in sight until they are replaced.
            shift: How many places further down they stand from now on.
        """
        old = {place + shift: item for place in seen if (item := self.item(place)) is not None}
        self._old = {place: item for place, item in old.items() if 0 <= place < page.total}
        self._held.clear()
        self._asked.clear()
        self.total = page.total
        self.generation += 1
        self._take(page)

    def supply(self, page: Page) -> None:
        """Adds rows that were asked for."""
        for number in range(page.offset // PAGE_SIZE, (page.offset + PAGE_SIZE - 1) // PAGE_SIZE + 1):
            self._asked.discard(number)
        self._take(page)
        if page.offset % PAGE_SIZE == 0 and page.offset // PAGE_SIZE not in self._held:
            self._held[page.offset // PAGE_SIZE] = page.items

    def item(self, place: int) -> Item | None:
        """The row at a place, None when it is not held."""
        page = self._held.get(place // PAGE_SIZE)
        if page is not None and place % PAGE_SIZE < len(page):
            return page[place % PAGE_SIZE]
        return self._old.get(place)

    def fresh(self, place: int) -> bool:
        """Whether the row at a place is held and not older than the last restart."""
        return place // PAGE_SIZE in self._held

    def wanted(self, first: int, last: int) -> list[int]:
        """Offsets of the pages between two places that are neither held nor asked for; now they are asked for."""
        numbers = range(max(first, 0) // PAGE_SIZE, min(last, self.total - 1) // PAGE_SIZE + 1)
        missing = [number for number in numbers if number not in self._held and number not in self._asked]
        self._asked.update(missing)
        return [number * PAGE_SIZE for number in missing]

    @staticmethod
    def find(page: Page, key: Key) -> int | None:
        """Place in the queue of a conversation that a page holds."""
        places = (page.offset + n for n, item in enumerate(page.items) if item.key == key)
        return next(places, None)

    def _take(self, page: Page) -> None:
        """Keeps what fills a page of ours, and shows the rest until its page comes."""
        end = page.offset + len(page.items)
        for number in range(page.offset // PAGE_SIZE, (end - 1) // PAGE_SIZE + 1):
            start, stop = number * PAGE_SIZE, min((number + 1) * PAGE_SIZE, self.total)
            if page.offset <= start and end >= stop:
                self._held[number] = page.items[start - page.offset : stop - page.offset]
            else:
                self._old.update(
                    (p, page.items[p - page.offset]) for p in range(max(start, page.offset), min(stop, end))
                )
