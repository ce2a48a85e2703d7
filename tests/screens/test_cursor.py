"""The cursor of the list stands where the user's last key brought it, whatever is being read meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import bells, done, held, stands_first
from tests.screens.seat import seat_at
from workbench import language


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short list is then like a long one: its end is not held until it is gone to."""
    language.use("nb")
    monkeypatch.setattr("screens.listing.PAGE", 4)
    monkeypatch.setattr("widgets.pages.PAGE_SIZE", 4)
    monkeypatch.setattr("widgets.conversation_list.AHEAD", 0)


async def test_a_key_pressed_while_the_list_is_read_again_is_not_undone(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, rows = await stands_first(seat), seat.inbox.listing.rows
        before = rows.generation
        with held(seat.session._reader):
            seat.inbox.listing.reread()  # as news does
            await seat.strikes("j")
            second = rows.cursor_key
            assert second != first
        await seat.until(lambda: rows.generation > before)
        assert rows.cursor_key == second


@pytest.mark.usefixtures("short_pages")
async def test_news_leave_the_cursor_at_the_end_it_was_sent_to(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=(120, 12)) as seat:
        await stands_first(seat)
        rows = seat.inbox.listing.rows
        before = rows.generation
        with held(seat.session._reader):
            await seat.strikes("end")
            assert (rows.cursor, rows.cursor_key) == (rows.total - 1, None)
            seat.inbox.listing.reread()
        await seat.until(lambda: rows.generation > before and rows.cursor_key)
        assert rows.cursor == rows.total - 1


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("size", [(120, 12), (60, 12)])
async def test_a_verb_before_the_row_is_held_acts_on_no_other(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=size) as seat:
        await stands_first(seat) if size[0] > 100 else await seat.until(lambda: seat.inbox.listing.rows.cursor_item)
        rows, rung = seat.inbox.listing.rows, bells(seat)
        if size[0] < 100:
            await seat.goes_to("Ufordelt")
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.key)
        await seat.keys("escape")
        await seat.until(lambda: rows.has_focus)
        with held(seat.session._reader):
            await seat.strikes("end", "c")
            await seat.until(lambda: rung)
        await seat.until(lambda: rows.cursor_key)
        assert done(seat) == []
        last = rows.cursor_key
        await seat.keys("c")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("claim", last)]
