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
from workbench.language import _

WIDTH: Final = 54
"""Cells for what a key does, beside its name."""


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
                    first, *more = wrap(_(command.help), WIDTH)
                    lines.append(Content.assemble((f"  {shown:<16}", "bold"), first))
                    lines += [Content(" " * 18 + line) for line in more]
            lines.append(Content(""))
        lines.append(Content.styled(_("Lists"), "bold $text-primary"))
        lines.append(
            Content.assemble(("  ↑ ↓ j k         ", "bold"), _("Move; enter opens; tab goes to the next pane"))
        )
        return Content("\n").join(lines)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()
