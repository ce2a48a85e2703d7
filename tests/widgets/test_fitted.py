"""Lines that are broken by us are counted at the width they are broken for."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Size

from tests.widgets.screen import lines, settled
from widgets.fitted import Fitted
from widgets.fitting import packed

WORDS = [Content(f"et langt ord nummer {number}") for number in range(24)]


def broken(width: int) -> Content:
    return Content("\n").join(packed(WORDS, width, Content("  ")))


class Host(App[None]):
    """Text that we break, and something below it."""

    CSS = "Fitted { height: auto; }"

    def compose(self) -> ComposeResult:
        yield Fitted(broken)


async def test_all_lines_and_no_other_are_shown_at_every_width() -> None:
    async with Host().run_test(size=(120, 40)) as pilot:
        text = pilot.app.query_one(Fitted)
        for width in (120, 40, 90, 31, 120):
            wanted, size = broken(width).plain.split("\n"), Size(width, 40)
            assert text.get_content_height(size, size, width) == len(wanted), "asked before it has that width"
            await pilot.resize_terminal(width, 40)
            await settled(pilot)
            assert [line.rstrip() for line in lines(pilot.app)[: len(wanted)]] == wanted
            assert text.size.height == len(wanted)
