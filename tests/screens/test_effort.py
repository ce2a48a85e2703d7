"""The meter on the real program: what is pressed is counted where it acts, and kept without being felt."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.session.live import KEY, NAME, now
from workbench.dialogue.effort import Handled
from workbench.dialogue.key import Key
from workbench.store.store import Store
from workbench.sync import runner


def kept(folder: Path) -> dict[str, Handled]:
    """What the closed store tells, by label."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    try:
        lines = store.effort.since()
        assert len(lines) == len({line.label for _at, line in lines})
        return {line.label: line for _at, line in lines}
    finally:
        store.close()


def pressed(seat: Seat) -> dict[str, int]:
    """How many keys have been counted so far, by label."""
    meter = seat.session._effort._effort
    counted = {**meter.elsewhere, meter.label: meter.here}
    return {label: taken.keys for label, taken in counted.items() if label and taken.keys}


async def test_a_reply_is_told_with_its_keys_and_nothing_else_is(world: World, tmp_path: Path) -> None:
    key = Key(NAME, world.id("header"))
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.until(lambda: seat.session.me.name)
        await seat.stands_on(key.thread)
        label = seat.store.effort.label(key)
        before = pressed(seat).get(label, 0)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.writes("Kom innom")
        await seat.keys("ctrl+s")
        await seat.agrees()
        await seat.until(lambda: seat.session._effort._effort.here.verbs)
        assert seat.store.effort.since() == (), "written while somebody works on it"
    handled = kept(tmp_path)
    assert set(handled) == {label}
    assert handled[label].taken.verbs == ("reply",)
    assert handled[label].taken.keys == before + 12
    assert handled[label].taken.seconds > 0


async def test_a_key_is_never_a_write(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "RENEWAL", 3600.0)  # a lease that is renewed between two keys is a write, of another's
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("c")
        await seat.until(seat.arrived)
        before = seat.store._work.changes
        for _ in range(20):
            await seat.keys("escape", "down", "up")
        assert seat.store._work.changes == before


async def test_what_is_typed_in_a_search_or_pressed_in_the_outbox_counts_for_no_conversation(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("slash")
        await seat.until(lambda: seat.inbox.listing.search_line.has_focus)
        held = pressed(seat)
        await seat.writes("solb")
        assert pressed(seat) == held
        await seat.keys("escape")
        await seat.until(lambda: not seat.inbox.listing.search_line.is_open)
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        held = pressed(seat)
        await seat.keys("down", "up", "escape")
        assert pressed(seat) == held
