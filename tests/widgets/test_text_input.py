"""What is pasted into a line comes in whole, in the place of what is selected."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from tests.widgets.screen import settled
from widgets.search_line import LONGEST, SearchLine
from widgets.text_input import TextInput


class Host(App[None]):
    """A line alone, with something in it, which is selected when the line is gone to."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value

    def compose(self) -> ComposeResult:
        yield TextInput(self.value)


class Searching(App[None]):
    """The line of a search alone."""

    def compose(self) -> ComposeResult:
        yield SearchLine("Ord")


@pytest.mark.parametrize(
    ("before", "paste", "after"),
    [
        ("", "Ring pasienten\nIKKE gi penicillin\n", "Ring pasienten IKKE gi penicillin"),
        ("", "\r\n/srv/felles\r\n", "/srv/felles"),
        ("/srv/kari/", "/srv/felles", "/srv/felles"),
        ("", "a\x1b[31m\u202eb", "a[31mb"),
        ("", "", ""),
    ],
)
async def test_a_paste_loses_no_line_and_goes_in_the_place_of_what_is_selected(
    before: str, paste: str, after: str
) -> None:
    app = Host(before)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.post_message(events.Paste(paste))
        await settled(pilot)
        line = app.query_one(TextInput)
        assert line.value == after
        app.post_message(events.Key("x", "x"))
        await settled(pilot)
        assert line.value == f"{after}x", "what is typed next goes on behind it"


async def test_no_paste_makes_a_search_that_keeps_all_reading_waiting() -> None:
    rung: list[None] = []
    app = Searching()
    app.bell = lambda: rung.append(None)  # type: ignore[method-assign]
    async with app.run_test() as pilot:
        line = app.query_one(SearchLine)
        line.open()
        await settled(pilot)
        app.post_message(events.Paste("ord " * 250_000))
        await settled(pilot)
        assert line.value == "ord " * (LONGEST // 4)
        assert rung
        app.post_message(events.Key("x", "x"))
        await settled(pilot)
        assert len(line.value) == LONGEST
        line.select_all()
        app.post_message(events.Paste("solberg"))
        await settled(pilot)
        assert line.value == "solberg"
