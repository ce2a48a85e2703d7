"""A row: exact in cells, harmless, and never without the patient."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from tests.hostile import Hostile, commanding, hostile
from tests.widgets.rows import NOW, item
from widgets.portals import PortalNames
from widgets.row import Line, row_lines, short_name
from widgets.words import age_word, deadline_word
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.queue import Item, Whose
from workbench.dialogue.work import Priority, State

TEXTS = ("title", "patient_name", "birth", "writer", "owner_name", "pool", "category", "preview")


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
    }  # fmt: skip
    return item(1, **(all_of_it | changes))


def test_texts_are_all_the_texts_of_an_item() -> None:
    assert set(TEXTS) == {f.name for f in fields(Item) if f.type == "str"} - {"patient"}


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


@pytest.mark.parametrize("width", range(30, 121))
def test_of_two_portals_each_row_tells_its_own_at_every_width(width: int) -> None:
    portals = PortalNames.of(["demo", "regional portal of the west"])
    for due in (None, NOW + timedelta(days=1), NOW - timedelta(days=1)):
        row = busy(due=due)
        first, second = both(row, width, portals=portals)
        assert first == both(row, width)[0], "the patient's line is the same"
        assert second[3:].startswith("[demo] " if width >= 60 else "[dem] "), second
        assert "× needs you" in second
        assert ("overdue" in second) == (due is not None and due < NOW)
        other = both(busy(due=due, key=Key("regional portal of the west", "t1")), width, portals=portals)[1]
        assert other[3:].startswith("[regional portal…] " if width >= 60 else "[reg] "), other


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
