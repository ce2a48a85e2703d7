"""A question answered by yes or no, naming what will happen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialog import Dialog, fit
from widgets.scrolling import Scroller
from workbench.command import DIALOG
from workbench.commands import bindings, first_key


class Ask(Dialog[bool]):
    """Shows a question; enter says yes, escape says no."""

    BINDINGS = [*bindings(DIALOG)]
    AUTO_FOCUS = "Scroller"
    DEFAULT_CSS = """
    Ask {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 96%; height: auto; max-height: 90%;
            border: round $primary; background: $surface; padding: 1 2;
            border-title-style: bold;
        }
        &.-note > Vertical { border: double $warning; border-title-color: $text-warning; }
        &.-danger > Vertical { border: heavy $error; border-title-color: $text-error; }
        & Scroller { height: auto; scrollbar-size-vertical: 1; }
        & .ask--keys { margin-top: 1; text-style: bold; }
    }
    """

    def __init__(
        self, title: Content, body: Content, yes: str, no: str, *, kind: str = "", held_for: float = 0.0
    ) -> None:
        """Prepares the question.

        Args:
            title: On the border.
            body: What will happen, to whom.
            yes: Word beside enter.
            no: Word beside escape.
            kind: `note` or `danger` for another border.
            held_for: Seconds in which a yes is not taken, because a paste just came in and may still bring keys.
        """
        super().__init__(classes=f"-{kind}" if kind else None)
        self._title, self._body, self._yes, self._no = title, body, yes, no
        self._held_for = held_for
        self._armed = held_for <= 0

    def compose(self) -> ComposeResult:
        """The question in a box, with its two keys."""
        with Vertical() as box:
            box.border_title = self._title
            with Scroller():
                yield Static(self._body, markup=False)
            keys = f"{first_key('confirm')} {self._yes}     {first_key('cancel')} {self._no}"
            yield Static(Content(keys), classes="ask--keys", markup=False)

    def on_resize(self) -> None:
        """Leaves room for the keys: they stay in sight, however much is asked about."""
        fit(self)

    def on_mount(self) -> None:
        """Arms the yes once keys of a paste can no longer be on their way."""
        if not self._armed:
            self.set_timer(self._held_for, self._arm)

    def _arm(self) -> None:
        self._armed = True

    def action_confirm(self) -> None:
        """Says yes."""
        if self._armed:
            self.dismiss(True)

    def action_cancel(self) -> None:
        """Says no."""
        self.dismiss(False)
