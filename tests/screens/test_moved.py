"""A conversation that the portal moves to another patient takes no words along that were begun for the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.world import Resource, World, to
from tests.screens.holding import said
from tests.screens.seat import seat_at
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind


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


async def test_words_left_for_one_patient_are_not_sent_to_another_unseen(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        pane = seat.inbox.pane
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: pane.composer.is_open)
        await seat.writes("Kjære Ingrid")
        await seat.keys("escape")
        await seat.until(lambda: not pane.composer.is_open)
    other = await moved(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        pane = seat.inbox.pane
        await seat.stands_on(world.id("header"))
        await seat.until(lambda: (shown := pane.conversation) and shown.patient and shown.patient.reference == other)
        await seat.keys("r")
        await seat.until(lambda: pane.composer.is_open)
        await seat.keys("ctrl+s")
        await seat.until(lambda: said(seat, "en annen pasient") or seat.app.screen is not seat.inbox)
        assert seat.app.screen is seat.inbox
        await seat.keys("escape")
        await seat.until(lambda: not pane.composer.is_open)
        await seat.keys("r")
        await seat.until(lambda: pane.composer.is_open)
        assert "Ola Berg" in str(pane.composer.border_title)
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        assert "Kjære Ingrid" in seat.shown()


async def test_words_taken_back_are_still_for_whom_they_were_sent_to(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        draft = Draft(Key("here", world.id("header")), world.ref("doctor"), Kind.REPLY, "Kjære Ingrid")
        entry = seat.store.outbox.queue_draft(draft, patient=world.ref("patient"), basis="b")
        assert seat.store.outbox.cancel(entry.id)
        (back,) = seat.store.drafts.list()
        assert back.patient == world.ref("patient")
        assert seat.store.drafts.save(replace(back, patient="", text="Kjære Ingrid!")).patient in ("", back.patient)
        (kept,) = seat.store.drafts.list()
        assert kept.patient == back.patient, "what is not known takes the place of nothing"
