"""A choice from a short list, narrowed by typing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from widgets.cells import outside
from widgets.display import for_display
from widgets.text_input import TextInput
from workbench.dialogue.fold import ACCENTS, fold
from workbench.language import N_, _


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked."""

    id: str
    """What picking it gives."""
    label: str
    """Text from outside."""
    detail: str = ""
    """What stands beside the label, searched too; text from outside."""
    yields: bool = False
    """It stands behind the others that fit as well what was typed."""


class Picker(Vertical):
    """A line to type in over the choices that hold what was typed; the keys stay in the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", N_("next"), id="picker.down", show=False, priority=True),
        Binding("up", "move(-1)", N_("previous"), id="picker.up", show=False, priority=True),
        Binding("pagedown", "move(10)", N_("a page down"), id="picker.page_down", show=False, priority=True),
        Binding("pageup", "move(-10)", N_("a page up"), id="picker.page_up", show=False, priority=True),
        Binding("enter", "pick", N_("choose"), id="picker.pick", show=False, priority=True),
        Binding("escape", "cancel", N_("cancel"), id="picker.cancel", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Picker {
        height: auto;
        & > TextInput { border: none; height: 1; padding: 0 1; background: $boost; }
        & > OptionList { border: none; height: auto; max-height: 16; background: $surface; padding: 0; }
        & > Static { display: none; height: 1; padding: 0 1; color: $text-muted; }
        &.-nothing > Static { display: block; }
        &.-nothing > OptionList { display: none; }
    }
    """

    @dataclass
    class Picked(Message):
        """A choice was made."""

        id: str

    @dataclass
    class Cancelled(Message):
        """The user wants none of them."""

    def __init__(
        self,
        choices: Sequence[Choice],
        *,
        highlighted: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Takes what can be picked.

        Args:
            choices: At most a few hundred, in the order to show them.
            highlighted: Id of the choice that enter picks at first.
            id: The widget's id.
            classes: The widget's CSS classes.
        """
        super().__init__(id=id, classes=classes)
        self._choices = tuple(choices)
        self._plain = tuple((_plain(outside(c.label)), _plain(outside(c.detail))) for c in self._choices)
        self._first = highlighted
        self._shown: tuple[Choice, ...] = ()
        self._shows = self._painted = 0
        """How often other choices were put in the list, and which of these times is on the screen."""

    def compose(self) -> ComposeResult:
        """The line, the choices, and what is said when none is left."""
        yield TextInput(placeholder=_("type to narrow down"), compact=True)
        options = OptionList(markup=False, compact=True)
        options.can_focus = False
        yield options
        yield Static(Content(_("nothing fits")), markup=False)

    def on_mount(self) -> None:
        """Shows all choices."""
        self._show(self._choices, self._first)
        self.focus_line()

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The choices that hold what was typed."""
        return self._shown

    @property
    def highlighted(self) -> Choice | None:
        """What enter picks."""
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    def focus_line(self) -> None:
        """Goes to the line."""
        self.query_one(TextInput).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrows the choices; those that begin with what was typed come first, so that a letter or two will do."""
        event.stop()
        words = _plain(event.value).split()
        ranks = [_rank(words, *plain) for plain in self._plain]
        fitting = sorted(
            (rank, bool(words) and self._choices[place].yields, place)
            for place, rank in enumerate(ranks)
            if rank is not None
        )
        self._show([self._choices[place] for *_order, place in fitting], None if words else self._first)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """Picks what was clicked."""
        event.stop()
        if self._painted != self._shows:
            self.app.bell()  # another stood under the mouse: letters struck before the click came in between
        elif event.option_index < len(self._shown):
            self.post_message(self.Picked(self._shown[event.option_index].id))

    @on(OptionList.OptionHighlighted)
    def moved(self, event: OptionList.OptionHighlighted) -> None:
        """Keeps a movement inside the list to itself."""
        event.stop()

    def action_move(self, lines: int) -> None:
        """Moves the highlight, stopping at both ends."""
        self._in_turn(lambda: self._move(lines))

    def action_pick(self) -> None:
        """Picks what is highlighted."""
        self._in_turn(self._pick)

    def action_cancel(self) -> None:
        """Picks nothing."""
        self._in_turn(lambda: self.post_message(self.Cancelled()))

    def _in_turn(self, doing: Callable[[], object]) -> None:
        """Does something once the letters that were struck before it have narrowed the choices.

        These keys come to the program first: at once, enter would pick what stood there before the letters.
        """
        line = self.query_one(TextInput)
        line.call_later(line.call_later, self.call_later, doing)  # behind the letters, and what the line tells of them

    def _move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = min(max((options.highlighted or 0) + lines, 0), len(self._shown) - 1)

    def _pick(self) -> None:
        options = self.query_one(OptionList)
        at = options.scroll_offset
        options.scroll_to_highlight()
        if options.scroll_offset != at and self._painted == self._shows:
            self.app.bell()  # the wheel had taken it out of sight: it is shown again, and nobody has seen it yet
        elif self.highlighted is not None:
            self.post_message(self.Picked(self.highlighted.id))

    def _show(self, choices: Sequence[Choice], highlighted: str | None) -> None:
        self._shown = tuple(choices)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(choice)) for choice in self._shown])
        places = (place for place, choice in enumerate(self._shown) if choice.id == highlighted)
        options.highlighted = next(places, 0) if self._shown else None
        self.set_class(not self._shown, "-nothing")
        self._shows += 1
        self.call_after_refresh(self._paint, self._shows)

    def _paint(self, time: int) -> None:
        self._painted = time


def _plain(text: str) -> str:
    """Text as it is compared: folded as in a search, and without other accents."""
    return ACCENTS.sub("", unicodedata.normalize("NFD", fold(text)))


def _rank(words: Sequence[str], label: str, detail: str) -> int | None:
    """How well a choice fits what was typed, 0 for best.

    The label is that word for word, begins so, has other words that begin so; what stands beside it has words that
    begin so; either of them holds it.
    """
    text = f"{label} {detail}"
    if not all(word in text for word in words):
        return None
    typed = " ".join(words)
    if label.startswith(typed):
        return 0 if label == typed else 1
    if _words_begin(words, label):
        return 1 if label.startswith(words[0]) else 2
    return 3 if _words_begin(words, text) else 4


def _words_begin(typed: Sequence[str], text: str) -> bool:
    """Whether for all that was typed there is a word of a text that begins so."""
    return all(f" {word}" in f" {text}" for word in typed)


def _line(choice: Choice) -> Content:
    label = for_display(outside(choice.label), one_line=True)
    return (
        Content.assemble(label, for_display(f"  {outside(choice.detail)}", "$text-muted")) if choice.detail else label
    )
