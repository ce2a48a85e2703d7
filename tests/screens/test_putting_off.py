"""Snooze, whose turn, and one verb on many: by keys, down to what the portal holds."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language
from workbench.dialogue.work import State


async def test_what_is_put_off_leaves_the_list_and_comes_back_by_the_same_key(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = seat.inbox.listing.rows.cursor_key
        await seat.keys("s")
        await seat.on_top("Choose")
        await seat.keys("enter")
        await seat.on_top("AskText")
        await seat.writes("blodprøve først")
        await seat.keys("enter")
        await seat.until(seat.arrived)
        task = await world.now(world.ref("task"))
        assert task["status"] == "on-hold"
        assert task["restriction"]["period"]["end"] == "2026-03-12", "the deadline stays"
        assert task["note"][-1]["text"] == "blodprøve først"
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key != key)

        await seat.goes_to("Utsatt")
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == key)
        assert "utsatt til" in seat.shown()
        await seat.keys("s")
        await seat.until(lambda: seat.inbox.listing.rows.total == 0)
        await seat.until(seat.arrived)
        task = await world.now(world.ref("task"))
        assert task["status"] == "requested"
        assert "start" not in task["restriction"]["period"]


async def test_whose_turn_it_is(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = seat.inbox.listing.rows.cursor_key
        assert key is not None
        await seat.picks("y", "kollega")
        await seat.until(seat.arrived)
        held = await seat.session.conversation(key)
        assert held is not None
        assert held.work.state is State.WAITING_COLLEAGUE
        await seat.goes_to("Venter på kollega")
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == key)


async def test_a_verb_on_many_shows_every_patient_and_is_done_to_all_or_none(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        rows = seat.inbox.listing.rows
        marked = await seat.selects_two()
        assert "2 valgt" in seat.shown()
        names = [item.patient_name for item in (await seat.session.rows(marked)).values()]
        await seat.keys("c")
        await seat.on_top("Ask")
        shown = seat.shown()
        assert "2 samtaler" in shown
        assert all(name.split()[-1] in shown for name in names)
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()
        assert rows.marks == marked, "nothing is lost by looking"

        await seat.keys("c")
        await seat.agrees()
        await seat.until(seat.arrived)
        assert {entry.key for entry in seat.store.outbox.all()} == marked
        await seat.until(lambda: not rows.marks)
        for key in marked:
            held = await seat.session.conversation(key)
            assert held is not None
            assert held.work.owner is not None
            assert held.work.owner.reference == world.ref("doctor")


async def test_all_are_selected_and_escape_lets_go(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        rows = seat.inbox.listing.rows
        await seat.keys("X")
        await seat.until(lambda: len(rows.marks) == rows.total)
        await seat.keys("escape")
        await seat.until(lambda: not rows.marks)
        await seat.keys("X")
        await seat.until(lambda: bool(rows.marks))
        await seat.keys("X")
        await seat.until(lambda: not rows.marks)


async def test_where_nothing_can_be_done_to_what_is_selected_nothing_is_offered(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.goes_to("Ferdig")
        rows = seat.inbox.listing.rows
        await seat.until(lambda: rows.total > 0)
        await seat.keys("X")
        await seat.until(lambda: bool(rows.marks))
        await seat.picks("p", "akutt")
        await seat.on_top("Why")
        shown = seat.shown()
        assert "er ferdig" in shown
        assert "gjør det" not in shown
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()
        assert not seat.session.steps.done
        assert rows.marks, "what is selected stays so"


async def test_selecting_all_while_one_is_read_is_of_the_list(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.has_focus_within)
        await seat.keys("X")
        rows = seat.inbox.listing.rows
        await seat.until(lambda: len(rows.marks) == rows.total > 1 and rows.has_focus)
        await seat.keys("p")
        await seat.on_top("Choose")
        await seat.keys("enter")
        await seat.on_top("Ask")
        assert f"{rows.total} samtaler" in seat.shown(), "the verb is for all that the title says are selected"
