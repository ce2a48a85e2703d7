"""Why somebody handed a conversation over is read by whoever opens it, and found by its words."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World, to
from tests.screens.seat import seat_at
from workbench import language

WHY = "Mor ringte, haster: sjekk øret"


async def test_the_reason_of_a_handover_reaches_the_colleague(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path / "kari", world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("f", "lise")
        await seat.on_top("AskText")
        await seat.writes(WHY)
        await seat.keys("enter")
        await seat.until(seat.arrived)
    async with seat_at(tmp_path / "lise", world.base, world.ref("secretary")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.until(lambda: "BEGRUNNELSE, bare for ansatte · Kari" in seat.shown())
        lines = seat.shown().splitlines()
        at = next(place for place, line in enumerate(lines) if "BEGRUNNELSE" in line)
        assert f"┆ {WHY}" in lines[at + 1]
        assert any("hos Lise Sekretær" in line for line in lines[:at])
        assert sum(f"«{WHY}»" in line for line in lines[:at]) == 1, "the banner tells it too"
        await seat.keys("/")
        await seat.writes("sjekk øret")
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key is not None and "haster: sjekk" in seat.shown())


async def test_what_another_system_wrote_on_the_task_commands_nothing(world: World, tmp_path: Path) -> None:
    language.use("nb")
    task = await world.now(world.ref("task"))
    notes = [{"authorReference": to(world["secretary"]), "text": "[bold]\u001b[2J", "time": "2026-03-05T09:00:00Z"}]
    answer = await world.raw.put(f"/{world.ref('task')}", json={**task, "note": notes})
    assert answer.status_code == 200, answer.text
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.until(lambda: "[bold]⟦U+001B⟧[2J" in seat.shown())
