"""By keys: all of one patient's, rows by patient, and conversations tied together and taken apart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from screens.tying import offers_of
from tests.contract.world import World, to
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME, now
from tests.widgets.rows import NOW, item
from workbench import language
from workbench.dialogue.conversation import Conversation, Merged
from workbench.dialogue.key import Key
from workbench.dialogue.people import Patient
from workbench.dialogue.work import State, Verb, WorkItem

TITLE = "Time til kontroll"


async def second_conversation(world: World, *, due: str = "2026-03-12", **more: object) -> None:
    """One more of the patient's, which hurries more than the first; what has an owner is a Task's."""
    work = {name: more.pop(name) for name in ("owner", "status") if name in more}
    await world.thread("other", topic={"text": TITLE}, **more)
    await world.post("other", "Kan jeg få en time?")
    await world.task("other", "other task", priority="urgent", restriction={"period": {"end": due}}, **work)


async def input_of(world: World, task: str) -> object:
    return (await world.now(world.ref(task))).get("input")


async def undisturbed(seat: Seat, thread: str) -> Key:
    """Stands on a conversation of the list; gives its name."""
    await seat.stands_on(thread)
    key = seat.inbox.listing.rows.cursor_key
    assert key is not None
    return key


async def test_two_keys_merge_and_the_same_choice_takes_apart(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("l")
        await seat.on_top("Choose")
        await seat.until(lambda: f"Slå inn i «{TITLE}»" in seat.shown())
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.wanted == Key(seat.inbox.pane.wanted.portal, world.id("other")))  # type: ignore[union-attr]
        await seat.until(lambda: "leses også her: «Fornye resept»" in seat.shown())
        await seat.until(lambda: "│ fra «Fornye resept»" in seat.shown())
        assert "Jeg trenger mer Levaxin." in seat.shown()
        await seat.until(seat.arrived)
        assert await input_of(world, "task")
        await seat.picks("l", "skill")
        await seat.until(lambda: "leses også her" not in seat.shown())
        await seat.until(seat.arrived)
        assert await input_of(world, "task") is None
        assert (await world.now(world.ref("task")))["status"] == "requested"


def test_of_several_that_were_merged_each_is_taken_apart_alone_and_told_from_those_of_its_title() -> None:
    language.use("nb")
    kept, *merged = (
        item(n, title="Resept", latest=NOW - timedelta(hours=n), joined=int(n == 2), state=State.DONE) for n in range(4)
    )
    into = {"t1": "t0", "t2": "t0", "t3": "t2"}
    read = tuple(Merged(row.key, row.title, into[row.key.thread], ()) for row in merged)
    here = Conversation(kept.key, "Resept", Patient(kept.patient, "Ingrid", ""), (), WorkItem(), merged=read)
    apart = [
        offer
        for offer in offers_of(here, kept, (kept, *merged), NOW)
        if offer.change is not None and offer.change.verb is Verb.SPLIT
    ]
    assert {offer.key.thread: offer.change.other for offer in apart if offer.key and offer.change} == into
    assert len({(offer.label, offer.detail) for offer in apart}) == 3
    assert [offer.detail.endswith(" · 1 slått inn") for offer in apart] == [False, True, False], (
        "it leaves with the 2nd"
    )
    assert {offer.to for offer in apart} == {kept.key}


async def test_what_is_linked_says_so_and_can_be_gone_to(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("l", "knytt")
        await seat.until(lambda: f"↔ knyttet til «{TITLE}»" in seat.shown())
        await seat.picks("l", "gå til")
        await seat.until(lambda: "↔ knyttet til «Fornye resept»" in seat.shown())
        await seat.until(seat.arrived)
        await seat.keys("u")
        await seat.until(lambda: "↔ knyttet til" not in seat.shown())


async def test_other_readers_are_told_why_they_are_not_merged(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world, recipient=[to(world["patient"]), to(world["doctor"])])
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("l", "slå inn")
        await seat.until(lambda: "ikke de samme som leser begge" in seat.shown())
        assert not seat.store.outbox.all()


async def test_a_patient_with_one_conversation_has_nothing_to_tie(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("l")
        await seat.until(lambda: "ingen annen samtale" in seat.shown())


async def test_all_of_the_patient_open_and_done_and_back(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world)
    answer = await world.raw.put(
        f"/{world.ref('task')}", json={**await world.now(world.ref("task")), "status": "completed"}
    )
    assert answer.status_code == 200
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("other"))
        before = seat.inbox.listing.queue
        assert before is not None
        await seat.keys("h")
        await seat.until(lambda: "Alle fra Ingrid Solberg · 2" in seat.shown())
        query = seat.inbox.listing.query_shown
        assert query is not None
        assert query.states == frozenset(State)
        rows = seat.inbox.listing.rows
        assert rows.cursor_key == Key(rows.cursor_key.portal, world.id("other"))  # type: ignore[union-attr]
        await seat.keys("escape")
        await seat.until(lambda: seat.inbox.listing.query_shown == before.query)
        await seat.until(lambda: rows.cursor_key == Key("here", world.id("other")))


async def test_news_on_the_way_back_leave_the_cursor_where_it_was(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        key, listing = await undisturbed(seat, world.id("other")), seat.inbox.listing
        place, before = listing.rows.cursor, listing.query_shown
        assert place, "the first row is where a cursor that was lost comes to stand"
        await seat.keys("h")
        await seat.until(lambda: "Alle fra Ingrid Solberg · 2" in seat.shown())
        assert listing.end_search()
        listing.reread()  # as news does, before the queue has been read
        await seat.until(lambda: listing.query_shown == before)
        assert (listing.rows.cursor_key, listing.rows.cursor) == (key, place)


async def test_rows_stand_by_patient_and_the_title_says_so(world: World, tmp_path: Path) -> None:
    language.use("nb")
    await second_conversation(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        key = await undisturbed(seat, world.id("other"))
        await seat.keys("G")
        await seat.until(lambda: " · per pasient" in seat.shown())
        rows = seat.inbox.listing.rows
        await seat.until(lambda: rows.cursor_key == key)
        await seat.keys("down")
        await seat.until(lambda: rows.cursor_key == Key(key.portal, world.id("header")))
        assert "└ Fornye" in seat.shown()
        await seat.keys("X")
        await seat.until(lambda: len(rows.marks) == rows.total)
        await seat.keys("X", "G")
        await seat.until(lambda: " · per pasient" not in seat.shown())


async def test_the_earlier_deadline_of_what_was_merged_is_the_row_s_and_says_whose_it_is(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    soon, later = ((now() + timedelta(days=days)).date().isoformat() for days in (2, 6))
    await second_conversation(world, owner=to(world["secretary"]), status="accepted", due=later)
    first = await world.now(world.ref("task"))
    answer = await world.raw.put(f"/{world.ref('task')}", json={**first, "restriction": {"period": {"end": soon}}})
    assert answer.status_code == 200
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=(150, 40)) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("l")
        await seat.on_top("Choose")
        await seat.until(lambda: f"Slå inn i «{TITLE}»" in seat.shown())
        assert "hos Lise Sekretær" in seat.shown()
        await seat.keys("enter")
        await seat.until(seat.arrived)
        key = Key(NAME, world.id("other"))
        await seat.until(lambda: seat.inbox.pane.key == key)
        row = (await seat.session.rows([key]))[key]
        assert row.due is not None
        assert row.own_due is not None
        assert (row.due.date().isoformat(), row.own_due.date().isoformat()) == (soon, later)
        assert row.due_from == "Fornye resept"
        await seat.picks("g", "legekontor")
        await seat.stands_on(key.thread)
        await seat.keys("i")
        await seat.until(lambda: "som er fristen til «Fornye resept»" in " ".join(seat.shown().split()))
