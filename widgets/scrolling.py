"""What is longer than its room is scrolled by the keys of the lists, wherever it stands."""

from typing import Final

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.scroll_view import ScrollView

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


class LineScroller(ScrollView):
    """Draws line by line what may be longer than its room."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tells the bar where it stands also before it is shown: Textual would then show it at the top."""
        super().watch_scroll_y(old_value, new_value)
        self.vertical_scrollbar.position = new_value
