"""Tells something there is nothing to answer to: why a row stands where it does, why nothing can be done."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialog import Dialog, fit
from widgets.scrolling import Scroller
from workbench.commands import key_name
from workbench.language import _


class Why(Dialog[None]):
    """Shows the reasons in a box; any of its keys goes back."""

    AUTO_FOCUS = "Scroller"
    BINDINGS = [Binding("escape,enter,i", "close", show=False)]
    DEFAULT_CSS = """
    Why {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 96%; height: auto; max-height: 90%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 1 2;
        }
        & Scroller { height: auto; scrollbar-size-vertical: 1; }
        & .why--keys { margin-top: 1; color: $text-muted; }
    }
    """

    def __init__(self, title: str, reasons: Content) -> None:
        super().__init__()
        self._title, self._reasons = title, reasons

    def compose(self) -> ComposeResult:
        """The reasons, and how to go back."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            with Scroller():
                yield Static(self._reasons, markup=False)
            yield Static(Content(f"{key_name('escape')} {_('back')}"), classes="why--keys", markup=False)

    def on_resize(self) -> None:
        """Leaves room for the key that goes back."""
        fit(self)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(None)
