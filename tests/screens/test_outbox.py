"""The outbox by keys: what is edited is what goes out, and both sides of what was stopped are shown whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from textual.widgets import OptionList, Static

from screens.both_sides import BothSides
from screens.outbox import OutboxScreen
from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME, now, session_on
from widgets.problems import sentence
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Receipt, Sending
from workbench.dialogue.refusals import SendWord
from workbench.dialogue.site import Site
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Change, Verb

NOWHERE = "http://127.0.0.1:9/fhir"
LONG = "\n\n".join(f"Avsnitt {number} av det pasienten skrev til slutt." for number in range(40))


async def held(folder: Path, world: World) -> Key:
    """A store that holds the conversation, claimed, and nothing in the outbox."""
    async with session_on(folder, world.base, world.ref("doctor")) as live:
        await live.held(world.id("header"), entries=1)
        await live.stands(lambda status: status.data_from is not None)
        claim = await live.session.act(Key(NAME, world.id("header")), Change(Verb.CLAIM))
        await live.settled(claim, Sending.SENT)
    return Key(NAME, world.id("header"))


@asynccontextmanager
async def without_network(folder: Path, world: World, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Seat]:
    """A seat whose portal does not answer: what is queued stays queued."""
    async with seat_at(folder, NOWHERE, world.ref("doctor"), size=size) as seat:
        await seat.until(lambda: seat.session.status.portals[0].connection is Connection.OFFLINE)
        yield seat


async def queued(seat: Seat, key: Key, text: str, kind: Kind = Kind.REPLY) -> Outgoing:
    shown = await seat.session.conversation(key)
    assert shown is not None
    draft = await seat.session.draft(key, kind)
    return await seat.session.send(replace(draft, text=text), shown)


async def outbox(seat: Seat, lines: int) -> OptionList:
    """Opens the outbox and waits until it lists so many."""
    await seat.keys("b")
    await seat.on_top("OutboxScreen")
    screen = seat.app.screen
    assert isinstance(screen, OutboxScreen)
    await seat.until(lambda: len(screen._entries) + len(screen._receipts) >= lines)
    return screen.query_one(OptionList)


def words(seat: Seat) -> list[str]:
    return [entry.text for entry in seat.store.outbox.pending() if entry.text]


@pytest.mark.parametrize("way", ["outbox", "both sides", "conversation"])
@pytest.mark.parametrize("size", [(120, 40), (60, 24)])
async def test_what_is_edited_before_it_leaves_is_what_goes_out(
    world: World, tmp_path: Path, way: str, size: tuple[int, int]
) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world, size) as seat:
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key)
        first = await queued(seat, key, "Kom i morgen")
        if way == "conversation":
            seat.inbox.pane.want(key)
            await seat.until(lambda: seat.inbox.pane.key == key)
            await seat.keys("u")
        else:
            await outbox(seat, 1)
            if way == "both sides":
                await seat.keys("enter")
                await seat.on_top("BothSides")
            await seat.keys("e")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.on_top("InboxScreen")
        assert seat.inbox.pane.composer.text == "Kom i morgen"
        assert seat.store.outbox.get(first.id) is None
        await seat.writes(" klokken ni")
        await seat.keys("ctrl+s")
        await seat.agrees()
        await seat.until(lambda: words(seat) == ["Kom i morgen klokken ni"])
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        (again,) = [entry for entry in await live.session.outbox() if entry.verb is Verb.REPLY]
        await live.settled(again, Sending.SENT)
    (sent,) = await world.with_identifier(again.id)
    assert sent["payload"] == [{"contentString": "Kom i morgen klokken ni"}]
    assert not await world.with_identifier(first.id)


async def test_what_has_left_meanwhile_is_not_edited_and_that_is_said(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        entry = await queued(seat, key, "På vei")
        await outbox(seat, 1)
        assert seat.store.outbox.start(entry.id), "it leaves while it is being looked at"
        await seat.keys("e")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: list(seat.app._notifications))
        assert not seat.inbox.pane.composer.is_open
        kept = seat.store.outbox.get(entry.id)
        assert kept is not None
        assert (kept.state, kept.text) == (Sending.SENDING, "På vei")
        assert (await seat.session.draft(key, Kind.REPLY)).empty


async def test_words_taken_back_join_those_being_written_and_none_are_lost(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        await queued(seat, key, "Først")
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.writes("Siden")
        await seat.until(lambda: seat.inbox.pane.composer.text == "Siden")
        seat.inbox.action_outbox()
        await seat.on_top("OutboxScreen")
        screen = seat.app.screen
        assert isinstance(screen, OutboxScreen)
        await seat.until(lambda: screen._entries)
        await seat.keys("t")
        await seat.until(lambda: not screen._entries)
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.inbox.pane.composer.is_open, "it would be saved over what came back"
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        assert seat.inbox.pane.composer.text == "Først\n\nSiden"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 24)])
async def test_both_sides_of_a_stopped_reply_are_shown_whole_and_it_can_be_sent_all_the_same(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    key = await held(tmp_path, world)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=size) as seat:
        await seat.until(lambda: seat.session.me.name)
        seen = await seat.session.conversation(key)
        assert seen is not None
        await world.post("header", LONG)
        reply = await seat.session.send(Draft(key, world.ref("doctor"), Kind.REPLY, "Hei igjen"), seen)
        await seat.until(lambda: stands(seat, reply) is Sending.NEEDS_YOU)
        await outbox(seat, 1)
        await seat.keys("s")
        await seat.on_top("BothSides")
        await seat.until(lambda: "Hei igjen" in seat.shown())
        assert "Ingrid Solberg" in seat.shown()
        assert "Jeg trenger mer" in await scrolled(seat, "#written")
        shown = await scrolled(seat, "#standing")
        assert [number for number in range(40) if f"Avsnitt {number} av" not in shown] == []
        await seat.keys("s")
        await seat.on_top("Ask")
        assert "Ingrid Solberg" in seat.shown()
        await seat.keys("enter")
        await seat.until(lambda: stands(seat, reply) is Sending.SENT)
    assert len(await world.with_identifier(reply.id)) == 1


async def test_what_may_not_be_done_any_more_stays_and_that_is_said(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        seat.store.cache._site = Site(flag_of=lambda text: ("brystsmerter", text) if "brystet" in text else ("", ""))
        await seat.until(lambda: seat.session.me.name)
        seen = await seat.session.conversation(key)
        assert seen is not None
        await world.post("header", "Klemmer i brystet")
        snooze = await seat.session.act(key, Change(Verb.SNOOZE, until=now() + timedelta(days=2)), seen=seen)
        await seat.until(lambda: stands(seat, snooze) is Sending.NEEDS_YOU and seat.store.cache.flagged(key))
        await outbox(seat, 1)
        await seat.keys("s")
        await seat.on_top("BothSides")
        await seat.keys("s")
        await seat.agrees()
        await seat.until(lambda: sentence(SendWord.SNOOZE_FLAGGED)[:30] in seat.shown())
        assert stands(seat, snooze) is Sending.NEEDS_YOU


def stands(seat: Seat, out: Outgoing) -> Sending | None:
    found = seat.store.outbox.get(out.id)
    return found.state if found else None


async def scrolled(seat: Seat, pane: str) -> str:
    """All that one side shows while one scrolls to its end, as words with single blanks between them."""
    screen = seat.app.screen
    assert isinstance(screen, BothSides)
    box = screen.query_one(pane)
    box.focus()
    seen: list[str] = []
    await seat.pilot.pause()
    while True:
        region = box.content_region
        lines = seat.shown().split("\n")[region.y : region.bottom]
        seen += [line[region.x : region.right].strip() for line in lines]
        if box.scroll_offset.y >= box.max_scroll_y:
            return " ".join(" ".join(seen).split())
        box.scroll_to(y=box.scroll_offset.y + region.height - 1, animate=False)
        await seat.pilot.pause()


async def test_a_claim_lost_to_a_colleague_says_who_has_it(world: World, tmp_path: Path) -> None:
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        seen = await live.held(world.id("header"), entries=1)
        await live.stands(lambda status: status.data_from is not None)
    task = await world.portal.task_of(seen.key.thread)
    assert task is not None
    await world.portal.change_task(task, Change(Verb.CLAIM), world.colleague, when=now())
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=(80, 24)) as seat:
        await seat.until(lambda: seat.session.me.name)
        claim = await seat.session.act(seen.key, Change(Verb.CLAIM), seen=seen)
        await seat.until(lambda: stands(seat, claim) is Sending.NEEDS_YOU)
        await outbox(seat, 1)
        await seat.until(lambda: "Lise Sekretær har samtalen" in seat.shown())
        assert "send likevel" not in seat.shown(), "it would be stopped again"
        await seat.keys("enter")
        await seat.on_top("BothSides")
        await seat.until(lambda: "Lise Sekretær har den" in seat.shown())
        assert "Ingen hadde tatt den" in await scrolled(seat, "#written")
        await seat.keys("x")
        await seat.agrees()
        await seat.until(lambda: stands(seat, claim) is None)


async def test_other_readers_than_one_saw_are_named(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.until(lambda: seat.session.me.name)
        seen = await seat.session.conversation(key)
        assert seen is not None
        header = await world.now(f"Communication/{key.thread}")
        header["recipient"] = [each for each in header["recipient"] if each["reference"] != world.ref("mother")]
        async with httpx.AsyncClient(trust_env=False, verify=False) as plain:
            answer = await plain.put(
                f"{world.base}/Communication/{key.thread}",
                json=header,
                headers={"Content-Type": "application/fhir+json"},
            )
            assert answer.status_code == 200
        reply = await seat.session.send(Draft(key, world.ref("doctor"), Kind.REPLY, "Hei"), seen)
        await seat.until(lambda: stands(seat, reply) is Sending.NEEDS_YOU)
        await outbox(seat, 1)
        await seat.keys("enter")
        await seat.on_top("BothSides")
        await seat.until(lambda: "Mor Solberg leser den ikke lenger" in seat.shown())


async def test_what_arrived_is_listed_with_its_time_and_what_its_task_was_not_told(
    world: World, tmp_path: Path
) -> None:
    key = await held(tmp_path, world)
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        reply = await live.write(key.thread, "Hei")
        await live.settled(reply, Sending.SENT)

        async def answered() -> bool:
            return not live.store.outbox.unanswered(NAME)

        await live.until(answered)
        assert {each.untold for each in live.store.outbox.receipts(20)} == {""}
        live.store.outbox.progress(reply.id, "answered", "forbidden")
        assert [each.untold for each in await live.session.receipts(1)] == ["forbidden"]
        assert [each.outgoing.verb for each in await live.session.receipts(20)] == [Verb.REPLY, Verb.CLAIM]
    async with without_network(tmp_path, world) as seat:
        options = await outbox(seat, 2)
        await seat.until(lambda: "ikke oppgaven bli merket som besvart" in seat.shown())
        assert options.highlighted is None, "nothing is on its way: no key acts on anything"
        await seat.keys("down", "enter")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: seat.inbox.pane.key == key)


@pytest.mark.parametrize("key", ["t", "x"])
async def test_a_key_is_for_what_it_was_struck_at_though_the_next_moves_on_at_once(
    world: World, tmp_path: Path, key: str
) -> None:
    at = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key)
        await queued(seat, at, "Det første")
        await queued(seat, at, "Det andre")
        await outbox(seat, 2)
        await seat.strikes(key, "down")
        if key == "x":
            await seat.agrees()
        await seat.until(lambda: len(words(seat)) == 1)
        assert words(seat) == ["Det andre"]


async def test_keys_that_do_nothing_for_an_entry_do_nothing(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        note = await queued(seat, key, "Et notat", Kind.NOTE)
        assert seat.store.outbox.start(note.id)
        seat.store.outbox.settle(note.id, Sending.UNKNOWN)
        await outbox(seat, 1)
        await seat.until(lambda: "svaret uteble" in seat.shown())
        await seat.keys("e", "t", "s")
        assert stands(seat, note) is Sending.UNKNOWN
        assert type(seat.app.screen).__name__ == "OutboxScreen"


async def test_words_whose_conversation_is_gone_are_found_in_the_outbox(world: World, tmp_path: Path) -> None:
    await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        me = seat.session.me.reference
        lost = await seat.session.save_draft(Draft(Key(NAME, "deleted"), me, Kind.NOTE, LONG))
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: "Avsnitt 0" in seat.shown())
        options = seat.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index(f"draft/{NAME}/deleted/{me}/note")
        await seat.keys("enter")
        await seat.on_top("Ask")
        await seat.keys("escape")
        await seat.on_top("OutboxScreen")
        assert seat.store.drafts.get(lost.key, me, Kind.NOTE) == lost
        await seat.keys("x")
        await seat.agrees()
        await seat.until(lambda: seat.store.drafts.get(lost.key, me, Kind.NOTE) is None)
        await seat.until(lambda: "Avsnitt 0" not in seat.shown())


async def test_the_line_of_keys_offers_what_enter_does_here(world: World, tmp_path: Path) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        await outbox(seat, 1)

        def offers(text: str) -> bool:
            return str(seat.app.screen.query_one(".outbox--keys", Static).content) == text

        await seat.until(lambda: offers("esc tilbake"))
        await seat.keys("down")
        await seat.until(lambda: offers("enter åpne   esc tilbake"))
        await seat.keys("escape")
        await queued(seat, key, "På vei")
        await outbox(seat, 2)
        await seat.until(lambda: offers("enter se begge sider   esc tilbake"))


async def test_what_arrives_while_the_outbox_is_read_is_listed_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await held(tmp_path, world)
    async with without_network(tmp_path, world) as seat:
        await seat.stands_on(key.thread)
        entry = await queued(seat, key, "På vei")
        read = seat.session.receipts

        async def receipts(limit: int) -> tuple[Receipt, ...]:
            if seat.store.outbox.start(entry.id):
                seat.store.outbox.settle(entry.id, Sending.SENT)
            return await read(limit)

        monkeypatch.setattr(seat.session, "receipts", receipts)
        await outbox(seat, 2)
        screen = seat.app.screen
        assert isinstance(screen, OutboxScreen)
        assert entry.id in screen._receipts
        assert entry.id not in screen._entries
