"""One verb on many is done to what was shown, and to nothing that has changed since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.queue import Whose
from workbench.dialogue.work import Verb


async def held(seat: Seat, key: Key, messages: int) -> None:
    """Waits until so many messages of a conversation are held."""
    while True:
        conversation = await seat.session.conversation(key)
        if conversation is not None and len(conversation.entries) == messages:
            return
        await seat.pilot.pause(0.05)


async def test_a_conversation_in_which_the_patient_writes_while_it_is_asked_is_left_out_by_name(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = Key(NAME, world.id("header"))
        marked = await seat.selects_two()
        assert key in marked
        await seat.keys("c")
        await seat.on_top("Ask")
        await world.post("header", "Nå har jeg klemmende smerter i brystet og får ikke puste.")
        await held(seat, key, 2)
        await seat.keys("enter")
        await seat.on_top("Why")
        assert "Ingrid" in seat.shown()
        assert "endret siden" in seat.shown()
        assert {entry.key for entry in seat.store.outbox.all()} == marked - {key}, "the others are done"


async def test_nothing_is_closed_in_which_the_patient_wrote_while_it_was_asked(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = Key(NAME, world.id("header"))
        await seat.keys("x")
        await seat.until(lambda: bool(seat.inbox.listing.rows.marks))
        await seat.keys("d")
        await seat.on_top("Ask")
        await world.post("header", "Nå har jeg klemmende smerter i brystet og får ikke puste.")
        await held(seat, key, 2)
        await seat.keys("enter")
        await seat.on_top("Why")
        assert "endret siden" in seat.shown()
        assert not seat.store.outbox.all()
        assert not seat.session.steps.done
        assert (await world.now(world.ref("task")))["status"] == "requested"
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert seat.inbox.listing.rows.marks == {key}, "what was not done stays selected"


async def test_what_the_user_did_before_arrives_while_it_is_asked_and_leaves_nothing_out(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        version = (await world.now(world.ref("task")))["meta"]["versionId"]
        await seat.picks("p", "akutt")
        await seat.until(lambda: bool(seat.store.outbox.all()))
        await seat.keys("x")
        await seat.until(lambda: bool(seat.inbox.listing.rows.marks))
        await seat.keys("c")
        await seat.on_top("Ask")
        await seat.until(seat.arrived)
        assert (await world.now(world.ref("task")))["meta"]["versionId"] != version
        await seat.keys("enter")
        await seat.until(lambda: len(seat.store.outbox.all()) == 2 and seat.arrived())
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.PRIORITY, Verb.CLAIM]


async def test_where_unsent_words_lie_is_left_out_of_what_is_closed(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        key = Key(NAME, world.id("header"))
        await seat.stands_on(key.thread)
        draft = await seat.session.draft(key, Kind.REPLY)
        await seat.session.save_draft(replace(draft, text="Kom innom"))
        await seat.stands_on(key.thread)
        await seat.keys("x")
        await seat.until(lambda: bool(seat.inbox.listing.rows.marks))
        await seat.keys("d")
        await seat.on_top("Why")
        assert "det ligger usendte ord i den" in seat.shown()
        assert not seat.store.outbox.all()


async def test_what_is_done_to_one_alone_is_done_to_none_while_others_are_selected(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        marked, said = await seat.selects_two(), seat.told()
        for key, why in (("r", "Et svar"), ("n", "Et notat"), ("a", "Et vedlegg"), ("q", "En kvitt"), ("l", "Å slå")):
            await seat.keys(key)
            told = await seat.until(lambda why=why: next((each for each in said if each.startswith(why)), None))  # type: ignore[misc]
            assert "2 samtaler er valgt, esc velger dem bort" in told
            assert type(seat.app.screen).__name__ == "InboxScreen"
            assert not seat.inbox.pane.composer.is_open
            await seat.until(lambda: not seat.app._ahead.waiting)  # what is struck at once behind it is let go
        assert seat.inbox.listing.rows.marks == marked
        assert not seat.store.outbox.all()
        await seat.keys("escape", "r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)


async def test_the_key_that_claims_many_releases_them_where_all_are_ones_own(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        marked = await seat.selects_two()
        await seat.keys("c")
        await seat.agrees()
        await seat.until(seat.arrived)
        await seat.goes_to("Mine")
        await seat.keys("X")
        await seat.until(lambda: seat.inbox.listing.rows.marks >= marked)
        await seat.keys("c")
        await seat.on_top("Ask")
        assert "Slipp · " in seat.shown()
        await seat.keys("enter")
        await seat.until(lambda: [step.verb for step in seat.session.steps.done] == [Verb.CLAIM, Verb.RELEASE])
        await seat.keys("u")
        await seat.until(lambda: seat.session.steps.done[1].undone is not None)
        rows = await seat.session.rows(marked)
        assert {row.whose for row in rows.values()} == {Whose.ME}
