"""One verb on many is held to what was shown when it was agreed to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.session.live import KEY, now
from tests.session.test_queueing import sent
from tests.store.made import patient, post, task, thread
from workbench.dialogue.basis import Seen
from workbench.dialogue.bulk import LeftOut, Plan, plan
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Whose
from workbench.dialogue.site import NO_FLAG, Flag, Site
from workbench.dialogue.steps import Undone
from workbench.dialogue.work import Change, State, Verb
from workbench.session import Session
from workbench.store.store import Store

KARI = Me("here", "Practitioner/kari", "Kari", Role.CLINICIAN)
T, U = Key("here", "t"), Key("here", "u")


def chest(text: str) -> Flag:
    """Finds one word."""
    return ("chest", "brystet") if "brystet" in text else NO_FLAG


def at_desk(folder: Path) -> tuple[Session, Store]:
    """A session that talks to no portal, on a store that holds two conversations."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4, site=Site("one", chest))
    session = Session(store, tuple, {"here": KARI}, clock=now)
    store.cache.apply("here", Batch((thread("t"), thread("u")), (post("m", "t"), post("n", "u")), (), (patient(),)))
    return session, store


async def shown(session: Session, verb: Verb) -> Plan:
    """A verb on both, as it is shown before it is done."""
    seen = await session.seen((T, U))
    return plan(Change(verb), (await session.rows((T, U))).values(), session.clock(), seen=seen)


async def test_an_urgent_symptom_that_came_meanwhile_is_not_closed_and_the_rest_is(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    agreed = await shown(session, Verb.DONE)
    store.cache.apply("here", Batch((), (post("o", "t", "Smerter i brystet", minute=9),)))
    done = await session.act_all(agreed)
    assert [(item.key, why) for item, why in done.left_out] == [(T, LeftOut.FLAGGED)]
    assert [(entry.key, entry.verb) for entry in store.outbox.all()] == [(U, Verb.DONE)]
    assert [deed.key for deed in session.steps.done[0].deeds] == [U]
    await session.close()


async def test_words_that_came_between_the_reading_and_the_row_are_not_taken_as_seen(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.seen((T, U))
    store.cache.apply("here", Batch((), (post("o", "t", "Glem det", minute=9),)))
    agreed = plan(Change(Verb.CLAIM), (await session.rows((T, U))).values(), session.clock(), seen=seen)
    done = await session.act_all(agreed)
    assert [(item.key, why) for item, why in done.left_out] == [(T, LeftOut.CHANGED)]
    await session.close()


async def test_ones_own_reply_that_came_meanwhile_leaves_nothing_out_and_is_part_of_what_was_seen(
    tmp_path: Path,
) -> None:
    session, store = at_desk(tmp_path)
    store.cache.apply("here", Batch((), (post("o", "t", "Ja", minute=1, sender=KARI.reference),)))
    agreed = await shown(session, Verb.PRIORITY)
    store.cache.apply("here", Batch((), (post("p", "t", "Og nei", minute=2, sender=KARI.reference),)))
    done = await session.act_all(agreed)
    assert not done.left_out
    held = await session.conversation(T)
    assert held is not None
    basis = next(entry.basis for entry in store.outbox.all() if entry.key == T)
    assert Seen.read(basis) == Seen.of(held)
    await session.close()


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (Change(Verb.RELEASE), State.CLAIMED, State.NEW),
        (Change(Verb.REOPEN), State.DONE, State.CLAIMED),
        (Change(Verb.WAKE), State.SNOOZED, State.CLAIMED),
        (Change(Verb.HAND_OVER, pool="resept"), State.CLAIMED, State.NEW),
        (Change(Verb.NEXT, state=State.WAITING_COLLEAGUE), State.CLAIMED, State.WAITING_COLLEAGUE),
    ],
)
@pytest.mark.parametrize("left", [False, True])
async def test_what_is_done_to_many_is_taken_back_as_one_step(
    tmp_path: Path, change: Change, before: State, after: State, left: bool
) -> None:
    session, store = at_desk(tmp_path)
    works = tuple(task(f"k{one}", one, before, 1, owner=KARI.reference) for one in ("t", "u"))
    store.cache.apply("here", Batch(tasks=works))
    seen, rows = await session.seen((T, U)), (await session.rows((T, U))).values()
    done = await session.act_all(plan(change, rows, session.clock(), seen=seen))
    assert len(done.to) == 2
    assert [row.state for row in (await session.rows((T, U))).values()] == [after] * 2
    if left:
        for entry in store.outbox.all():
            sent(store, entry)
        store.cache.set_overlay({})
        stands = (task(f"k{one}", one, after, 9, owner=owner_after(change), version="2") for one in ("t", "u"))
        pools = (replace(each, pool=change.pool) for each in stands)
        store.cache.apply("here", Batch(tasks=tuple(pools)))
    (line,) = await session.journal()
    assert line.outlook is (Undone.PUT_BACK if left else Undone.TAKEN_BACK)
    assert await session.undo(1) is line.outlook
    assert [(row.state, row.whose) for row in (await session.rows((T, U))).values()] == [(before, Whose.ME)] * 2
    await session.close()


def owner_after(change: Change) -> str:
    """Who has what a verb was done to."""
    return "" if change.verb in (Verb.RELEASE, Verb.HAND_OVER) else KARI.reference


async def test_nothing_is_done_when_all_has_changed(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    agreed = await shown(session, Verb.CLAIM)
    store.cache.apply("here", Batch((), (post("o", "t", "Hei igjen"), post("p", "u", "Hei igjen"))))
    done = await session.act_all(agreed)
    assert (done.to, len(done.left_out)) == ((), 2)
    assert not store.outbox.all()
    assert not session.steps.done
    await session.close()
