"""All keys, made from the registry."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialog import Dialog
from widgets.scrolling import Scroller
from workbench.command import PLACES
from workbench.commands import COMMANDS, key_name
from workbench.language import N_, _

WIDTH: Final = 54
"""Cells for what a key does, beside its name."""
SEARCH: Final = (
    (N_("patient:"), N_("The patient's name, number, its last five digits, or birth date")),
    (N_("from:"), N_("Somebody who wrote in it")),
    (N_("owner:"), N_("Who has it, by name; also: me, none")),
    (N_("team: type:"), N_("Team, category; a beginning is enough")),
    (N_("portal:"), N_("The portal")),
    (
        N_("is:"),
        N_(
            "open, done, new, escalated, waiting, colleague, snoozed, unread, flagged, overdue, mine, unclaimed, "
            "claimed, any"
        ),
    ),
    (N_("date:"), N_("The day of the last message: 2026, 2026-03, 2026-03-24, today")),
    (N_("after: before:"), N_("From a day on; until the day before it")),
)
"""Fields of a search, and what may stand behind them: in each language the words that mean it there."""


class HelpScreen(Dialog[None]):
    """Shows every key with what it does; escape goes back."""

    BINDINGS = [Binding("escape,q,question_mark,f1", "close", show=False)]
    AUTO_FOCUS = "Scroller"
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 78; max-width: 98%; height: 95%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & Scroller { scrollbar-size-vertical: 1; }
    }
    """

    def __init__(self, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._remapped = remapped

    def compose(self) -> ComposeResult:
        """The keys by place."""
        with Vertical() as box:
            box.border_title = Content(_("Keys"))
            with Scroller():
                yield Static(self._keys(), markup=False)

    def _keys(self) -> Content:
        lines: list[Content] = []
        for place, title in PLACES.items():
            lines += [Content.styled(_(title), "bold $text-primary")]
            for command in COMMANDS:
                if command.place == place:
                    keys = self._remapped.get(command.id) or ",".join(command.keys)
                    shown = ", ".join(key_name(key) for key in keys.split(","))
                    lines += _line(shown, _(command.help))
            lines.append(Content(""))
        lines.append(Content.styled(_("Search"), "bold $text-primary"))
        for names, what in SEARCH:
            lines += _line(_(names), _(what))
        lines.append(Content(""))
        lines.append(Content.styled(_("Lists"), "bold $text-primary"))
        lines += _line("↑ ↓ j k", _("Move; enter opens; tab goes to the next pane"))
        return Content("\n").join(lines)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()


def _line(name: str, what: str) -> list[Content]:
    """A name and beside it what it does, on as many lines as that takes."""
    first, *more = wrap(what, WIDTH)
    return [Content.assemble((f"  {name:<16}", "bold"), first), *(Content(" " * 18 + line) for line in more)]
