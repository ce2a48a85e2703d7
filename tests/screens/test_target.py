"""The rule of what keys act on, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screens.target import MOMENT, Place, View, looked_at, target
from tests.widgets.rows import item
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.people import Party, PartyKind
from workbench.dialogue.queue import Whose
from workbench.dialogue.work import State, WorkItem

ME = "Practitioner/kari"
ROW, READ = item(1), Conversation(Key("demo", "t2"), "Sak 2", None, (), WorkItem(state=State.DONE))
AS_ROW = replace(READ, key=ROW.key)
VIEW = View(
    Place.LIST,
    listed=True,
    empty=False,
    row=ROW,
    stood=None,
    in_sight=True,
    hidden=False,
    wanted=READ.key,
    shown=READ,
)
COLUMN, ELSEWHERE = replace(VIEW, place=Place.COLUMN), replace(VIEW, place=Place.ELSEWHERE)
BROUGHT = replace(VIEW, stood=0.0)
NOTHING = {"wanted": None, "shown": None}


def acts_on(view: View, **others: object) -> Key | None:
    found = target(replace(view, **others))  # type: ignore[arg-type]
    return found.key if found is not None else None


def test_in_the_list_on_the_row_that_a_key_brought_the_cursor_to() -> None:
    assert acts_on(VIEW) == ROW.key
    assert acts_on(VIEW, listed=False) is None, "another list was asked for"
    assert acts_on(VIEW, row=None) is None, "not held yet"


def test_in_the_list_on_a_row_that_news_brought_once_it_is_shown() -> None:
    assert acts_on(BROUGHT) is None
    assert acts_on(BROUGHT, stood=3600.0) is None, "the column shows another one still"
    assert acts_on(BROUGHT, wanted=ROW.key) is None, "it is being read"
    assert acts_on(BROUGHT, wanted=ROW.key, shown=AS_ROW) == ROW.key


def test_in_the_list_on_a_row_that_was_scrolled_away_only_where_the_column_shows_it() -> None:
    assert acts_on(VIEW, in_sight=False) is None
    assert acts_on(VIEW, in_sight=False, wanted=ROW.key, shown=AS_ROW) == ROW.key
    assert acts_on(VIEW, in_sight=False, hidden=True, wanted=ROW.key, shown=AS_ROW) is None


def test_in_the_list_that_hides_the_column_on_a_row_that_has_stood_a_moment() -> None:
    assert acts_on(BROUGHT, hidden=True, wanted=ROW.key, shown=AS_ROW) is None
    assert acts_on(BROUGHT, hidden=True, stood=MOMENT) == ROW.key


def test_in_the_column_on_what_it_shows_once_that_is_what_is_wanted() -> None:
    assert acts_on(COLUMN) == READ.key
    assert acts_on(COLUMN, wanted=ROW.key) is None
    assert acts_on(COLUMN, shown=None) is None
    assert acts_on(COLUMN, **NOTHING) is None


def test_elsewhere_on_what_the_column_shows_else_on_the_row() -> None:
    assert acts_on(ELSEWHERE) == READ.key
    assert acts_on(ELSEWHERE, wanted=ROW.key) is None
    assert acts_on(ELSEWHERE, hidden=True) == ROW.key
    assert acts_on(ELSEWHERE, **NOTHING) == ROW.key


def test_in_an_empty_list_on_what_the_column_shows() -> None:
    empty = replace(VIEW, empty=True, row=None)
    assert acts_on(empty) == READ.key
    assert acts_on(empty, hidden=True) is None
    assert acts_on(empty, **NOTHING) is None


def test_a_verb_is_held_to_what_was_shown() -> None:
    row, read = target(replace(VIEW, shown=AS_ROW)), target(COLUMN)
    assert row is not None
    assert (row.seen, row.state, row.whose(ME)) == (AS_ROW, State.CLAIMED, Whose.ME), "the row is what was looked at"
    assert read is not None
    assert (read.seen, read.state, read.whose(ME)) == (READ, State.DONE, Whose.NOBODY)


@pytest.mark.parametrize(("owner", "whose"), [(ME, Whose.ME), ("Practitioner/lise", Whose.COLLEAGUE)])
def test_whose_it_was_is_told_by_what_the_column_showed(owner: str, whose: Whose) -> None:
    taken = replace(READ, work=WorkItem(owner=Party(owner, "", PartyKind.STAFF)))
    found = target(replace(COLUMN, shown=taken))
    assert found is not None
    assert found.whose(ME) is whose


def test_what_only_tells_goes_by_where_the_user_is() -> None:
    assert looked_at(BROUGHT) == ROW.key
    assert looked_at(replace(COLUMN, shown=None)) == READ.key
    assert looked_at(replace(ELSEWHERE, wanted=None)) == ROW.key
    assert looked_at(replace(VIEW, empty=True, row=None)) == READ.key
