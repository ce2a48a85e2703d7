"""The lines at the top and the bottom: what must be said is said at every width."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.app import App, ComposeResult

from tests.hostile import commanding, hostile
from tests.widgets.rows import NOW
from tests.widgets.screen import lines, settled
from widgets.fitting import Part, fitting
from widgets.key_line import KeyLine, key_line
from widgets.top_line import TopLine, top_line
from workbench import language
from workbench.dialogue.people import Me, Role
from workbench.dialogue.status import Connection, OutboxStatus, PortalStatus, Status

ME = Me("nasjonal", "Practitioner/1", "Kari Nordmann", Role.CLINICIAN, "lege", "Sørenga legesenter")
FINE = Status((PortalStatus("nasjonal", Connection.ONLINE, NOW),), OutboxStatus(waiting=1))
BAD = Status((PortalStatus("nasjonal", Connection.OFFLINE, NOW - timedelta(days=1)),), OutboxStatus(4, 2, 1))
HINTS = [("r", "reply"), ("n", "note"), ("c", "claim"), ("f", "hand over"), ("d", "done"), ("s", "snooze")]


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


def shown(status: Status, width: int, me: Me | None = ME) -> str:
    return top_line(status, me, NOW, width).plain


def test_all_of_it_when_there_is_room() -> None:
    assert shown(FINE, 120) == (
        " Dialogue workbench  Sørenga legesenter · Kari Nordmann, lege"
        "           ● connected · data from 14:02 · outbox: 1 waits"
    )


def test_worrying_words_stay_at_every_width() -> None:
    for width in range(40, 201):
        line = shown(BAD, width)
        assert "○ offline" in line
        assert "1 needs you" in line
        assert len(line) <= width
    assert "2 unknown" in shown(BAD, 80)
    assert "Kari Nordmann, lege" in shown(BAD, 120)
    assert "data from yesterday 14:02" in shown(BAD, 80)
    for width in range(1, 40):
        assert len(shown(BAD, width)) <= width


def test_a_profession_never_stands_without_its_name() -> None:
    for width in range(20, 200):
        for status in (FINE, BAD):
            line = shown(status, width)
            assert "lege" not in line.replace("legesenter", "") or "Kari Nordmann, lege" in line


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        (Connection.CONNECTING, "◌ connecting"), (Connection.ONLINE, "● connected"), (Connection.SYNCING, "◐ fetching"),
        (Connection.OFFLINE, "○ offline"), (Connection.REFUSED, "✕ refused"),
    ],
)  # fmt: skip
def test_each_connection_has_a_sign_and_a_word(connection: Connection, words: str) -> None:
    assert words in shown(Status((PortalStatus("p", connection),), OutboxStatus()), 80)


@pytest.mark.parametrize("width", [80, 120])
def test_a_portal_that_tells_by_itself_is_said_to_in_no_more_room_and_the_age_stays(width: int) -> None:
    usual = Status((PortalStatus("p", Connection.ONLINE, NOW),), BAD.outbox)
    live = Status((replace(usual.portals[0], live=True),), BAD.outbox)
    line = shown(live, width)
    assert "● live" in line
    assert ("data from" in line) >= ("data from" in shown(usual, width))
    assert "data from 14:02" in line or width < 80
    for connection in (Connection.OFFLINE, Connection.SYNCING):
        assert "live" not in shown(Status((replace(live.portals[0], connection=connection),), OutboxStatus()), 120)
    other = replace(usual.portals[0], portal="q")
    assert "● connected" in shown(Status((live.portals[0], other), OutboxStatus()), 120)
    assert "● live" in shown(Status((live.portals[0], replace(other, live=True)), OutboxStatus()), 120)


def test_progress_of_a_first_fetch() -> None:
    line = shown(Status((PortalStatus("p", Connection.SYNCING, received=12345),), OutboxStatus()), 80)
    assert "◐ fetching 12,345" in line
    assert "no data yet" in line
    assert "outbox" not in line


def test_of_several_portals_the_worst_is_named_and_the_oldest_data_told() -> None:
    regional = PortalStatus("regional", Connection.OFFLINE, NOW - timedelta(hours=3))
    line = shown(Status((FINE.portals[0], regional), OutboxStatus()), 120)
    assert "regional: ○ offline" in line
    assert "data from 11:02" in line


@pytest.mark.parametrize("width", [80, 120])
def test_the_portal_that_is_down_is_named_while_the_other_answers(width: int) -> None:
    regional = PortalStatus("regional", Connection.OFFLINE, NOW - timedelta(hours=3))
    national = replace(FINE.portals[0], portal="national")
    line = shown(Status((national, regional), BAD.outbox), width)
    assert "regional: ○ offline" in line
    assert "needs you" in line
    if width >= 120:
        assert "national: ● connected" in shown(Status((national, regional), OutboxStatus()), width)
    both = shown(Status((replace(national, connection=Connection.OFFLINE), regional), OutboxStatus()), width)
    assert "regional" not in both
    assert "○ offline" in both


def test_what_was_set_aside_is_told() -> None:
    aside = replace(FINE.portals[0], set_aside=3)
    assert "3 unreadable" in shown(Status((aside,), OutboxStatus()), 120)


def test_nobody_signed_in() -> None:
    assert "nobody is signed in" in shown(FINE, 100, None)


def test_parts_are_left_out_by_rank() -> None:
    parts = [Part(2, "aaaa"), Part(0, "bbbb"), Part(1, "cccc")]
    kept = [[part.text for part in fitting(parts, cells)] for cells in (21, 20, 14, 13, 1)]
    assert kept == [["aaaa", "bbbb", "cccc"], ["bbbb", "cccc"], ["bbbb", "cccc"], ["bbbb"], ["bbbb"]]


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_hostile_words_command_nothing(one: object) -> None:
    text = getattr(one, "text", "")
    me = replace(ME, name=text, site=text, title=text)
    portals = (PortalStatus(text, Connection.OFFLINE, NOW, text=text), FINE.portals[0])
    for width in (20, 80, 200):
        for line in (
            top_line(Status(portals, BAD.outbox), me, NOW, width),
            key_line([(text[:99], text[:99])], ("?", "help"), width),
        ):
            assert line.cell_length <= width
            assert not commanding(line.plain)


def test_help_is_always_there() -> None:
    assert key_line(HINTS, ("?", "help"), 200).plain == (
        " r reply  n note  c claim  f hand over  d done  s snooze  ? help"
    )
    for width in range(8, 200):
        line = key_line(HINTS, ("?", "help"), width).plain
        assert line.endswith("? help")
        assert len(line) <= width
    assert key_line(HINTS, ("?", "help"), 24).plain == " r reply  n note  ? help"


def test_the_place_stands_apart_from_help() -> None:
    for width in range(24, 200):
        assert "? help " in key_line(HINTS, ("?", "help"), width, "1 / 1").plain


async def test_they_are_one_line_each_and_follow_the_width() -> None:
    class Host(App[None]):
        def compose(self) -> ComposeResult:
            yield TopLine()
            yield KeyLine()

    app = Host()
    async with app.run_test(size=(100, 4)) as pilot:
        app.query_one(TopLine).show(BAD, ME, NOW)
        app.query_one(KeyLine).show(HINTS, ("?", "help"))
        await settled(pilot)
        top, keys = lines(app)[:2]
        assert "offline" in top
        assert top.rstrip().endswith("4 wait")
        assert "snooze" in keys
        await pilot.resize_terminal(40, 4)
        await settled(pilot)
        top, keys = lines(app)[:2]
        assert len(top) == 40
        assert "1 needs you" in top
        assert "snooze" not in keys
        assert keys.rstrip().endswith("? help")
