"""The rows of a long list that are held: pages by place, the newest used kept, the rest asked for again."""

from __future__ import annotations

from typing import Final

from textual.cache import LRUCache

from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Page, Total

PAGE_SIZE: Final = 100
"""Rows of a page."""
PAGES_KEPT: Final = 64


class Pages:
    """Which rows of a queue are held, by their place from 0.

    The first page shown says where all pages begin and end. A restart makes all that was held old: an old
    row is still shown where no new one is held yet, so that the screen does not flicker, but it is asked
    for again.
    """

    def __init__(self) -> None:
        self.total = Total()
        """Rows of the queue."""
        self.generation = 0
        """Counts restarts, so that an answer to an earlier question can be told."""
        self._held: LRUCache[int, tuple[Item, ...]] = LRUCache(PAGES_KEPT)
        self._old: dict[int, Item] = {}
        self._asked: set[int] = set()
        self._base = 0
        """Where the first whole page begins; before it there may be a shorter one, numbered -1."""

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
        self._base = page.offset % PAGE_SIZE
        self._take(page)

    def supply(self, page: Page) -> None:
        """Adds rows that were asked for."""
        number = self._number(page.offset)
        asked, self._asked = number in self._asked, self._asked - {number}
        self._take(page)
        if asked and number not in self._held and page.offset == self._places(number).start:
            self._held[number] = page.items

    def item(self, place: int) -> Item | None:
        """The row at a place, None when it is not held."""
        number = self._number(place)
        page, place_in_page = self._held.get(number), place - self._places(number).start
        if page is not None and place_in_page < len(page):
            return page[place_in_page]
        return self._old.get(place)

    def fresh(self, place: int) -> bool:
        """Whether the row at a place is held and not older than the last restart."""
        return self._number(place) in self._held

    def wanted(self, first: int, last: int) -> list[range]:
        """Pages between two places that are neither held nor asked for, by their places; now they are asked for."""
        numbers = range(self._number(max(first, 0)), self._number(min(last, self.total - 1)) + 1)
        missing = [number for number in numbers if number not in self._held and number not in self._asked]
        self._asked.update(missing)
        return [self._places(number) for number in missing]

    @staticmethod
    def find(page: Page, key: Key) -> int | None:
        """Place in the queue of a conversation that a page holds."""
        places = (page.offset + n for n, item in enumerate(page.items) if item.key == key)
        return next(places, None)

    def _take(self, page: Page) -> None:
        """Keeps what fills a page of ours, and shows the rest until its page comes."""
        end = page.offset + len(page.items)
        for number in range(self._number(page.offset), self._number(end - 1) + 1):
            places = self._places(number)
            if page.offset <= places.start and end >= places.stop:
                self._held[number] = page.items[places.start - page.offset : places.stop - page.offset]
            else:
                part = range(max(places.start, page.offset), min(places.stop, end))
                self._old.update((place, page.items[place - page.offset]) for place in part)

    def _number(self, place: int) -> int:
        return (place - self._base) // PAGE_SIZE

    def _places(self, number: int) -> range:
        """The places of a page."""
        start = number * PAGE_SIZE + self._base
        return range(max(start, 0), min(start + PAGE_SIZE, self.total))
