"""All that a store says it holds of what the user made, as a plain value that can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from workbench.dialogue.outgoing import LocalFile, Sending
from workbench.store.doubt import DOUBT, TICKS
from workbench.store.store import Store


@dataclass(frozen=True, slots=True)
class Held:
    """Drafts and outbox, words, states, identifiers and files."""

    drafts: tuple[Any, ...] = ()
    outbox: tuple[Any, ...] = ()

    def reopened(self) -> Held:
        """The same after the program was started anew: what was under way is in doubt."""
        unknown = tuple(
            (*entry[:2], Sending.UNKNOWN.value, *entry[3:]) if entry[2] == Sending.SENDING.value else entry
            for entry in self.outbox
        )
        return replace(self, outbox=unknown)


NOTHING = Held()


def held(store: Store) -> Held:
    """What a store holds now.

    Raises:
        StoreError: It could not be read, or a file's bytes are not those that were put in.
    """
    drafts = tuple(
        sorted(
            (*draft.key, draft.author, draft.kind.value, draft.text, _files(store, draft.files), repr(draft.documents))
            for draft in store.drafts.list()
        )
    )
    outbox = tuple(
        (
            entry.id,
            (*entry.key, entry.verb.value, entry.author, entry.patient),
            entry.state.value,
            entry.text,
            _files(store, entry.files),
            (repr(entry.change), entry.basis, entry.reason, entry.detail, entry.attempts),
            tuple(sorted(step for step in store.outbox.steps(entry.id).items() if step[0] not in (DOUBT, TICKS))),
        )
        for entry in store.outbox.all()
    )
    return Held(drafts, outbox)


def _files(store: Store, files: tuple[LocalFile, ...]) -> tuple[tuple[str, str, int, str], ...]:
    return tuple(
        (file.id, file.name, file.size, hashlib.sha256(store.files.read(file.id)).hexdigest()) for file in files
    )
