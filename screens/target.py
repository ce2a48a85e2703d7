"""What keys act on: only what is on the screen, as it stood there when the key was pressed.

This is the one place that decides it. A key that does something to a conversation acts

- with the focus in the conversation's column: on the conversation that the column shows, once that is the one it is
  to show; never on one that has still to be read, nor on what an unread one has left standing;
- with the focus in the list: on the row under the cursor, once the list is the one that was asked for and the row is
  held. Where the list itself put the row under the cursor, because news came, the user may mean the one before: it is
  acted on once the column beside shows it, or, on a narrow terminal that hides the column, a moment after it came. A
  row that a key of the user's brought the cursor to is acted on at once, however fast the keys come. One that was
  scrolled away is acted on only where the column beside shows it, and so is any row while the column is written in;
- with the focus elsewhere, as in the side bar, and in an empty list: on what the column shows; where it shows nothing,
  on the row.

Everywhere else a key acts on nothing, and the bell says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.overlay import whose_is
from workbench.dialogue.queue import Item, Whose
from workbench.dialogue.work import State

MOMENT: Final = 0.5
"""Seconds a row has to have stood under the cursor before it is taken to be the one that is meant."""


class Place(Enum):
    """Where the focus is."""

    LIST = auto()
    COLUMN = auto()
    ELSEWHERE = auto()


@dataclass(frozen=True, slots=True)
class View:
    """What is on the screen when a key is pressed."""

    place: Place
    listed: bool
    """The list is the one that was asked for."""
    empty: bool
    """It holds nothing."""
    row: Item | None
    """What its cursor stands on; None while that is not held."""
    stood: float | None
    """Seconds since the list itself put the row under the cursor; None where the user's own key brought it there, and
    the column, which is not being written in, follows."""
    in_sight: bool
    """The row is where it can be seen: a mouse may have scrolled it away."""
    hidden: bool
    """The conversation's column is not on the screen."""
    wanted: Key | None
    """What the column is to show."""
    shown: Conversation | None
    """What it shows."""


@dataclass(frozen=True, slots=True)
class Target:
    """A conversation that a key acts on, as it was on the screen."""

    key: Key
    seen: Conversation | None
    """What the column showed of it: a verb is held to that."""
    row: Item | None = None
    """The row that was looked at; None where it was the column."""

    @property
    def state(self) -> State | None:
        """Where the work stood, as shown."""
        if self.row is not None:
            return self.row.state
        return self.seen.work.state if self.seen is not None else None

    def whose(self, me: str) -> Whose:
        """To whom it belonged, as shown.

        Args:
            me: Reference of who acts.
        """
        if self.row is not None:
            return self.row.whose
        owner = self.seen.work.owner if self.seen is not None else None
        return whose_is(owner.reference if owner is not None else "", me)


def target(view: View) -> Target | None:
    """What a key acts on that does something; None where it does nothing."""
    if view.place is Place.LIST and not view.empty:
        return _row(view)
    if view.place is Place.COLUMN or (view.wanted is not None and not view.hidden):
        return _column(view)
    return _row(view)


def looked_at(view: View) -> Key | None:
    """The conversation the user is at, whether or not a key may act on it yet: for what only tells."""
    row = view.row.key if view.row is not None else None
    if view.place is Place.LIST and not view.empty:
        return row
    return view.wanted if view.place is Place.COLUMN else view.wanted or row


def _column(view: View) -> Target | None:
    if view.hidden or view.shown is None or view.shown.key != view.wanted:
        return None
    return Target(view.shown.key, view.shown)


def _row(view: View) -> Target | None:
    if view.row is None or not view.listed:
        return None
    seen = view.shown if view.shown is not None and view.shown.key == view.row.key else None
    if not view.in_sight and (view.hidden or seen is None):
        return None
    sure = view.stood is None or (view.stood >= MOMENT if view.hidden else seen is not None)
    return Target(view.row.key, seen, view.row) if sure else None
