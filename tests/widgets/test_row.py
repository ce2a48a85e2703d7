"""A row: exact in cells, harmless, and never without the patient."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from tests.hostile import Hostile, commanding, hostile
from tests.widgets.rows import NOW, item
from widgets.portals import PortalNames
from widgets.row import SENDING_SIGNS, Line, Look, Piece, row_lines, short_name
from widgets.words import age_word, deadline_word
from workbench import language
from workbench.dialogue.context import Match
from workbench.dialogue.key import Key
from workbench.dialogue.office import Office
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.presence import Doing, Presence
from workbench.dialogue.queue import InGroup, Item, Whose
from workbench.dialogue.work import Priority, State
from workbench.public_holidays import is_holiday

READS, WRITES = Doing.READING, Doing.WRITING
TEXTS = (
    "title",
    "patient_name",
    "birth",
    "writer",
    "owner_name",
    "pool",
    "category",
    "preview",
    "flag_words",
    "into",
    "due_from",
)


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


def shown(line: Line) -> str:
    return "".join(piece.text for piece in line)


def both(row: Item, width: int, **how: Any) -> tuple[str, str]:
    first, second = row_lines(row, width, NOW, **how)
    return shown(first), shown(second)


def busy(**changes: object) -> Item:
    """A row of which everything can be said."""
    all_of_it = {
        "writer": "Lise Solberg", "whose": Whose.COLLEAGUE, "priority": Priority.STAT, "unread": True,
        "attachments": 2, "draft": True, "sending": Sending.NEEDS_YOU, "due": NOW - timedelta(days=1),
        "flag": "chest", "flag_words": "vondt i brystet", "present": (Presence("Practitioner/l", "Lise S", WRITES),),
    }  # fmt: skip
    return item(1, **(all_of_it | changes))


def test_texts_are_all_the_texts_of_an_item() -> None:
    assert set(TEXTS) == {f.name for f in fields(Item) if f.type == "str"} - {"patient", "flag"}


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_hostile_text_breaks_no_column(one: Hostile) -> None:
    for width in (1, 20, 31, 44, 80, 200):
        for name in TEXTS:
            for line in both(busy(**{name: one.text}), width):
                assert cell_len(line) == width, (name, width, line)
                assert not commanding(line), (name, width, line)
                line.encode()


@pytest.mark.parametrize("text", ["漢字" * 40, "👩\u200d⚕\ufe0f" * 30, "é" * 90, "\u0301" * 90, "🇳🇴" * 30, "ﷺ" * 30])
def test_wide_text_breaks_no_column(text: str) -> None:
    row = busy(**dict.fromkeys(TEXTS, text))
    for width in range(1, 201):
        for line in both(row, width):
            assert cell_len(line) == width, (width, line)


@pytest.mark.parametrize("width", range(30, 121))
def test_the_patient_stands_at_every_width(width: int) -> None:
    first, second = both(busy(title="Et veldig langt emne om ingenting " * 4), width)
    assert ("Solberg Ingrid 79" if width >= 80 else "Solberg I 79") in first
    assert "!!!" in first
    assert "●" in first
    assert "needs you" in second
    assert "overdue" in second


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_a_hostile_name_of_a_colleague_breaks_no_column(one: Hostile) -> None:
    for width in (1, 20, 44, 80):
        for line in both(item(1, present=(Presence("Practitioner/l", one.text, READS),)), width):
            assert cell_len(line) == width
            assert not commanding(line)


@pytest.mark.parametrize("width", range(20, 120))
def test_a_colleague_who_is_there_is_told_at_every_width(width: int) -> None:
    for doing, sign in ((WRITES, "◆"), (READS, "◇")):
        assert sign in both(busy(present=(Presence("Practitioner/l", "Lise Sekretær", doing),)), width)[1]


def test_a_colleague_is_named_where_there_is_room() -> None:
    lise = Presence("Practitioner/l", "Lise Anne Sekretær", READS)
    assert "Lise S. reads" in both(item(1, present=(lise,)), 34)[1]
    assert "Lise S. +1 writes" in both(item(1, present=(replace(lise, doing=WRITES), lise)), 60)[1]
    assert "a colleague reads" in both(item(1, present=(replace(lise, name=""),)), 60)[1]


@pytest.mark.parametrize("width", range(30, 121))
def test_of_two_portals_each_row_tells_its_own_at_every_width(width: int) -> None:
    portals = PortalNames.of(["demo", "regional portal of the west"])
    for due in (None, NOW + timedelta(days=1), NOW - timedelta(days=1)):
        row = busy(due=due)
        first, second = both(row, width, portals=portals)
        assert first == both(row, width)[0], "the patient's line is the same"
        assert second[3:].startswith("[demo] " if width >= 60 else "[dem] "), second
        assert ("× needs you" if width >= 35 or due is None or due < NOW else "×") in second
        assert due is None or second.rstrip().endswith("overdue" if due < NOW else "due tomorrow"), second
        other = both(busy(due=due, key=Key("regional portal of the west", "t1")), width, portals=portals)[1]
        assert other[3:].startswith("[regional portal…] " if width >= 60 else "[reg] "), other


@pytest.mark.parametrize("code", ["en", "nb", "nn"])
@pytest.mark.parametrize("sending", [None, *Sending])
@pytest.mark.parametrize("names", [["demo"], ["demo", "regional"]], ids=["one portal", "two portals"])
def test_the_deadline_stands_at_every_width_whatever_lies_in_the_outbox(
    code: str, sending: Sending | None, names: list[str]
) -> None:
    language.use(code)
    portals, office = PortalNames.of(names), Office(is_holiday)
    found = Match("tidligere har jeg ", "vondt i brystet", " om natten")
    for days in (-400, -7, 0, 1, 400):
        due = NOW + timedelta(days=days, hours=1)
        for row in (busy(sending=sending, due=due), item(1, sending=sending, due=due, match=found)):
            for width in range(20, 121):
                second = both(row, width, portals=portals, office=office)[1]
                assert cell_len(second) == width
                words = deadline_words(due, office)
                assert any(second.rstrip().endswith(word) for word in words), second
                assert sending is None or SENDING_SIGNS[sending] in second, second


def deadline_words(due: datetime, office: Office) -> set[str]:
    """A deadline in each of its lengths."""
    return {deadline_word(due, NOW, days, roomy=roomy) for days in (None, office) for roomy in (False, True)}


def test_the_portal_and_what_the_outbox_holds_are_told_in_words_where_a_list_is_as_narrow_as_beside_a_reader() -> None:
    language.use("nb")
    portals = PortalNames.of(["demo", "regional"])
    late, soon = (busy(due=NOW + timedelta(days=days)) for days in (-7, 1))
    assert both(late, 36, portals=portals, office=Office(is_holiday))[1][3:] == "[dem] × trenger deg   over frist "
    assert both(soon, 36, portals=portals)[1][3:] == "[dem] × trenger…  frist i morgen "


def test_with_one_portal_nothing_is_told_of_it() -> None:
    assert both(busy(), 60, portals=PortalNames.of(["demo"])) == both(busy(), 60)


@pytest.mark.parametrize(
    ("names", "whole", "short"),
    [
        (["national", "regional"], ["national", "regional"], ["nat", "reg"]),
        (["127.0.0.1:8001", "127.0.0.1:8002"], ["127.0.0.1:8001", "127.0.0.1:8002"], ["001", "002"]),
        (["Helse Sør-Øst regional", "Helse Sør-Øst nasjonal"], ["…ør-Øst regional", "…ør-Øst nasjonal"], ["1", "2"]),
        (["A", "a"], ["1", "2"], ["1", "2"]),
        (["\x1b[31m", "b"], ["⟦U+001B⟧[31m", "b"], ["⟦U+", "b"]),
    ],
)
def test_no_two_portals_are_called_alike(names: list[str], whole: list[str], short: list[str]) -> None:
    portals = PortalNames.of(names)
    assert [portals.name(name) for name in names] == whole
    assert [portals.name(name, short=True) for name in names] == short


def test_a_portal_that_is_not_configured_any_more_is_named_even_beside_one() -> None:
    assert PortalNames.of(["national"]).tag("regional") == "[regional]"


def test_least_important_goes_first() -> None:
    parts = ("needs you", "Kari", "immediate", "draft", "e-contact", "written by", "2 attachments")
    missing = [{part for part in parts if part not in both(busy(preview=""), width)[1]} for width in range(159, 29, -1)]
    assert not missing[0]
    assert next(some for some in missing if some) == {"2 attachments"}
    assert all("needs you" not in some for some in missing)
    assert missing[-1] >= {"2 attachments", "written by", "e-contact", "draft"}


def test_signs_tell_state_without_colour() -> None:
    plain = both(item(1), 44)
    for how, row in {"cursor": item(1), "marked": item(1)}.items():
        assert both(row, 44, **{how: True}) != plain
    for change in (
        {"unread": True}, {"draft": True}, {"priority": Priority.URGENT}, {"sending": Sending.UNKNOWN},
        {"state": State.WAITING_PATIENT}, {"whose": Whose.NOBODY}, {"due": NOW},
    ):  # fmt: skip
        assert both(item(1, **change), 44) != plain, change


@pytest.mark.parametrize(
    ("name", "birth", "short"),
    [
        ("Ingrid Solberg", "1979-03-12", "Solberg I 79"),
        ("Solberg, Ingrid Marie", "1979", "Solberg I 79"),
        ("Anne Lise Hansen", "", "Hansen A"),
        ("Madonna", "1958-08", "Madonna 58"),
        ("", "1979", "unknown patient"),
        ("Ola Nordmann", "79", "Nordmann O"),
        ("Ola Nordmann", "\u0661\u0669\u0667\u0669-01", "Nordmann O"),
        ("Ola Wolfeschlegelsteinhausenbergerdorff", "2019-01-01", "Wolfeschlegelst… O 19"),
    ],
)
def test_short_names(name: str, birth: str, short: str) -> None:
    assert short_name(name, birth, 21) == short


def test_two_who_share_a_short_name_are_told_apart_by_the_year() -> None:
    older, younger = (both(item(1, birth=birth), 60)[0] for birth in ("1979-03-12", "1997-03-12"))
    assert older != younger


@pytest.mark.parametrize(
    ("ago", "word"),
    [
        (timedelta(seconds=-5), "now"), (timedelta(seconds=59), "now"), (timedelta(minutes=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"), (timedelta(days=40), "40 d"), (timedelta(days=4000), "4000 d"),
    ],
)  # fmt: skip
def test_ages(ago: timedelta, word: str) -> None:
    assert age_word(NOW - ago, NOW) == word


@pytest.mark.parametrize(
    ("ahead", "word"),
    [
        (timedelta(), "overdue"), (timedelta(hours=1), "due today"), (timedelta(days=1), "due tomorrow"),
        (timedelta(days=2), "due Thu"), (timedelta(days=7), "due 31/3"), (timedelta(days=300), "due 18/1 2027"),
    ],
)  # fmt: skip
def test_deadlines(ahead: timedelta, word: str) -> None:
    assert deadline_word(NOW + ahead, NOW) == word


OFFICE = Office(is_holiday)
FRIDAY = datetime(2026, 3, 27, 15, 30, tzinfo=ZoneInfo("Europe/Oslo"))
"""In the week before Holy Week, of which Thursday and Friday are holidays."""


@pytest.mark.parametrize(
    ("ahead", "word"),
    [
        (timedelta(), "overdue"), (timedelta(hours=1, minutes=28), "due today 15:30"),
        (timedelta(days=1), "due tomorrow"), (timedelta(days=2), "due Thursday"), (timedelta(days=6), "due Monday"),
        (timedelta(days=7), "due 31/3"),
    ],
)  # fmt: skip
def test_deadlines_where_there_is_room(ahead: timedelta, word: str) -> None:
    assert deadline_word(NOW + ahead, NOW, OFFICE, roomy=True) == word


@pytest.mark.parametrize(
    ("later", "long", "short"),
    [
        (timedelta(), "overdue", "overdue"), (timedelta(days=2), "overdue", "overdue"),
        (timedelta(days=3), "overdue 1 day", "overdue 1 d"), (timedelta(days=5), "overdue 3 days", "overdue 3 d"),
        (timedelta(days=10), "overdue 3 days", "overdue 3 d"), (timedelta(days=11), "overdue 4 days", "overdue 4 d"),
        (timedelta(days=99), "overdue 64 days", "overdue 64 d"), (timedelta(days=100), "overdue since 27/3", "overdue"),
        (timedelta(days=300), "overdue since 27/3 2026", "overdue"),
    ],
)  # fmt: skip
def test_how_long_over_is_told_in_working_days(later: timedelta, long: str, short: str) -> None:
    now = FRIDAY + later
    assert deadline_word(FRIDAY, now, OFFICE, roomy=True) == long
    assert deadline_word(FRIDAY, now, OFFICE) == short
    assert deadline_word(FRIDAY, now) == "overdue"


def test_a_due_year_that_no_calendar_can_add_to_is_told_all_the_same() -> None:
    dues = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    said = [deadline_word(due, NOW, OFFICE, roomy=True) for due in dues]
    assert said == ["overdue since 1/1 1", "due 31/12 9999"]


@pytest.mark.parametrize(
    ("ahead", "look"),
    [
        (timedelta(days=-1), Look.ALERT), (timedelta(), Look.ALERT), (timedelta(minutes=1), Look.URGENT),
        (timedelta(hours=9), Look.URGENT), (timedelta(hours=10), Look.QUIET), (timedelta(days=3), Look.QUIET),
    ],
)  # fmt: skip
def test_a_deadline_s_look_says_once_more_what_its_words_say(ahead: timedelta, look: Look) -> None:
    row = item(1, due=NOW + ahead)
    for width in (20, 34, 60, 120):
        word = deadline_word(NOW + ahead, NOW, OFFICE if width > 20 else None, roomy=width > 50)
        assert Piece(word, look) in row_lines(row, width, NOW, office=OFFICE)[1]


def test_a_deadline_stands_whole_on_a_row_of_any_width() -> None:
    for width in range(20, 121):
        for ahead in (-60, -4, 0, 3):
            due = NOW + timedelta(days=ahead, hours=1)
            line = both(busy(due=due), width, office=OFFICE)[1]
            words = {deadline_word(due, NOW, one, roomy=roomy) for one in (OFFICE, None) for roomy in (True, False)}
            assert cell_len(line) == width
            assert any(line.rstrip().endswith(f"  {word}") for word in words), (width, line)


def test_a_conversation_that_is_done_has_no_deadline() -> None:
    for due in (NOW - timedelta(days=4), NOW + timedelta(hours=1)):
        second = row_lines(item(1, due=due, state=State.DONE), 60, NOW, office=OFFICE)[1]
        assert "due" not in shown(second)
        assert not {piece.look for piece in second} & {Look.ALERT, Look.URGENT}


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_hostile_text_around_a_match_breaks_no_column(one: Hostile) -> None:
    for width in (1, 20, 31, 44, 80, 200):
        for match in (Match(one.text, one.text, one.text), Match("", "brystet", one.text), Match(one.text, "x", "")):
            for line in both(busy(match=match), width):
                assert cell_len(line) == width, (width, line)
                assert not commanding(line), (width, line)


def test_a_match_stands_in_the_row_with_what_is_before_it() -> None:
    row = item(1, match=Match("Nei, jeg har ikke ", "vondt", " i brystet lenger, men i foten"), due=NOW)
    second = both(row, 60)[1]
    assert "ikke vondt i brystet" in second
    assert "overdue" in second
    assert "vondt" in both(row, 31)[1]


def test_a_match_does_not_hide_that_something_needs_the_user() -> None:
    row = item(1, match=Match("a ", "b", " c"), sending=Sending.NEEDS_YOU)
    assert both(row, 44)[1].strip().startswith("× a b c")


def test_rows_of_one_patient_are_held_together_at_their_left_and_keep_the_name() -> None:
    rows = [both(item(1, group=InGroup(place, 3)), 44) for place in (1, 2, 3)]
    assert [(first[2], second[2]) for first, second in rows] == [("┌", "│"), ("├", "│"), ("└", " ")]
    for first, second in rows:
        assert "Solberg" in first
        assert (cell_len(first), cell_len(second)) == (44, 44)
    assert both(item(1), 44)[0][2:4] == " S"


def test_what_a_row_was_merged_into_is_said_before_whose_it_is() -> None:
    tied = item(1, into="Fornye Levaxin")
    assert "merged into «Fornye Levaxin»" in both(tied, 60)[1]
    assert "merged into «Fornye" in both(tied, 31)[1]
    told = both(item(1, joined=2, linked=1, category=""), 80)[1]
    assert "2 merged into it" in told
    assert "↔ linked" in told
