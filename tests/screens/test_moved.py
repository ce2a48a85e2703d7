"""A conversation that the portal moves to another patient takes no words along that were begun for the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import Resource, World, to
from tests.screens.holding import said
from tests.screens.seat import seat_at
from workbench import language


async def moved(world: World) -> str:
    """Moves the conversation to another patient, as where it was filed wrongly; gives who that is."""
    await world.make({"resourceType": "Patient", "name": [{"family": "Berg", "given": ["Ola"]}]}, "other")
    there = to(world["other"])
    changes: dict[str, Resource] = {
        "header": {"/subject": there, "/sender": there, "/recipient": [there, to(world["doctor"])]},
        "question": {"/subject": there, "/sender": there},
        "task": {"/for": there},
    }
    for name, parts in changes.items():
        body = [{"op": "replace", "path": path, "value": value} for path, value in parts.items()]
        headers = {"Content-Type": "application/json-patch+json"}
        answer = await world.raw.patch(f"/{world.ref(name)}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
    return world.ref("other")


@pytest.mark.parametrize("key", ["r", "n"])
async def test_words_begun_for_one_patient_are_not_sent_to_another(world: World, tmp_path: Path, key: str) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        pane = seat.inbox.pane
        await seat.stands_on(world.id("header"))
        await seat.keys(key)
        await seat.until(lambda: pane.composer.is_open)
        await seat.writes("Kjære Ingrid")
        other = await moved(world)
        await seat.until(lambda: (shown := pane.conversation) and shown.patient and shown.patient.reference == other)
        await seat.keys("ctrl+s")
        await seat.until(lambda: said(seat, "en annen pasient") or seat.app.screen is not seat.inbox)
        assert seat.app.screen is seat.inbox
        assert not seat.store.outbox.all()
        assert pane.composer.text == "Kjære Ingrid"
        await seat.keys("escape")
        await seat.until(lambda: not pane.composer.is_open)
        await seat.keys(key)
        await seat.until(lambda: pane.composer.is_open)
        assert key == "n" or "Ola Berg" in str(pane.composer.border_title)
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        assert "Ola Berg" in seat.shown()
