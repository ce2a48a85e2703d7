"""Tells whose something in the outbox is: several people may act from one store, each sends only their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.dialogue.outgoing import Outgoing, Receipt
from workbench.dialogue.people import Me, Party, PartyKind

if TYPE_CHECKING:
    from workbench.store.store import Store


class Authors:
    """Knows who acts, and what colleagues are called."""

    def __init__(self, store: Store, person: Callable[[str], Me | None]) -> None:
        self._store, self._person = store, person

    def outbox(self) -> tuple[Outgoing, ...]:
        """All that has not arrived, oldest first, that of others with their names."""
        return tuple(self.named(self._store.outbox.pending()))

    def receipts(self, limit: int) -> tuple[Receipt, ...]:
        """What arrived last, newest first, that of others with their names."""
        found = self._store.outbox.receipts(limit)
        named = self.named(receipt.outgoing for receipt in found)
        return tuple(replace(receipt, outgoing=entry) for receipt, entry in zip(found, named, strict=True))

    def named(self, entries: Iterable[Outgoing]) -> list[Outgoing]:
        """Entries of the outbox, with who wrote each that is not of who acts now."""
        return [replace(entry, writer=self._writer(entry)) if self.others(entry) else entry for entry in entries]

    def others(self, entry: Outgoing) -> bool:
        """Whether somebody else put it in the outbox; nobody else, where this run does not know its portal."""
        me = self._person(entry.key.portal)
        return me is not None and entry.author != me.reference

    def _writer(self, entry: Outgoing) -> Party:
        names = self._store.cache.names(entry.key.portal, [entry.author])
        return Party(entry.author, names.get(entry.author, ""), PartyKind.STAFF)
