"""A process that writes to a store and says on standard output what the store has acknowledged, until it is killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tests.store.made import KEY, PORTAL, START, key, post, save, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind, Sending
from workbench.store.store import Store


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(folder: Path, first: int) -> None:
    store = Store.open(folder, KEY, clock=lambda: datetime.now(UTC), uuid=uuid4)
    say("open")
    for number in range(first, first + 1_000_000):
        draft = Draft(key(f"c{number % 3}"), "me", Kind.REPLY, f"<{number}>" + "x" * 2000)
        save(store, draft)
        say("saved", number)
        if number % 2:
            entry = store.outbox.queue_draft(draft, patient="Patient/a", basis="")
            say("queued", number, entry.id)
            if store.outbox.start(entry.id):
                say("started", entry.id)
                store.outbox.settle(entry.id, Sending.SENT)
                say("sent", entry.id)
        name = f"t{number}"
        mark = START + timedelta(seconds=number)
        store.cache.apply(PORTAL, Batch((thread(name),), (post(f"m{number}", name),)), "Communication", mark)
        say("applied", number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
