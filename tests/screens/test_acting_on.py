"""A key acts only on what is on the screen, and on nothing where that is not what the user can have meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import bells, claims_the_first, done, held, said, stands_first
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.work import Change, Verb
from workbench.store.errors import StoreError


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def a_colleague_takes(seat: Seat, key: Key) -> None:
    """What stands under the cursor leaves the queue, as when a sync tells that a colleague has it."""
    rows = seat.inbox.listing.rows
    assert rows.cursor_key == key
    await seat.session.act(key, Change(Verb.CLAIM))
    await seat.until(lambda: rows.cursor_key not in (None, key))


async def opens(seat: Seat, key: Key) -> None:
    """Opens the row under the cursor."""
    await seat.keys("enter")
    await seat.until(lambda: seat.inbox.pane.key == key and seat.inbox.pane.timeline.has_focus)


async def test_fast_keys_act_on_the_rows_the_cursor_stood_on(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await stands_first(seat)
        query = seat.inbox.listing.query_shown
        assert query is not None
        items = (await seat.session.page(query, 0, 20)).items
        able = [item.category != CONSULTATION for item in items]
        place = next(n for n in range(1, len(items) - 1) if able[n] and able[n + 1])
        await seat.strikes(*["j"] * (place - 1), "j", "d", "j", "d")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat) == [("done", items[place].key), ("done", items[place + 1].key)]


@pytest.mark.parametrize("key", ["q", "v", "h"])
async def test_a_key_is_for_the_row_it_was_struck_at_though_the_next_moves_on_at_once(
    world: World, tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await stands_first(seat)
        read = seat.session.conversation
        asked_for: list[Key] = []

        async def notes(wanted: Key) -> Conversation | None:
            asked_for.append(wanted)
            return await read(wanted)

        monkeypatch.setattr(seat.session, "conversation", notes)
        await seat.strikes(key, "down")
        await seat.until(lambda: asked_for)
        assert asked_for[0] == first


async def test_what_is_read_is_what_is_told_of_and_selected_though_the_cursor_stands_on_another(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await claims_the_first(seat)
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        await seat.keys("i")
        await seat.until(lambda: said(seat, "Samtalen står ikke i listen som vises"))
        assert seat.app.screen is seat.inbox, "nothing is told of another patient's row"
        seat.app.clear_notifications()
        await seat.keys("x")
        await seat.until(lambda: said(seat, "Samtalen står ikke i listen som vises"))
        assert not rows.marks
        await seat.goes_to("Mine")
        await seat.until(lambda: rows.cursor_key is not None)
        pane.want(first, opened=True)
        pane.timeline.focus()
        await seat.until(lambda: pane.key == first and pane.timeline.has_focus)
        await seat.keys("i")
        await seat.on_top("Why")
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        await seat.keys("x")
        await seat.until(lambda: rows.marks == {first})


async def test_who_looks_into_the_outbox_while_writing_comes_back_to_the_same_conversation(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane = await claims_the_first(seat), seat.inbox.pane
        await seat.keys("r")
        await seat.until(lambda: pane.composer.is_open and pane.composer.has_focus_within)
        seat.inbox.action_outbox()
        await seat.on_top("OutboxScreen")
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        await seat.strikes("n")
        await seat.until(lambda: pane.composer.is_open)
        assert pane.composer.draft is not None
        assert (pane.composer.draft.key, pane.composer.draft.kind) == (first, Kind.NOTE)


async def test_in_the_side_bar_keys_act_on_what_is_shown(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await claims_the_first(seat)
        await seat.keys("tab")
        await seat.until(lambda: seat.inbox.side.has_focus)
        await seat.picks("p", "akutt")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat) == [("claim", first), ("priority", first)]


async def test_a_row_that_news_put_under_the_cursor_is_acted_on_once_it_is_shown(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await stands_first(seat)
        rows, pane, rung = seat.inbox.listing.rows, seat.inbox.pane, bells(seat)
        pane.follow = lambda key: None  # type: ignore[method-assign]  # the machine is held up
        await a_colleague_takes(seat, first)
        second = rows.cursor_key
        assert pane.key == first
        await seat.strikes("c")
        await seat.until(lambda: rung)
        await seat.strikes("r", *"dcd")
        await seat.until(lambda: len(rung) > 1 and not seat.app._ahead.waiting)
        assert done(seat) == [("claim", first)], "neither the key nor what was typed for a reply"
        assert not pane.composer.is_open
        pane.want(second)  # type: ignore[arg-type]
        await seat.until(lambda: pane.key == second)
        await seat.keys("c")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat)[1] == ("claim", second)


async def test_a_key_of_the_users_own_makes_the_row_meant(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await stands_first(seat)
        rows = seat.inbox.listing.rows
        seat.inbox.pane.follow = lambda key: None  # type: ignore[method-assign]
        await a_colleague_takes(seat, first)
        await seat.strikes("j")
        meant = rows.cursor_key
        await seat.strikes("c")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat)[1] == ("claim", meant)


async def test_on_a_narrow_terminal_a_row_that_news_brought_has_to_stand_a_moment(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.target.MOMENT", 3600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=(60, 24)) as seat:
        rows, rung = seat.inbox.listing.rows, bells(seat)
        await seat.until(lambda: rows.cursor_item)
        await seat.goes_to("Ufordelt")
        first = rows.cursor_key
        assert first is not None
        await a_colleague_takes(seat, first)
        second = rows.cursor_key
        await seat.strikes("c")
        await seat.until(lambda: rung)
        assert done(seat) == [("claim", first)]
        monkeypatch.setattr("screens.target.MOMENT", 0.0)
        await seat.strikes("c")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat)[1] == ("claim", second)


async def test_a_verb_waits_for_the_queue_that_was_gone_to(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await stands_first(seat)
        rung = bells(seat)
        mine = next(queue for queue in seat.inbox._queues if queue.name == "mine")
        with held(seat.session._reader):
            seat.inbox._pick(mine)
            await seat.until(lambda: seat.inbox.listing.rows.has_focus)
            await seat.strikes("c")
            await seat.until(lambda: rung)
        await seat.until(lambda: seat.inbox.listing.query_shown == mine.query)
        assert done(seat) == []


async def test_a_verb_waits_until_what_was_gone_to_is_shown(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await stands_first(seat)
        pane, rung = seat.inbox.pane, bells(seat)
        await seat.keys("enter")
        await seat.until(lambda: pane.timeline.has_focus and pane.key == pane.wanted)
        first = pane.key
        assert first is not None
        following = Key(first.portal, world.id("header"))
        with held(seat.session._reader):
            pane.want(following, opened=True)
            await seat.strikes("d")
            await seat.until(lambda: rung)
        await seat.until(lambda: pane.key == following)
        assert done(seat) == []


async def test_what_could_not_be_read_leaves_no_other_conversation_standing(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await stands_first(seat)
        pane, rung = seat.inbox.pane, bells(seat)
        await opens(seat, first)
        read = seat.session._desk.draft

        def fails(*_: object) -> None:
            raise StoreError("busy")

        seat.session._desk.draft = fails  # type: ignore[method-assign, assignment]
        await seat.keys("ctrl+down")
        await seat.until(lambda: "kunne ikke leses" in seat.shown())
        assert pane.key is None
        assert pane.wanted not in (None, first)
        await seat.keys("d")
        await seat.until(lambda: rung)
        assert done(seat) == []
        seat.session._desk.draft = read  # type: ignore[method-assign]
        await seat.keys("f5")
        await seat.until(lambda: pane.key == pane.wanted)


async def test_only_what_was_on_the_screen_is_marked_as_seen(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await stands_first(seat)
        pane, marked, painted = seat.inbox.pane, [], []
        await opens(seat, first)
        opened, show = seat.session.opened, pane.show

        async def mark(key: Key) -> None:
            marked.append(key)
            await opened(key)

        def paint(conversation: object) -> None:
            painted.append(conversation.key)  # type: ignore[attr-defined]
            show(conversation)  # type: ignore[arg-type]

        seat.session.opened, pane.show = mark, paint  # type: ignore[method-assign]
        with held(seat.session._reader):
            await seat.strikes("ctrl+down", "ctrl+down", "ctrl+down")
        await seat.until(lambda: pane.key == pane.wanted and pane.key in marked)
        assert set(marked) == {pane.key}
        assert set(marked) <= set(painted)


async def test_a_second_done_before_the_list_moves_on_does_not_open_it_again(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        seat.inbox.listing.reread = seat.inbox.pane.again = lambda: None  # type: ignore[method-assign]
        await seat.strikes("d")
        await seat.until(lambda: done(seat))
        await seat.strikes("d")
        await seat.until(lambda: said(seat, "står annerledes nå enn det ble vist"))
        assert done(seat) == [("done", Key("here", world.id("header")))]


@pytest.mark.parametrize("key", ["d", "c"])
async def test_a_key_that_bounces_acts_once(world: World, tmp_path: Path, key: str) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        with held(seat.session._writer):
            await seat.strikes(key, key)
        await seat.until(lambda: said(seat, "står annerledes nå enn det ble vist"))
        assert len(done(seat)) == 1


async def test_what_is_done_can_be_opened_again_by_the_same_key(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("d")
        await seat.until(lambda: done(seat))
        await seat.goes_to("Ferdig")
        await seat.stands_on(world.id("header"))
        await seat.keys("d")
        await seat.until(lambda: len(done(seat)) == 2)
        assert [verb for verb, _key in done(seat)] == ["done", "reopen"]
