"""What is longer than its room is scrolled by the keys of the lists, wherever it stands."""

from typing import Final

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

SCROLLING: Final[list[BindingType]] = [
    Binding("down,j", "scroll_down", show=False),
    Binding("up,k", "scroll_up", show=False),
    Binding("pagedown,space", "page_down", show=False),
    Binding("pageup", "page_up", show=False),
    Binding("home", "scroll_home", show=False),
    Binding("end", "scroll_end", show=False),
]


class Scroller(VerticalScroll):
    """Holds what may be longer than its room."""

    BINDINGS = SCROLLING
