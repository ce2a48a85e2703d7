"""Which colleagues are at the conversation that is on the screen."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from widgets.display import short_name
from widgets.row import PRESENT
from workbench.dialogue.presence import Doing, Presence
from workbench.language import _, ngettext

MOST_NAMED = 2
"""Colleagues who are named; of more it is told how many."""


class PresenceLine(Static):
    """One line that is there while a colleague is."""

    DEFAULT_CSS = """
    PresenceLine {
        height: auto; max-height: 2; padding: 0 1; display: none; color: $text-accent;
        text-wrap: nowrap; text-overflow: ellipsis;
        &.-writes { text-style: bold; color: $text-warning; background: $warning-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._shown: tuple[Presence, ...] = ()

    def show(self, present: tuple[Presence, ...]) -> None:
        """Shows who is there; nothing where nobody is."""
        if present == self._shown:
            return
        self._shown = present
        self.display = bool(present)
        self.set_class(any(one.doing is Doing.WRITING for one in present), "-writes")
        self.update(Content("\n").join([Content(line) for line in presence_lines(present)]))


def presence_lines(present: tuple[Presence, ...]) -> list[str]:
    """A line on those who write, and one on those who read."""
    lines = []
    for doing, sign in PRESENT.items():
        names = [name_of(one) for one in present if one.doing is doing]
        if names:
            lines.append(f"{sign} {_sentence(doing, names)}")
    return lines


def name_of(presence: Presence) -> str:
    """What a colleague is called; text that is safe to show."""
    return short_name(presence.name) or _("a colleague")


def _sentence(doing: Doing, names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        count = len(names)
        if doing is Doing.WRITING:
            said = ngettext("{count} colleague is writing here now", "{count} colleagues are writing here now", count)
        else:
            said = ngettext("{count} colleague is reading this now", "{count} colleagues are reading this now", count)
        return said.format(count=count)
    listed = _(" and ").join(names)
    if doing is Doing.WRITING:
        return ngettext("{names} is writing here now", "{names} are writing here now", len(names)).format(names=listed)
    return ngettext("{names} is reading this now", "{names} are reading this now", len(names)).format(names=listed)
