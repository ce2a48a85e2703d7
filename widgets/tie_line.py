"""With which other conversations of the patient the one on the screen is read, or linked."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.widgets import Static

from widgets.cells import cut, outside
from widgets.display import for_display
from widgets.row import LINKED
from widgets.words import state_word
from workbench.commands import first_key
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.tie import Tied
from workbench.language import _

INTO, JOINED = "↳", "+"
MOST = 40
"""Cells of a title."""


class TieLine(Static):
    """A line a tie, there while there is one."""

    DEFAULT_CSS = """
    TieLine {
        height: auto; max-height: 4; padding: 0 1; display: none; color: $text-accent;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._shown: tuple[Content, ...] = ()

    def show(self, conversation: Conversation) -> None:
        """Shows what a conversation is tied to; nothing where it is tied to nothing."""
        lines = tuple(tie_lines(conversation))
        if lines == self._shown:
            return
        self._shown = lines
        self.display = bool(lines)
        self.update(Content("\n").join(lines))


def tie_lines(conversation: Conversation) -> Iterator[Content]:
    """What a conversation was merged into, what was merged into it, what it is linked with: each with its sign."""
    for tied in conversation.into:
        yield _line(INTO, _("merged into {title}"), tied)
    if conversation.merged:
        titles = ", ".join(f"«{cut(outside(one.title), MOST)}»" for one in conversation.merged)
        said = _("read here as well: {titles}").format(titles=titles)
        yield for_display(f"{JOINED} {said} · {_go()}", one_line=True)
    for tied in conversation.linked:
        yield _line(LINKED, _("linked with {title}"), tied)


def _line(sign: str, said: str, tied: Tied) -> Content:
    title = f"«{cut(outside(tied.title), MOST)}»"
    return for_display(f"{sign} {said.format(title=title)} · {state_word(tied.state)} · {_go()}", one_line=True)


def _go() -> str:
    return _("{key} goes there").format(key=first_key("tie"))
