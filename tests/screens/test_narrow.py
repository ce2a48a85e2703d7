"""On a narrow terminal list and conversation take each other's place: keys act on the one that is seen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import bells, claims_the_first, done
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key

NARROW = (60, 24)


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def looks_up_the_keys(seat: Seat) -> None:
    """Opens the help, and comes back from it."""
    await seat.keys("question_mark")
    await seat.on_top("HelpScreen")
    await seat.keys("escape")
    await seat.on_top("InboxScreen")


async def test_a_key_is_for_what_is_read_though_what_had_the_focus_went_out_of_sight(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first = await claims_the_first(seat)
        inbox, rows, pane = seat.inbox, seat.inbox.listing.rows, seat.inbox.pane
        await seat.keys("tab")
        await seat.until(lambda: inbox.side.has_focus)
        await seat.pilot.resize_terminal(*NARROW)
        await seat.until(lambda: inbox.has_class("-narrow") and inbox.focused is None)
        await looks_up_the_keys(seat)
        await seat.picks("p", "akutt")
        await seat.until(lambda: len(done(seat)) == 2)
        assert rows.cursor_key != first == pane.key
        assert done(seat) == [("claim", first), ("priority", first)]


async def test_a_reply_that_cannot_be_begun_shows_no_other_patient_in_its_place(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=NARROW) as seat:
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        await seat.until(lambda: rows.cursor_item)
        await seat.goes_to("Ufordelt")
        first = rows.cursor_key
        await seat.keys("enter")
        await seat.until(lambda: pane.key == first)
        await seat.keys("escape")
        await seat.until(lambda: rows.has_focus)
        await seat.keys("down")
        second, read, rung = rows.cursor_key, seat.session.conversation, bells(seat)

        async def gone(key: Key) -> Conversation | None:
            return None if key == second else await read(key)

        monkeypatch.setattr(seat.session, "conversation", gone)
        await seat.strikes("r")
        await seat.until(lambda: rung)
        assert not seat.inbox.has_class("-reading"), "the other patient's conversation stands there still"
        assert rows.has_focus


async def test_the_banner_has_as_many_lines_as_it_needs_after_every_change_of_the_window(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await claims_the_first(seat)
        banner = seat.inbox.pane.banner

        def fits(wide: int) -> bool:
            width, high = banner.content_size
            return seat.app.size.width == wide and high == banner.get_content_height(
                seat.app.size, seat.app.size, width
            )

        await seat.until(lambda: fits(120))
        for wide, high in ((80, 24), (120, 40), (60, 24), (120, 40), (70, 24)):
            await seat.pilot.resize_terminal(wide, high)
            await seat.until(partial(fits, wide))
