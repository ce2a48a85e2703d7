"""A key closes at once what nobody counts on any more; else it tells what speaks against it, and waits for a yes."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from screens.ask import Ask
from tests.contract.world import World, to
from tests.screens.holding import bells
from tests.screens.seat import Seat, seat_at
from tests.screens.test_many import held
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.site import Site
from workbench.dialogue.work import Change, State, Verb

FLAGGING = Site("test", flag_of=lambda text: ("brystsmerter", "vondt i brystet") if "brystet" in text else ("", ""))

PATIENTS = Change(Verb.NEXT, state=State.WAITING_PATIENT)


async def urgent(world: World) -> None:
    """A conversation with an urgent symptom that nobody has answered."""
    await world.thread("urgent", topic={"text": "Litt sliten"})
    await world.post("urgent", "Har også vondt i brystet.")
    await world.task("urgent", "urgent task")


def seat_of(folder: Path, world: World) -> AbstractAsyncContextManager[Seat]:
    """A support worker at the world's portal."""
    language.use("nb")
    return seat_at(folder, world.base, world.ref("doctor"), site=FLAGGING)


async def does(seat: Seat, key: Key, change: Change) -> None:
    """Does something to an unclaimed conversation, and waits until the portal has it."""
    await seat.goes_to("Ufordelt")
    await seat.stands_on(key.thread)
    await seat.session.act(key, change)
    await seat.until(seat.arrived)


def says_what_is_unanswered(seat: Seat) -> None:
    """Looks whether the question names the patient, the red flag and that nobody has answered."""
    shown = seat.shown()
    assert "Ingrid Solberg" in shown
    assert "Hastesignal: «vondt i brystet», funnet av regelen «brystsmerter»" in shown
    assert "Ingen har svart på det pasienten skrev sist" in shown


async def says_yes(seat: Seat) -> None:
    """Says yes, once a yes is taken."""
    question = seat.app.screen
    assert isinstance(question, Ask)
    await seat.until(lambda: question._armed)
    await seat.keys("enter")


async def test_a_red_flag_without_an_answer_is_named_and_closed_only_by_a_yes(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.on_top("Ask")
        says_what_is_unanswered(seat)
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()

        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.on_top("Ask")
        await says_yes(seat)
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
        await says_yes(seat)
        await seat.until(lambda: [entry.state for entry in seat.store.outbox.all()] == [Sending.NEEDS_YOU])
        assert (await world.now(world.ref("urgent task")))["status"] == "requested"


async def test_two_keys_at_once_bring_one_question_and_a_yes_is_no_second_verb(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.strikes("d", "d")
        await seat.on_top("Ask")
        await says_yes(seat)
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


async def test_a_red_flag_without_an_answer_waits_for_the_patient_only_by_a_yes(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.picks("y", "venter på pasient")
        await seat.on_top("Ask")
        says_what_is_unanswered(seat)
        await seat.keys("enter")
        assert type(seat.app.screen).__name__ == "Ask", "a key for the next conversation is no yes"
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()

        await seat.stands_on(world.id("urgent"))
        await seat.picks("y", "venter på pasient")
        await seat.on_top("Ask")
        await says_yes(seat)
        await seat.until(seat.arrived)
        assert [entry.change for entry in seat.store.outbox.all()] == [PATIENTS]


async def test_a_red_flag_that_stays_in_sight_is_passed_on_without_a_question(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.picks("y", "venter på kollega")
        await seat.until(seat.arrived)
        await seat.goes_to("Hastesignal")
        await seat.stands_on(world.id("urgent"))


async def test_what_has_no_flag_or_an_answer_waits_for_the_patient_without_a_question(
    world: World, tmp_path: Path
) -> None:
    await urgent(world)
    doctor, patient = to(world["doctor"]), to(world["patient"])
    await world.post("urgent", "Ring 113.", sender=doctor, recipient=[patient], sent="2026-03-05T09:15:00+01:00")
    async with seat_of(tmp_path, world) as seat:
        for number, name in enumerate(("urgent", "header"), 1):
            await seat.goes_to("Ufordelt")
            await seat.stands_on(world.id(name))
            await seat.picks("y", "venter på pasient")
            await seat.until(lambda: seat.arrived() and len(seat.store.outbox.all()) == number)  # noqa: B023


async def test_what_the_patient_writes_while_the_turn_is_asked_does_not_wait_unread(
    world: World, tmp_path: Path
) -> None:
    doctor, patient = to(world["doctor"]), to(world["patient"])
    await world.post("header", "Kom i morgen.", sender=doctor, recipient=[patient], sent="2026-03-05T09:15:00+01:00")
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("header"))
        await seat.goes_to("Ufordelt")
        await seat.stands_on(key.thread)
        await held(seat, key, 2)
        await seat.keys("y")
        await seat.on_top("Choose")
        await world.post("header", "Nå har jeg vondt i brystet.", sent="2026-03-05T10:15:00+01:00")
        await held(seat, key, 3)
        await seat.writes("venter på pasient")
        await seat.keys("enter")
        await seat.on_top("Ask")
        assert "vondt i brystet" in seat.shown()


async def test_among_many_a_red_flag_without_an_answer_does_not_wait_for_the_patient(
    world: World, tmp_path: Path
) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("x")
        await seat.until(lambda: bool(seat.inbox.listing.rows.marks))
        await seat.picks("y", "venter på pasient")
        await seat.on_top("Why")
        assert "har hastesignal" in seat.shown()
        assert not seat.store.outbox.all()


async def test_whose_it_is_is_told_before_it_is_closed(world: World, tmp_path: Path) -> None:
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("header"))
        await does(seat, key, Change(Verb.HAND_OVER, world.colleague.reference, world.colleague.name))
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
        await says_yes(seat)
        await seat.until(seat.arrived)
        assert (await seat.session.draft(key, Kind.REPLY)).text == "Kom innom"


async def test_a_key_for_the_next_conversation_is_no_yes(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("d")
        await seat.agrees()
        assert type(seat.app.screen).__name__ == "Ask"
        assert not seat.store.outbox.all()


async def test_a_reply_that_stopped_is_no_answer(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("urgent"))
        await seat.stands_on(key.thread)
        await seat.goes_to("Hastesignal")  # a queue that was chosen stays, though it holds nothing for a moment
        conversation = await seat.session.conversation(key)
        assert conversation is not None
        await world.post("urgent", "Nå får jeg ikke puste.")
        draft = await seat.session.draft(key, Kind.REPLY)
        await seat.session.send(replace(draft, text="Ring i morgen"), conversation)
        await seat.until(lambda: [entry.state for entry in seat.store.outbox.pending()][-1:] == [Sending.NEEDS_YOU])
        rows = seat.inbox.listing.rows
        while rows.cursor_item is None or rows.cursor_item.sending is not Sending.NEEDS_YOU:
            await seat.stands_on(key.thread)  # while it was on its way it left the list, and now it is back
            await seat.pilot.pause(0.05)
        await seat.keys("d")
        await seat.on_top("Ask")
        assert "Ingen har svart" in seat.shown()


async def test_nothing_is_undone_beneath_the_question(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        key = Key(NAME, world.id("header"))
        await does(seat, key, Change(Verb.CLAIM, world.me.reference, world.me.name))
        await seat.goes_to("Hastesignal")
        await seat.stands_on(world.id("urgent"))
        rung = bells(seat)
        await seat.strikes("d", "u")
        await seat.on_top("Ask")
        await seat.until(lambda: rung)
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.CLAIM]
        assert not [step for step in seat.session.steps.done if step.undone]


async def test_what_came_while_another_question_was_open_is_not_closed(world: World, tmp_path: Path) -> None:
    await urgent(world)
    async with seat_of(tmp_path, world) as seat:
        flagged, plain = Key(NAME, world.id("urgent")), Key(NAME, world.id("header"))
        await seat.stands_on(flagged.thread)
        await seat.until(lambda: "Reseptfornyelse" in seat.shown())
        await seat.goes_to("Reseptfornyelse")
        await seat.stands_on(flagged.thread)
        query = seat.inbox.listing.query_shown
        assert query is not None
        here, there = await seat.session.locate(query, flagged), await seat.session.locate(query, plain)
        assert here is not None
        assert there is not None
        steps = ["down" if there > here else "up"] * abs(there - here)
        await seat.strikes("d", *steps, "d")
        await seat.on_top("Ask")
        await world.post("header", "Nå blør det igjen.")
        await held(seat, plain, 2)
        await seat.keys("escape")
        await seat.until(lambda: [e.state for e in seat.store.outbox.all()] == [Sending.NEEDS_YOU])
        assert (await world.now(world.ref("task")))["status"] == "requested"
