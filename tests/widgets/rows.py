"""Conversations for the widgets' tests, and a source that gives them in pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Page, Total, Whose
from workbench.dialogue.work import Priority, State

NOW = datetime(2026, 3, 24, 14, 2, tzinfo=UTC)


def item(number: int, **changes: object) -> Item:
    """The conversation with a number."""
    plain = Item(
        key=Key("demo", f"t{number}"),
        title=f"Sak {number}",
        patient=f"Patient/{number}",
        patient_name="Ingrid Solberg",
        birth="1979-03-12",
        writer="",
        state=State.CLAIMED,
        whose=Whose.ME,
        owner_name="Kari Nordmann",
        pool="",
        priority=Priority.ROUTINE,
        category="e-kontakt",
        due=None,
        latest=NOW - timedelta(hours=2),
        from_patient=True,
        preview="Hei",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class Source:
    """A queue in memory: conversations by number, in any order."""

    def __init__(self, total: int, make: Callable[[int], Item] = item) -> None:
        self.numbers: list[int] | range = range(total)
        self.make = make

    def page(self, offset: int, limit: int = 100) -> Page:
        """A stretch of the queue as it is now."""
        numbers = self.numbers[offset : offset + limit]
        return Page(tuple(self.make(number) for number in numbers), offset, Total(len(self.numbers)))
