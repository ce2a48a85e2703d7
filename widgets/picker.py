"""A short list with a line above it that narrows it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from widgets.display import for_display
from widgets.text_input import TextInput
from workbench.dialogue.fold import fold
from workbench.language import _


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to pick."""

    id: str
    label: str
    """Text from outside or a word of ours."""
    detail: str = ""


class Picker(Vertical):
    """Typing narrows, arrows move, enter picks, escape cancels; at most a few hundred choices."""

    BINDINGS = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("enter", "pick", show=False, priority=True),
        Binding("escape", "cancel", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Picker {
        height: auto;
        & TextInput { border: none; height: 1; padding: 0 1; background: $boost; }
        & OptionList { border: none; height: auto; max-height: 16; background: $surface; padding: 0; }
    }
    """

    @dataclass
    class Picked(Message):
        """A choice was made."""

        id: str

    @dataclass
    class Cancelled(Message):
        """Nothing was picked."""

    def __init__(self, choices: Sequence[Choice], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = tuple(choices)
        self._shown: tuple[Choice, ...] = ()

    def compose(self) -> ComposeResult:
        """The line, and the list under it."""
        yield TextInput(placeholder=_("type to narrow down"), compact=True)
        options = OptionList(markup=False)
        options.can_focus = False
        yield options

    def on_mount(self) -> None:
        """Shows all."""
        self._show("")
        self.query_one(TextInput).focus()

    def focus_line(self) -> None:
        """Goes to the line."""
        self.query_one(TextInput).focus()

    @on(Input.Changed)
    def narrowed(self, event: Input.Changed) -> None:
        """Shows what fits."""
        event.stop()
        self._show(event.value)

    def _show(self, words: str) -> None:
        wanted = fold(words).split()
        self._shown = tuple(c for c in self._choices if all(w in fold(f"{c.label} {c.detail}") for w in wanted))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(choice)) for choice in self._shown])
        if self._shown:
            options.highlighted = 0
        else:
            options.add_option(Option(Content(_("nothing fits")), disabled=True))

    def _line(self, choice: Choice) -> Content:
        label = for_display(choice.label, one_line=True)
        return Content.assemble(label, "  ", for_display(choice.detail, "$text-muted", one_line=True))

    def action_move(self, by: int) -> None:
        """Moves the highlight."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = min(max((options.highlighted or 0) + by, 0), len(self._shown) - 1)

    def action_pick(self) -> None:
        """Picks what is highlighted."""
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._shown):
            self.post_message(self.Picked(self._shown[place].id))

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """Picks what was clicked."""
        event.stop()
        if event.option_index < len(self._shown):
            self.post_message(self.Picked(self._shown[event.option_index].id))

    def action_cancel(self) -> None:
        """Picks nothing."""
        self.post_message(self.Cancelled())
