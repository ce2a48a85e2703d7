"""A key closes at once what nobody counts on any more; else it tells what speaks against it, and waits for a yes."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.contract.world import World, to
from tests.screens.seat import Seat, seat_at
from tests.screens.test_many import held
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.site import Site
from workbench.dialogue.work import Change, State, Verb

FLAGGING = Site("test", flag_of=lambda text: ("brystsmerter", "vondt i brystet") if "brystet" in text else ("", ""))


async def urgent(world: World) -> None:
    """A conversation with an urgent symptom that nobody has answered."""
    await world.thread("urgent", topic={"text": "Litt sliten"})
    await world.post("urgent", "Har også vondt i brystet.")
    await world.task("urgent", "urgent task")


def seat_of(folder: Path, world: World) -> AbstractAsyncContextManager[Seat]:
    """A support worker at the world's portal."""
    language.use("nb")
    return seat_at(folder, world.base, world.ref("doctor"), site=FLAGGING)


async def test_a_red_flag_without_an_answer_is_named_and_closed_only_by_a_yes(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.on_top("Ask")
        shown = seat.shown()
        assert "Ingrid Solberg" in shown
        assert "Hastesignal: «vondt i brystet», funnet av regelen «brystsmerter»" in shown
        assert "Ingen har svart" in shown
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()

        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.on_top("Ask")
        await seat.keys("enter")
        await seat.until(seat.arrived)
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.DONE]


async def test_what_the_patient_writes_while_it_is_asked_is_not_closed_unread(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.on_top("Ask")
        await world.post("urgent", "Nå får jeg ikke puste.")
        await held(seat, Key(NAME, world.id("urgent")), 2)
        await seat.keys("enter")
        await seat.until(lambda: [entry.state for entry in seat.store.outbox.all()] == [Sending.NEEDS_YOU])
        assert (await world.now(world.ref("urgent task")))["status"] == "requested"


async def test_two_keys_at_once_bring_one_question_and_a_yes_is_no_second_verb(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.strikes("d", "d")
        await seat.on_top("Ask")
        await seat.keys("enter")
        await seat.until(seat.arrived)
        await seat.on_top("InboxScreen")
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.DONE], "and it was not opened again"


async def test_what_staff_have_answered_is_closed_by_one_key(world: World, tmp_path: Path) -> None:
    await urgent(world)
    doctor, patient = to(world["doctor"]), to(world["patient"])
    await world.post("urgent", "Ring 113.", sender=doctor, recipient=[patient], sent="2026-03-05T09:15:00+01:00")
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.until(seat.arrived)
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.DONE]


async def test_whose_it_is_is_told_before_it_is_closed(world: World, tmp_path: Path) -> None:
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("header"))
        await seat.goes_to("Ufordelt")
        await seat.stands_on(key.thread)
        await seat.session.act(key, Change(Verb.HAND_OVER, world.colleague.reference, world.colleague.name))
        await seat.until(seat.arrived)
        await seat.goes_to("Reseptfornyelse")
        await seat.stands_on(key.thread)
        await seat.keys("d")
        await seat.on_top("Ask")
        assert f"{world.colleague.name} har den" in seat.shown()
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert (await seat.session.rows([key]))[key].state is not State.DONE


async def test_unsent_words_are_named_and_stay_when_it_is_closed(world: World, tmp_path: Path) -> None:
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("header"))
        await seat.goes_to("Ufordelt")
        await seat.stands_on(key.thread)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.bound)
        await seat.writes("Kom innom")
        await seat.keys("escape")
        await seat.until(lambda: not seat.inbox.pane.bound)
        await seat.stands_on(key.thread)
        await seat.keys("d")
        await seat.on_top("Ask")
        assert "usendte ord" in seat.shown()
        await seat.keys("enter")
        await seat.until(seat.arrived)
        assert (await seat.session.draft(key, Kind.REPLY)).text == "Kom innom"
