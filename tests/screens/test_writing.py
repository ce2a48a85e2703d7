"""Drafts: they stay with their conversation and kind, nothing but the user's own act removes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import pytest
from textual import events

from screens import writing
from tests.contract.world import OWN, World, concept, kind
from tests.screens.holding import bells
from tests.screens.seat import WITHIN, Seat, seat_at
from widgets.composer import DraftArea
from workbench.desk import files
from workbench.dialogue.conversation import Message, Note
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.queue import Page, Total
from workbench.dialogue.status import Event
from workbench.dialogue.work import Verb


async def begins(seat: Seat, thread: str, key: str = "r") -> None:
    await seat.stands_on(thread)
    await seat.keys(key)
    await seat.until(lambda: seat.inbox.pane.composer.is_open)


async def consultation(world: World) -> None:
    """An e-consultation that nobody has answered."""
    category = concept(OWN.category_system, "e-konsultasjon")
    await world.thread("consultation", category=[kind("thread"), category])
    await world.post("consultation", "Jeg lurer på noe.", "consultation question")
    await world.task("consultation", "consultation task", reasonCode=category)


async def saved(seat: Seat, thread: str, kind: Kind, text: str) -> None:
    me = seat.session.me.reference

    def look() -> bool:
        draft = seat.store.drafts.get(Key("here", thread), me, kind)
        return draft is not None and draft.text == text

    await seat.until(look)


async def test_a_draft_is_saved_at_a_pause_and_brought_back_by_its_key(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        await seat.writes("Halvferdig")
        await saved(seat, thread, Kind.REPLY, "Halvferdig")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        assert seat.inbox.pane.composer.text == "Halvferdig"


async def test_words_of_another_window_come_to_stand_below(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        await seat.writes("Herfra")
        await saved(seat, thread, Kind.REPLY, "Herfra")
        there = seat.store.drafts.get(Key("here", thread), seat.session.me.reference, Kind.REPLY)
        assert there is not None
        seat.store.drafts.save(replace(there, text="Derfra"))
        await seat.writes(" og hit")
        await seat.until(lambda: seat.inbox.pane.composer.text == "Herfra og hit\n\nDerfra")
        await saved(seat, thread, Kind.REPLY, "Herfra og hit\n\nDerfra")
        await seat.writes(" igjen")
        await saved(seat, thread, Kind.REPLY, "Herfra og hit igjen\n\nDerfra")


async def test_what_another_window_sends_is_told_each_time_and_not_sent_twice(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await begins(seat, thread)
        await seat.writes("Hei der")
        await saved(seat, thread, Kind.REPLY, "Hei der")
        there = seat.store.drafts.get(Key("here", thread), seat.session.me.reference, Kind.REPLY)
        assert there is not None
        told = seat.told()
        for times in (1, 2):
            seat.store.outbox.queue_draft(replace(there, began=None), patient=world.ref("patient"), basis="b")
            await seat.keys("ctrl+s")
            await seat.agrees()
            await seat.until(lambda times=times: len(told) == times)  # type: ignore[misc]
            assert seat.inbox.pane.composer.text == "Hei der"
            assert sum(entry.verb is Verb.REPLY for entry in seat.store.outbox.all()) == times


async def test_another_conversation_never_gets_the_words(world: World, tmp_path: Path) -> None:
    first = world.id("header")
    await world.thread("second")
    await world.post("second", "En annen sak.", "other question")
    await world.task("second", "second task")
    second = world.id("second")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, first)
        await seat.writes("Bare til den ene")
        await seat.keys("escape")
        await seat.until(lambda: not seat.inbox.pane.composer.is_open)
        await seat.keys("escape")
        await begins(seat, second)
        assert seat.inbox.pane.composer.text == ""
        await seat.writes("Til den andre")
        await seat.keys("escape")
        await saved(seat, second, Kind.REPLY, "Til den andre")
        await saved(seat, first, Kind.REPLY, "Bare til den ene")


async def test_reply_and_note_are_two_drafts_and_look_it(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        reply = seat.inbox.pane.composer
        assert (reply.has_class("-reply"), reply.has_class("-note")) == (True, False)
        assert "Ingrid Solberg" in str(reply.border_title)
        await seat.writes("Svar")
        await seat.keys("escape")
        await begins(seat, thread, "n")
        assert seat.inbox.pane.composer.text == ""
        assert (reply.has_class("-reply"), reply.has_class("-note")) == (False, True)
        assert reply.styles.border_top[0] != "round"
        await seat.writes("Notat")
        await saved(seat, thread, Kind.NOTE, "Notat")
        await saved(seat, thread, Kind.REPLY, "Svar")


async def test_a_note_reaches_the_portal_without_the_patient(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread, "n")
        await seat.writes("Bare for oss")
        await seat.keys("ctrl+s")
        await seat.agrees()
        timeline = seat.inbox.pane.timeline
        await seat.until(lambda: any(isinstance(e, Note) and e.text == "Bare for oss" for e in timeline.entries))
        assert not any(isinstance(e, Message) and e.text == "Bare for oss" for e in timeline.entries)


async def test_going_back_from_the_question_sends_nothing(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, world.id("header"))
        await seat.writes("Ikke ennå")
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert seat.inbox.pane.composer.text == "Ikke ennå"
        assert seat.store.outbox.all() == ()


async def test_keys_that_come_with_a_paste_do_not_send(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AFTER_PASTE", 3600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, world.id("header"))
        area = seat.inbox.query_one(DraftArea)
        area.post_message(events.Paste("limt\x1b[201~ inn\u200b"))
        await seat.until(lambda: seat.inbox.pane.composer.text)
        assert seat.inbox.pane.composer.text == "limt[201~ inn"
        await seat.keys("ctrl+s")
        await seat.agrees()
        assert type(seat.app.screen).__name__ == "Ask"
        assert seat.store.outbox.all() == ()


async def test_an_unanswered_e_consultation_cannot_be_done(world: World, tmp_path: Path) -> None:
    await consultation(world)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("consultation"))
        await seat.keys("d")
        await seat.until(lambda: list(seat.app._notifications))
        assert seat.store.outbox.all() == ()


async def test_support_staff_cannot_answer_an_e_consultation(world: World, tmp_path: Path) -> None:
    await consultation(world)
    async with seat_at(tmp_path, world.base, world.ref("secretary")) as seat:
        await seat.until(lambda: seat.session.me.name)
        await begins(seat, world.id("consultation"))
        await seat.writes("Svar")
        await seat.keys("ctrl+s")
        await seat.agrees()
        await seat.until(lambda: list(seat.app._notifications))
        assert seat.inbox.pane.composer.text == "Svar"
        assert seat.store.outbox.all() == ()


async def test_a_reply_leaves_only_when_there_is_something_it_answers(world: World, tmp_path: Path) -> None:
    await world.thread("fresh")
    await world.task("fresh", "fresh task")
    thread = world.id("fresh")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        await seat.until(lambda: "Ingen melding i denne samtalen er kommet" in seat.shown())
        assert "ennå." in seat.shown()
        told = seat.told()
        await seat.writes("Svar")
        await sends(seat)
        await seat.until(lambda: any("Ingen melding" in words for words in told))
        assert seat.inbox.pane.composer.text == "Svar"
        assert seat.store.outbox.all() == ()
        await world.post("fresh", "Jeg lurer på noe.", "fresh question")
        seat.session.hurry()
        await seat.until(lambda: "Jeg lurer på noe." in seat.shown())
        assert "ennå." not in seat.shown()
        await sends(seat)
        await seat.until(lambda: [one.text for one in seat.store.outbox.all() if one.verb is Verb.REPLY] == ["Svar"])


async def sends(seat: Seat) -> None:
    await seat.keys("ctrl+s")
    await seat.agrees()


async def test_throwing_a_draft_away_asks_first(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        await seat.writes("Bort")
        await saved(seat, thread, Kind.REPLY, "Bort")
        await seat.throws_away("Bort")
        assert seat.store.drafts.get(Key("here", thread), seat.session.me.reference, Kind.REPLY) is None


async def test_words_that_could_not_be_saved_stay_on_the_screen(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, world.id("header"))
        seat.store._work.close()
        await seat.writes("Mistes ikke")
        await seat.until(lambda: list(seat.app._notifications))
        await seat.keys("escape")
        await seat.pilot.pause()
        assert seat.inbox.pane.composer.is_open
        assert seat.inbox.pane.composer.text == "Mistes ikke"


async def test_what_is_typed_while_a_file_is_slow_to_be_read_is_saved_meanwhile(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = world.id("header")
    file = tmp_path / "vedlegg.txt"
    file.write_text("innhold")
    read, reading, going_on = files.read_for_attaching, Flag(), Flag()

    def slowly(path: Path) -> tuple[str, str, bytes]:
        reading.set()
        going_on.wait(2 * WITHIN)
        return read(path)

    monkeypatch.setattr(files, "read_for_attaching", slowly)
    async with seat_at(tmp_path / "store", world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        await seat.writes("Hei")
        await seat.keys("f2")
        await seat.on_top("AskText")
        await seat.writes(str(file))
        await seat.keys("enter")
        await seat.until(reading.is_set)
        await seat.writes(" du")
        await saved(seat, thread, Kind.REPLY, "Hei du")
        going_on.set()

        def attached() -> bool:
            draft = seat.store.drafts.get(Key("here", thread), seat.session.me.reference, Kind.REPLY)
            return draft is not None and [each.name for each in draft.files] == ["vedlegg.txt"]

        await seat.until(attached)
        await saved(seat, thread, Kind.REPLY, "Hei du")


async def test_the_key_that_attaches_attaches_to_the_note_that_is_being_written(world: World, tmp_path: Path) -> None:
    file, thread = tmp_path / "prøvesvar.txt", world.id("header")
    file.write_text("CRP 140")
    async with seat_at(tmp_path / "store", world.base, world.ref("doctor")) as seat:
        await begins(seat, thread, "n")
        await seat.writes("Bare for oss")
        await seat.keys("tab")
        await seat.until(lambda: seat.inbox.side.has_focus)
        await seat.keys("a")
        await seat.on_top("AskText")
        await seat.writes(str(file))
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        me, key = seat.session.me.reference, Key("here", thread)
        drafts = seat.store.drafts

        def kept() -> list[Kind]:
            return [kind for kind in Kind if (draft := drafts.get(key, me, kind)) is not None and draft.files]

        assert await seat.until(kept) == [Kind.NOTE], "a file for staff is no part of a reply to the patient"
        await saved(seat, thread, Kind.NOTE, "Bare for oss")


async def test_the_key_that_attaches_attaches_nothing_where_it_acts_on_nothing(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, world.id("header"), "n")
        pane, rung = seat.inbox.pane, bells(seat)
        await seat.keys("tab")
        await seat.until(lambda: seat.inbox.side.has_focus)
        pane.wanted = Key("here", "another, still on its way")
        await seat.strikes("a")
        await seat.until(lambda: rung)
        await seat.pilot.pause()
        assert seat.app.screen is seat.inbox
        assert pane.composer.draft is not None


async def test_a_file_that_is_too_large_is_what_is_blamed(world: World, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    with file.open("wb") as made:
        made.truncate(60 * 1024 * 1024)
    async with seat_at(tmp_path / "store", world.base, world.ref("doctor")) as seat:
        await begins(seat, world.id("header"))
        await seat.keys("f2")
        await seat.on_top("AskText")
        await seat.writes(str(file))
        await seat.keys("enter")
        told = await seat.until(lambda: [note.message for note in seat.app._notifications])
        assert told[0].startswith("Filen er for stor (60 MB; høyst 25 MB): velg en annen.")


async def test_keys_pressed_just_before_the_program_ends_are_saved(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await begins(seat, thread)
        area = seat.inbox.query_one(DraftArea)
        for char in "til det siste":
            area.post_message(events.Key("space" if char == " " else char, char))
        assert await seat.inbox.finish()
        await saved(seat, thread, Kind.REPLY, "til det siste")


async def test_what_is_shown_is_what_keys_act_on_when_news_come_with_the_cursor(world: World, tmp_path: Path) -> None:
    await world.thread("second")
    await world.post("second", "En annen sak.", "other question")
    await world.task("second", "second task")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        pane = seat.inbox.pane
        pane.want(Key("here", world.id("second")))
        seat.inbox.changed(Event(many=True))
        pane.again()
        await seat.until(lambda: pane.key == Key("here", world.id("second")))
        assert pane.wanted == pane.key


async def test_letters_typed_in_a_draft_never_become_verbs_when_the_list_empties(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=(60, 24)) as seat:
        thread = world.id("header")
        rows = seat.inbox.listing.rows
        await seat.until(lambda: rows.total)
        key = Key("here", thread)
        seat.inbox.pane.want(key)
        await seat.until(lambda: seat.inbox.pane.key == key)
        seat.inbox.add_class("-reading")
        seat.inbox.pane.timeline.focus()
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        rows.show(Page((), 0, Total()), cursor=None)
        seat.inbox.changed(Event(many=True))
        await seat.writes("ddd")
        await saved(seat, thread, Kind.REPLY, "ddd")
        assert seat.store.outbox.all() == ()


@pytest.mark.parametrize("size", [(80, 12), (60, 12), (120, 14)])
async def test_in_a_low_window_one_sees_what_is_written_and_to_whom(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=size) as seat:
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key)
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.key)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        await seat.writes("Kom i dag")
        await seat.until(lambda: "Kom i dag" in seat.shown())
        conversation = seat.inbox.pane.conversation
        assert conversation is not None
        assert conversation.patient is not None
        assert conversation.patient.name in seat.shown()
        assert "SVAR" in seat.shown()


async def test_what_is_selected_is_selected_in_that_list_only(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.selects_two()
        rows = seat.inbox.listing.rows
        await seat.keys("G")
        await seat.until(lambda: seat.inbox.listing.arrived)
        assert len(rows.marks) == 2
        await seat.goes_to("Ferdig")
        assert rows.marks == frozenset()
