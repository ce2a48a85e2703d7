"""The record shows what the portal gave of it, says what it did not give, and asks again by a key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.world import World, to
from tests.faults.matrix import Site, site
from tests.screens.seat import Seat, seat_at
from widgets.problems import PORTAL, asked_once, sentence
from workbench import language
from workbench.sandbox.faults.plan import fault


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal whose answers can be spoilt, with a conversation of a patient who has a document and an appointment."""

    site: Site
    world: World

    async def opens(self, seat: Seat) -> None:
        """Opens the record of that patient."""
        await seat.until(lambda: seat.inbox.listing.rows.total)
        await seat.stands_on(self.world.id("first"))
        await seat.keys("o")
        await seat.on_top("RecordScreen")


@pytest.fixture
async def portal() -> AsyncIterator[Portal]:
    language.use("nb")
    with site() as here:
        async with here.world() as world:
            await world.task("first", "task")
            media = "text/plain; charset=utf-8"
            address = await world.kept(b"Kom til kontroll.", media)
            await world.discharge({"contentType": "text/plain", "url": address})
            start = datetime.now(UTC) + timedelta(days=3)
            await world.make(
                {
                    "resourceType": "Appointment",
                    "status": "booked",
                    "description": "Kontroll",
                    "start": start.isoformat(timespec="seconds"),
                    "end": (start + timedelta(minutes=20)).isoformat(timespec="seconds"),
                    "participant": [{"actor": to(world["patient"]), "status": "accepted"}],
                }
            )
            yield Portal(here, world)


@pytest.mark.parametrize(
    ("spoilt", "given", "missing"),
    [("search-Appointment", "Epikrise", "Kontroll"), ("search-DocumentReference", "Kontroll", "Epikrise")],
)
async def test_a_list_that_fails_hides_no_other_and_comes_when_it_is_asked_for_again(
    portal: Portal, tmp_path: Path, spoilt: str, given: str, missing: str
) -> None:
    portal.site.plan.set([fault("500", calls=spoilt)])
    async with seat_at(tmp_path, portal.world.base, portal.world.ref("doctor")) as seat:
        await portal.opens(seat)
        await seat.until(lambda: given in seat.shown() and "Noe er galt inne i portalen" in seat.shown())
        assert "av seg selv" not in seat.shown()
        assert missing not in seat.shown()
        assert "spør igjen" in seat.shown()
        portal.site.plan.set(())
        await seat.keys("f5")
        await seat.until(lambda: missing in seat.shown() and given in seat.shown())
        assert "Noe er galt" not in seat.shown()
        assert "spør igjen" not in seat.shown()


async def test_where_both_lists_fail_asking_again_gives_both(portal: Portal, tmp_path: Path) -> None:
    portal.site.plan.set([fault("500", calls=f"search-{kind}") for kind in ("Appointment", "DocumentReference")])
    async with seat_at(tmp_path, portal.world.base, portal.world.ref("doctor")) as seat:
        await portal.opens(seat)
        await seat.until(lambda: seat.shown().count("Noe er galt inne i portalen") == 2)
        await seat.keys("f5")
        await seat.until(lambda: seat.shown().count("Noe er galt inne i portalen") == 2)
        portal.site.plan.set(())
        await seat.keys("f5")
        await seat.until(lambda: "Kontroll" in seat.shown() and "Epikrise" in seat.shown())
        await seat.keys("escape")
        await seat.on_top("InboxScreen")


async def test_a_document_that_does_not_come_is_not_said_to_be_tried_again(portal: Portal, tmp_path: Path) -> None:
    async with seat_at(tmp_path, portal.world.base, portal.world.ref("doctor"), poll=600) as seat:
        await portal.opens(seat)
        await seat.until(lambda: "Epikrise" in seat.shown())
        told = seat.told()
        portal.site.plan.set([fault("500", calls="reads")])
        await seat.keys("enter")
        await seat.until(lambda: told)
        assert "prøv igjen" in told[0]
        assert "av seg selv" not in told[0]
        portal.site.plan.set(())
        await seat.keys("enter")
        await seat.until(lambda: "Kom til kontroll." in seat.shown())


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_what_is_asked_once_promises_no_second_try(code: str) -> None:
    language.use(code)
    promises = ("by itself", "goes on trying", "av seg selv", "prøver videre", "av seg sjølv", "prøver vidare")
    said = {word: asked_once(word) for word in PORTAL}
    assert {word for word, text in said.items() if any(promise in text for promise in promises)} == set()
    assert any(promise in sentence("deadline") for promise in promises), "what goes on in the background still says so"
