"""The journal foretells of each step what taking it back would do, in words that say why where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.session.live import now
from tests.session.test_queueing import HERE, KARI, at_desk, sent
from tests.store.made import LISE, post, task
from widgets.step_words import line_state
from workbench import language
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.steps import Undone
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.session import Session
from workbench.store.store import Store

Befalls = Callable[[Store, Outgoing], object]
"""What becomes of what was queued before anybody looks at the journal."""


def left(store: Store, entry: Outgoing) -> None:
    assert store.outbox.acquire("one")
    assert store.outbox.start(entry.id)


def stopped(reason: Reason) -> Befalls:
    def befalls(store: Store, entry: Outgoing) -> None:
        left(store, entry)
        store.outbox.settle(entry.id, Sending.NEEDS_YOU, reason)

    return befalls


def unanswered(store: Store, entry: Outgoing) -> None:
    left(store, entry)
    store.outbox.settle(entry.id, Sending.UNKNOWN)


def tried_in_vain(store: Store, entry: Outgoing) -> None:
    unanswered(store, entry)
    assert store.outbox.retry(entry.id, entry.basis)


def thrown_away(store: Store, entry: Outgoing) -> None:
    assert store.outbox.discard(entry.id)


def changed_since(store: Store, entry: Outgoing) -> None:
    sent(store, entry)
    store.cache.apply("here", Batch(tasks=(task("k", "t", State.WAITING_COLLEAGUE, 9, owner=LISE, version="2"),)))


def written_since(store: Store, entry: Outgoing) -> None:
    sent(store, entry)
    store.cache.apply("here", Batch(tasks=(task("k", "t", State.CLAIMED, 9, owner=KARI.reference, version="2"),)))
    store.cache.apply("here", Batch(posts=(post("m2", "t", "Det er verre nå", 10),)))


def nothing(_store: Store, _entry: Outgoing) -> None:
    """It waits."""


BEFALLS = (
    nothing, left, unanswered, tried_in_vain, sent, thrown_away, changed_since, written_since,
    stopped(Reason.CONFLICT), stopped(Reason.AMBIGUOUS),
)  # fmt: skip


async def does(session: Session, what: str) -> None:
    """One step."""
    seen = await session.conversation(HERE)
    assert seen is not None
    match what:
        case "note":
            await session.send(await session.save_draft(Draft(HERE, KARI.reference, Kind.NOTE, "Ringte")), seen)
        case "receipt":
            await session.receipt("Vi svarer snart", seen)
        case "priority":
            await session.act(HERE, Change(Verb.PRIORITY, priority=Priority.STAT), seen=seen)
        case _:
            await session.act(HERE, Change(Verb.WAKE), seen=seen)


@pytest.mark.parametrize("befalls", BEFALLS)
@pytest.mark.parametrize("what", ["note", "priority", "wake"])
async def test_what_is_foretold_is_what_taking_it_back_does(tmp_path: Path, what: str, befalls: Befalls) -> None:
    session, store = at_desk(tmp_path)
    if what == "wake":
        store.cache.apply("here", Batch(tasks=(task("k", "t", State.SNOOZED, 1),)))
    await does(session, what)
    befalls(store, store.outbox.all()[0])
    await session.conversation(HERE)  # read behind what is still being laid over the lists
    (line,) = await session.journal()
    queued = store.outbox.all()
    assert line.outlook is await session.undo(1)
    if line.outlook is Undone.PUT_BACK:
        assert len(store.outbox.all()) == len(queued) + 1
    (line,) = await session.journal()
    assert line.outlook is None or line.step.undone not in (Undone.TAKEN_BACK, Undone.PUT_BACK)
    await session.close()


@pytest.mark.parametrize(
    ("what", "befalls", "said"),
    [
        ("note", nothing, "can be taken back and edited: it has not left"),
        ("note", sent, "cannot be taken back: it is stored on the portal for colleagues"),
        ("receipt", nothing, "can be taken back: it has not left"),
        ("receipt", sent, "cannot be taken back: it has reached the patient"),
        ("receipt", unanswered, "cannot be taken back: it may have arrived, the portal has not answered yet"),
        ("wake", written_since, "cannot be taken back: it was changed since"),
        ("priority", thrown_away, "cannot be taken back: it was thrown away or taken back in the outbox"),
        ("priority", unanswered, "can be taken back"),
    ],
)
async def test_each_line_says_whether_it_can_be_taken_back_and_why_not(
    tmp_path: Path, what: str, befalls: Befalls, said: str
) -> None:
    language.use("en")
    session, store = at_desk(tmp_path)
    if what == "wake":
        store.cache.apply("here", Batch(tasks=(task("k", "t", State.SNOOZED, 1),)))
    await does(session, what)
    befalls(store, store.outbox.all()[0])
    await session.conversation(HERE)
    (line,) = await session.journal()
    assert line_state(line, now()).partition(" · ")[2] == said
    await session.undo(1)
    (line,) = await session.journal()
    again = line_state(line, now()).partition(" · ")[2]
    assert again in (said, "taken back before it left", "put back as it was"), "tried once, it is told no less"
    await session.close()
