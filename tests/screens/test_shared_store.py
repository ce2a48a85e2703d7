"""Two people at one store: what one has not sent is told to the other as hers, and stays hers."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import OptionList

from tests.contract.world import World
from tests.screens.seat import seat_at
from tests.screens.test_outbox import NOWHERE, held, outbox, queued, without_network
from tests.session.aging import aged
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Sending
from workbench.dialogue.queue import Whose
from workbench.dialogue.status import Connection, OutboxStatus


async def test_what_a_colleague_has_not_sent_is_hers(world: World, tmp_path: Path) -> None:
    language.use("nb")
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        entry = await queued(seat, key, "Kom i morgen")
        assert seat.store.outbox.start(entry.id)
        seat.store.outbox.settle(entry.id, Sending.UNKNOWN)
        aged(seat.store, entry.id)
    async with seat_at(tmp_path, NOWHERE, world.ref("secretary"), size=(170, 40)) as seat:
        await seat.until(lambda: seat.session.status.portals[0].connection is Connection.OFFLINE)
        assert seat.session.status.outbox == OutboxStatus(others=1)
        await seat.until(lambda: "utboks: 1 er en kollegas" in seat.shown())
        assert "1 uviss" not in seat.shown()
        row = (await seat.session.rows([key]))[key]
        assert (row.whose, row.from_patient) == (Whose.COLLEAGUE, True), "nothing of it is done before it arrives"
        await outbox(seat, 1)
        await seat.until(lambda: "skrevet av Kari Nordmann" in seat.shown())
        assert "Portalen blir spurt når" in seat.shown()
        assert "x kast" not in seat.shown()
        await seat.keys("x")
        await seat.until(lambda: "Kari Nordmann skrev det" in " ".join(seat.shown().split()))
        assert not await seat.session.cancel(entry.id)
        await seat.session.discard(entry.id)
        await seat.session.retry(entry.id)
        assert [each.state for each in seat.store.outbox.pending()] == [Sending.UNKNOWN]
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.until(seat.arrived)
    async with seat_at(tmp_path, NOWHERE, world.ref("secretary"), size=(170, 40)) as seat:
        await outbox(seat, 1)
        await seat.until(lambda: "Kommet fram nylig" in seat.shown())
        assert "svar · Ingrid Solberg · f. 12.03.1979 · skrevet av Kari Nordmann" in seat.shown()


async def test_a_colleague_s_draft_whose_conversation_is_gone_is_read_and_not_thrown_away(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    await held(tmp_path, world)
    drafts = [Draft(Key(NAME, "gone"), world.ref(who), Kind.REPLY, f"Ord av {who}") for who in ("doctor", "secretary")]
    drafts.append(Draft(Key("gammel", "gone"), "Practitioner/other", Kind.REPLY, "Ord fra en portal som er borte"))
    async with seat_at(tmp_path, NOWHERE, world.ref("secretary")) as seat:
        for draft in drafts:
            seat.store.drafts.save(draft)
        await seat.keys("b")
        await seat.until(lambda: "Ord av doctor" in seat.shown())
        options = seat.app.screen.query_one(OptionList)
        for number, on_top in ((0, "Why"), (2, "Why"), (1, "Ask")):
            portal, author = drafts[number].key.portal, drafts[number].author
            options.highlighted = options.get_option_index(f"draft/{portal}/gone/{author}/reply")
            await seat.keys("x")
            await seat.on_top(on_top)
            assert drafts[number].text in seat.shown()
            assert ("Kari Nordmann skrev det" in " ".join(seat.shown().split())) is (number == 0)
            await seat.keys("enter")
            await seat.on_top("OutboxScreen")
        await seat.until(lambda: "Ord av secretary" not in seat.shown())
        assert {draft.text for draft in seat.store.drafts.list()} == {drafts[0].text, drafts[2].text}
