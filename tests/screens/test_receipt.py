"""One key and a yes tell a patient that the message has come, once, and nothing of the work moves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from tests.session.live import now
from workbench import language
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.site import Site
from workbench.dialogue.work import Verb


async def test_a_receipt_is_asked_for_sent_once_and_answers_nothing(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        query = seat.inbox.listing.query_shown
        assert query is not None
        page = await seat.session.page(query, 0, 50)
        item = next(each for each in page.items if each.due and each.due > now() and each.from_patient)
        await seat.stands_on(item.key.thread)
        await seat.keys("q")
        await seat.on_top("Ask")
        shown = seat.shown()
        assert "Sende kvittering?" in shown
        assert item.patient_name.split()[-1] in shown
        assert "113" in shown
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()

        await seat.keys("q")
        await seat.agrees()
        await seat.until(seat.arrived)
        (entry,) = seat.store.outbox.all()
        assert (entry.verb, entry.state) == (Verb.RECEIPT, Sending.SENT)
        rows = await seat.session.rows([item.key])
        after = rows[item.key]
        assert (after.state, after.whose, after.from_patient, after.due) == (item.state, item.whose, True, item.due)
        assert len(await world.with_identifier(entry.id)) == 1

        await seat.keys("q")
        await seat.until(lambda: "Ansatte har skrevet" in seat.shown())
        assert len(seat.store.outbox.all()) == 1


async def test_no_day_is_promised_that_has_passed(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("q")
        await seat.until(lambda: "Svaret er over" in seat.shown())
        assert not seat.store.outbox.all()


async def test_a_red_flag_is_shown_before_a_day_is_promised(world: World, tmp_path: Path) -> None:
    language.use("nb")
    due = (now() + timedelta(days=3)).date().isoformat()
    await world.thread("urgent", topic={"text": "Litt sliten"})
    await world.post("urgent", "Har også vondt i brystet.", sent=now().isoformat())
    await world.task("urgent", "urgent task", restriction={"period": {"end": due}})
    site = Site("test", flag_of=lambda text: ("brystsmerter", "vondt i brystet") if "brystet" in text else ("", ""))
    async with seat_at(tmp_path, world.base, world.ref("doctor"), site=site) as seat:
        await seat.stands_on(world.id("urgent"))
        await seat.keys("q")
        await seat.on_top("Ask")
        shown = seat.shown()
        warned = shown.index("Hastesignal: «vondt i brystet», funnet av regelen «brystsmerter»")
        assert warned < shown.index("Ingrid Solberg", warned) < shown.index("113", warned)
        assert "kvittering svarer ikke" in shown
