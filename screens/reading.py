"""A text read on its own: a document of the record."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialog import Dialog
from widgets.display import for_display
from widgets.entry import WHOLE
from widgets.scrolling import Scroller
from workbench.dialogue.clean import clip
from workbench.language import _


class ReadingScreen(Dialog[None]):
    """Shows a text under the patient's identity; escape goes back."""

    BINDINGS = [Binding("escape,q", "close", show=False)]
    AUTO_FOCUS = "Scroller"
    DEFAULT_CSS = """
    ReadingScreen {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 100; height: 95%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & .reading--who { height: auto; background: $panel; padding: 0 1; margin-bottom: 1; }
        & Scroller { height: 1fr; scrollbar-size-vertical: 1; }
    }
    """

    def __init__(self, title: str, who: Content, text: str) -> None:
        super().__init__()
        self._title, self._who, self._text = title, who, text

    def compose(self) -> ComposeResult:
        """Identity, then the text."""
        kept, cut = clip(self._text, *WHOLE)
        with Vertical() as box:
            box.border_title = for_display(self._title, one_line=True)
            yield Static(self._who, classes="reading--who", markup=False)
            with Scroller():
                yield Static(for_display(kept), markup=False)
                if cut:
                    yield Static(Content(_("The rest is too long to show here: save it to a file")), markup=False)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()
