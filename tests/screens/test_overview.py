"""The overview by keys: every figure leads to what is behind it, and back again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from textual.widgets import OptionList

from screens.overview import OverviewScreen
from tests.hostile import commanding, hostile
from tests.screens.seat import Seat, seat_at
from tests.session.live import KEY, NAME, now
from workbench import language
from workbench.dialogue.held import Batch, HeldPatient, HeldPost, HeldTask, HeldThread, Stamp
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.overview import Load, Overview
from workbench.dialogue.people import Patient
from workbench.dialogue.work import Change, State, Verb
from workbench.store.store import Store

NOWHERE = "http://127.0.0.1:9/fhir"
ME = "Practitioner/kari"
LISE = "Practitioner/lise"


def conversation(
    name: str, waited: float, *, pool: str = "resept", owner: str = "", due: float = 24, category: str = "annet"
) -> Batch:
    """A conversation whose patient has waited some hours; due in some hours."""
    sent = now() - timedelta(hours=waited)
    stamp = Stamp(name, "1", sent)
    state = State.CLAIMED if owner else State.NEW
    who = Patient("Patient/a", "Ingrid Solberg", "1979-03-12", "12037934567")
    return Batch(
        (HeldThread(stamp, f"Emne {name}", False, "Patient/a", ("Patient/a", ME), (category,), started=sent),),
        (HeldPost(Stamp(f"{name}-m", "1", sent), name, "Patient/a", sent, "Hei", patient="Patient/a"),),
        (HeldTask(Stamp(f"{name}-t", "1", sent), name, state, owner, pool, due=now() + timedelta(hours=due)),),
        (HeldPatient(Stamp("Patient/a", "1", sent), who),),
    )


def fill(folder: Path, *batches: Batch) -> None:
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    store.cache.me(NAME, ME)
    for batch in batches:
        store.cache.apply(NAME, batch)
    store.close()


def some(folder: Path) -> None:
    fill(
        folder,
        conversation("mine", 1, owner=ME),
        conversation("late", 300, due=-100),
        conversation("later", 200, due=-50, pool="time"),
        conversation("lise", 30, owner=LISE),
    )


def load(overview: Overview, name: str) -> Load:
    return next(load for load in overview.loads if load.name == name)


def overview(seat: Seat) -> OverviewScreen:
    assert isinstance(seat.app.screen, OverviewScreen)
    return seat.app.screen


async def look(seat: Seat) -> None:
    """Opens the overview, once the list stands, and waits until it has counted."""
    await seat.until(lambda: seat.inbox.listing.rows.total)
    await seat.keys("O")
    await counted(seat)


async def counted(seat: Seat) -> None:
    await seat.on_top("OverviewScreen")
    await seat.until(lambda: overview(seat).days.current is not None)


async def to_row(seat: Seat, key: str) -> None:
    while overview(seat).queues.place[0] != key:
        before = overview(seat).queues.place
        await seat.keys("down")
        await seat.until(lambda before=before: overview(seat).queues.place != before)  # type: ignore[misc]


@pytest.fixture(autouse=True)
def _bokmål() -> None:
    language.use("nb")


async def test_a_figure_leads_to_what_is_behind_it_and_back(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        before = seat.inbox.listing.queue
        await to_row(seat, "pool:resept")
        await seat.keys("right")
        await seat.until(lambda: "Resept: 1 av 3 er over frist" in seat.shown())
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: "Oversikt: forfalt · Resept · 1" in seat.shown())
        assert seat.inbox.listing.rows.cursor_key == Key(NAME, "late")

        await seat.keys("escape")
        await counted(seat)
        assert overview(seat).queues.place == ("pool:resept", 1)
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: seat.inbox.listing.queue == before)


async def test_leaving_the_overview_changes_nothing(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        queue, key = seat.inbox.listing.queue, seat.inbox.listing.rows.cursor_key
        await seat.keys("down", "down", "escape")
        await seat.on_top("InboxScreen")
        assert (seat.inbox.listing.queue, seat.inbox.listing.rows.cursor_key) == (queue, key)
        await seat.keys("escape")
        await seat.pilot.pause()
        assert type(seat.app.screen).__name__ == "InboxScreen", "back in a queue of its own leads nowhere else"


async def test_a_day_s_figure_of_a_queue_leads_to_what_happened_there_that_day(tmp_path: Path) -> None:
    some(tmp_path)
    fill(tmp_path, conversation("other", 200))
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        oslo = ZoneInfo("Europe/Oslo")  # the office's days, which end before those of the machine's clock
        back = (now().astimezone(oslo).date() - (now() - timedelta(hours=200)).astimezone(oslo).date()).days
        await seat.keys("tab", *["left"] * back)
        await seat.until(lambda: "2 nye samtaler kom inn" in seat.shown())
        await seat.keys("tab")
        await to_row(seat, "pool:time")
        await seat.until(lambda: "De siste 14 dagene · Time · Kom inn" in seat.shown())
        day = overview(seat).days.current
        assert day is not None
        assert day.says.startswith("Time · "), "at once, not when all is counted anew"
        await seat.keys("tab")
        await seat.until(lambda: "1 nye samtaler kom inn" in seat.shown())
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: "Oversikt: kom inn · Time · " in seat.shown())
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == Key(NAME, "later"))
        assert seat.inbox.listing.rows.total == 1
        await seat.keys("escape")
        await counted(seat)
        await seat.until(lambda: overview(seat).days.has_focus)
        assert overview(seat).days.place == (overview(seat).days.place[0], 13 - back)
        assert overview(seat).queues.place[0] == "pool:time"
        assert "De siste 14 dagene · Time · Kom inn" in seat.shown()


async def test_the_cursor_goes_over_the_edge_between_queues_and_days(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        await seat.keys("up")
        assert overview(seat).queues.has_focus, "there is nothing above"
        await seat.keys(*["down"] * 40)
        assert overview(seat).days.has_focus
        await seat.keys(*["up"] * 8)
        assert overview(seat).queues.has_focus


async def test_nothing_is_behind_nothing(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        await to_row(seat, "snoozed")
        for _column in range(4):
            await seat.keys("enter")
            await seat.pilot.pause()
            assert isinstance(seat.app.screen, OverviewScreen)
            await seat.keys("right")


async def test_what_is_done_meanwhile_is_counted_anew_and_the_cursor_stays(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await look(seat)
        await to_row(seat, "pool:resept")
        assert "Resept: 3 samtaler" in seat.shown()
        await seat.session.act(Key(NAME, "late"), Change(Verb.DONE))
        await seat.until(lambda: "Resept: 2 samtaler" in seat.shown())
        assert overview(seat).queues.place == ("pool:resept", 0)


async def test_the_handover_list_names_what_the_next_shift_must_know(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME) as seat:
        await seat.session.save_draft(Draft(Key(NAME, "lise"), ME, Kind.NOTE, "Ring igjen"))
        await seat.session.save_draft(Draft(Key(NAME, "gone"), ME, Kind.NOTE, "Ingen vei hit"))
        await look(seat)
        await seat.keys("h")
        await seat.on_top("HandoverScreen")
        await seat.until(lambda: "2  Forfalt" in seat.shown())
        shown = seat.shown()
        assert "1  Påbegynte utkast som ikke er sendt" in shown
        assert "1 utkast eller usendt sak hører til en samtale som ikke er her" in shown
        assert "Ingrid Solberg · Emne late" in shown
        handover = await seat.session.handover()
        names = [line.name for line in handover.lines]
        options = seat.app.screen.query_one(OptionList)
        options.highlighted = names.index("drafts")
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == Key(NAME, "lise"))
        assert seat.inbox.listing.rows.total == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)])
async def test_hostile_codes_command_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    bad = [one for one in hostile() if one.text.strip() and len(one.text) < 2000]
    fill(
        tmp_path,
        *(
            conversation(one.id, place, pool=_storable(one.text), category=_storable(one.text))
            for place, one in enumerate(bad[:40])
        ),
    )
    async with seat_at(tmp_path, NOWHERE, ME, size=size) as seat:
        await look(seat)
        for _row in range(9, 100):
            await seat.keys("down")
            assert not commanding(seat.shown().replace("\n", ""))
            if overview(seat).days.has_focus:
                break
        await seat.keys("tab", "end", "enter")
        assert not commanding(seat.shown().replace("\n", ""))


def _storable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def test_all_columns_are_there_on_the_smallest_screen(tmp_path: Path) -> None:
    some(tmp_path)
    async with seat_at(tmp_path, NOWHERE, ME, size=(80, 24)) as seat:
        await look(seat)
        told = await seat.session.overview()
        line = next(line for line in seat.shown().splitlines() if line.startswith("Ufordelt"))
        unclaimed = load(told, "unclaimed")
        assert unclaimed.in_time is not None
        figures = [unclaimed.held.n, unclaimed.in_time.late.n, "0 %", "12 d", *(f.n for f in unclaimed.waits)]
        assert line.replace("▒", "").split() == " ".join(map(str, figures)).join(("Ufordelt ", "")).split()
        for head in ("I alt", "Forfalt", "I tide", "Eldste", "<4 t", "i dag", "1 d", "2–5 d", ">5 d"):
            assert head in seat.shown()
