"""What scrolls: its bar tells where it stands."""

from textual.app import App, ComposeResult
from textual.geometry import Size

from tests.widgets.screen import settled
from widgets.scrolling import LineScroller


class Host(App[None]):
    """Something to scroll."""

    CSS = "LineScroller { width: 40; height: 10; }"

    def compose(self) -> ComposeResult:
        yield LineScroller()


async def test_what_is_scrolled_before_its_bar_is_there_shows_in_the_bar_where_it_stands() -> None:
    async with Host().run_test() as pilot:
        scroller = pilot.app.query_one(LineScroller)
        before = scroller.show_vertical_scrollbar
        scroller.virtual_size = Size(40, 15)
        scroller.scroll_to(y=5, animate=False, force=True)
        await settled(pilot)
        assert (before, scroller.show_vertical_scrollbar) == (False, True)
        assert (scroller.scroll_y, scroller.vertical_scrollbar.position) == (5, 5)
