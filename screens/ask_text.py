"""A line of text asked for: a file's name, a reason, a folder."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from screens.dialog import Dialog
from widgets.text_input import TextInput


class AskText(Dialog[str | None]):
    """Shows a line to type in; enter gives the text back, escape gives None."""

    BINDINGS = [Binding("escape", "cancel", show=False)]
    DEFAULT_CSS = """
    AskText {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 96%; height: auto;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & TextInput { border: none; height: 1; padding: 0 1; background: $boost; }
        & TextInput:focus { border: none; }
        & Static { color: $text-muted; height: auto; }
    }
    """

    def __init__(
        self,
        title: Content,
        hint: str,
        *,
        value: str = "",
        suggester: Suggester | None = None,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__()
        self._title, self._hint, self._value, self._suggester = title, hint, value, suggester
        self._may_be_empty = may_be_empty

    def compose(self) -> ComposeResult:
        """The line in a box, with a hint under it."""
        with Vertical() as box:
            box.border_title = self._title
            yield TextInput(self._value, suggester=self._suggester)
            yield Static(Content(self._hint), markup=False)

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Gives the text back."""
        event.stop()
        if event.value.strip() or self._may_be_empty:
            self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Gives nothing back."""
        self.dismiss(None)
