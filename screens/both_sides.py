"""What the user wrote beside how the conversation stands now, with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.dialog import Dialog
from widgets.fitted import Fitted
from widgets.fitting import packed
from widgets.outbox_lines import BETWEEN_KEYS, key_word, key_words
from workbench.command import OUTBOX
from workbench.commands import bindings, by_id, key_of
from workbench.dialogue.remedies import Remedy
from workbench.language import _


@dataclass(frozen=True, slots=True)
class Sides:
    """All that is shown; nothing of it changes while somebody reads and decides."""

    title: Content
    who: Content
    """Whose it is, and by which portal."""
    why: Content
    """What happened to it."""
    written: Content
    standing: Content
    able: Sequence[Remedy]


class BothSides(Dialog[Remedy | None]):
    """Two panes that scroll, tab between them; gives back what the user wants done."""

    AUTO_FOCUS = "#standing"
    BINDINGS = bindings(OUTBOX)
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (72, "-beside")]
    DEFAULT_CSS = """
    BothSides {
        align: center middle;
        & > Vertical {
            width: 96%; height: 96%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & Static { height: auto; }
        & .sides--who { background: $panel; padding: 0 1; }
        & .sides--why { padding: 0 1; }
        & #panes { height: 1fr; layout: horizontal; }
        &.-stacked #panes { layout: vertical; }
        & VerticalScroll {
            width: 1fr; height: 1fr; border: round $foreground 30%; border-title-style: bold;
            border-title-color: $foreground; padding: 0 1; scrollbar-size-vertical: 1;
            &:focus { border: round $border; border-title-color: $border; }
        }
    }
    """

    def __init__(self, sides: Sides, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._sides, self._remapped = sides, remapped

    def compose(self) -> ComposeResult:
        """Whose and why, the two panes, the keys."""
        sides = self._sides
        with Vertical() as box:
            box.border_title = sides.title
            yield Static(sides.who, classes="sides--who", markup=False)
            yield Static(sides.why, classes="sides--why", markup=False)
            with Container(id="panes"):
                for name, title, content in (
                    ("written", _("What you wrote"), sides.written),
                    ("standing", _("How it stands now"), sides.standing),
                ):
                    with VerticalScroll(id=name) as pane:
                        pane.border_title = Content(title)
                        yield Static(content, markup=False)
            yield Fitted(self._key_lines)

    def _key_lines(self, width: int) -> Content:
        back = by_id("close")
        able = key_words(self._sides.able, self._remapped)
        keys = [*able, key_word("tab", _("other side")), key_word(key_of(back, self._remapped), _(back.word))]
        return Content("\n").join(packed(keys, width, BETWEEN_KEYS))

    def _choose(self, remedy: Remedy) -> None:
        if remedy in self._sides.able:
            self.dismiss(remedy)
        else:
            self.app.bell()

    def action_edit(self) -> None:
        """Wants the words back to go on writing."""
        self._choose(Remedy.EDIT)

    def action_send_again(self) -> None:
        """Wants it sent all the same."""
        self._choose(Remedy.SEND)

    def action_try_now(self) -> None:
        """Wants the portal spoken to now."""
        self._choose(Remedy.TRY)

    def action_take_back(self) -> None:
        """Wants it back."""
        self._choose(Remedy.TAKE_BACK)

    def action_throw_away(self) -> None:
        """Wants it gone."""
        self._choose(Remedy.THROW_AWAY)

    def action_look(self) -> None:
        """Is there already."""

    def action_close(self) -> None:
        """Wants nothing done now."""
        self.dismiss(None)
