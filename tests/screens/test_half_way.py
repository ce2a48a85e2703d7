"""Who has read half of a long message goes on from there, whatever size the window has meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tests.screens.seat import Seat, seat_at
from tests.screens.test_overview import ME, NOWHERE, conversation, fill
from workbench import language

SIZES = ((80, 24), (60, 20), (200, 60), (120, 40))


@asynccontextmanager
async def half_way(folder: Path) -> AsyncIterator[tuple[Seat, str]]:
    """Reads in the middle of a long message; gives the line that stands on top."""
    language.use("nb")
    long = conversation("c0", 10)
    words = "\n".join(f"linje {n:02} {'ord ' * 30}" for n in range(60))
    fill(folder, replace(long, posts=tuple(replace(post, text=words) for post in long.posts)))
    async with seat_at(folder, NOWHERE, ME, poll=600) as seat:
        await seat.until(lambda: seat.inbox.listing.rows.cursor_item)
        await seat.goes_to("Ufordelt")
        timeline = seat.inbox.pane.timeline
        await seat.keys("enter")
        await seat.until(lambda: timeline.has_focus and "linje 0" in seat.shown())
        await seat.keys("m")
        await seat.until(lambda: timeline.max_scroll_y > 100)
        while timeline.scroll_offset.y < 40:
            await seat.keys("pagedown", "down")
            await seat.pilot.pause()
        yield seat, first_shown(seat)


def first_shown(seat: Seat) -> str:
    """The first of the numbered lines in sight."""
    lines = seat.shown().splitlines()
    return next((line[line.index("linje ") :][:8] for line in lines if "linje " in line), "")


async def test_the_place_in_a_message_outlasts_other_sizes(tmp_path: Path) -> None:
    async with half_way(tmp_path) as (seat, before):
        timeline = seat.inbox.pane.timeline
        height = timeline.size.height
        for columns, lines in SIZES:
            await seat.pilot.resize_terminal(columns, lines)
            await seat.until(lambda: seat.app.size.width == columns)  # noqa: B023 - asked at once
            await seat.pilot.pause()
            if columns != 200:
                assert abs(int(first_shown(seat)[6:]) - int(before[6:])) <= 1
        await seat.until(lambda: timeline.size.height == height and first_shown(seat) == before)


async def test_the_place_in_a_message_outlasts_a_reply_that_is_begun_under_it(tmp_path: Path) -> None:
    async with half_way(tmp_path) as (seat, before):
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within and "SVAR til" in seat.shown())
        await seat.pilot.pause()
        assert first_shown(seat) == before
        await seat.keys("escape")
        await seat.until(lambda: not seat.inbox.pane.composer.is_open)
        await seat.pilot.pause()
        assert first_shown(seat) == before
