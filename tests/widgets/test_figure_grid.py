"""Tables of figures: what there is no room for slides into view, and no figure is cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tests.widgets.screen import settled
from widgets.figure_grid import FigureGrid
from widgets.figure_widths import Widths, columns_in_view, day_widths, queue_widths
from widgets.figures import Cell, Row, Table, queue_table
from workbench import language
from workbench.dialogue.overview import Overview

DAYS = 14


@pytest.mark.parametrize("widths_of", [queue_widths, day_widths])
def test_every_column_comes_into_view_whole(widths_of: Callable[[int], Widths]) -> None:
    for width in range(30, 200):
        widths = widths_of(width)
        many, first = len(widths.columns), 0
        for column in (*range(many), *reversed(range(many))):
            shown = columns_in_view(widths, width, column, first)
            assert column in shown
            assert widths.head + sum(widths.columns[at] for at in shown) <= width
            first = shown.start
        assert len(shown) == many or width < 80


class Host(App[None]):
    """A table of days, each with three digits."""

    CSS = "FigureGrid { scrollbar-size-vertical: 0; }"

    def compose(self) -> ComposeResult:
        yield FigureGrid(day_widths, column=DAYS - 1)

    def on_mount(self) -> None:
        grid = self.query_one(FigureGrid)
        cells = tuple(Cell(str(100 + at), "") for at in range(DAYS))
        grid.show(Table(("", *(f"d{at}" for at in range(DAYS))), (Row("came", "Kom inn", cells),)))
        grid.focus()


@pytest.mark.parametrize(("width", "many"), [(60, 9), (80, 14)])
async def test_three_digits_are_whole_on_the_narrowest_screen(width: int, many: int) -> None:
    async with Host().run_test(size=(width, 6)) as pilot:
        await settled(pilot)
        grid = pilot.app.query_one(FigureGrid)

        def shown() -> tuple[str, list[str]]:
            heads, row = (grid.render_line(y).text for y in (0, 1))
            return heads, row.replace("›", " ").split()[2:]

        every = [str(100 + at) for at in range(DAYS)]
        heads, figures = shown()
        assert figures == every[-many:]
        assert ("«" in heads, "»" in heads) == (many < DAYS, False)
        await pilot.press("home")
        heads, figures = shown()
        assert figures == every[:many]
        assert ("«" in heads, "»" in heads) == (False, many < DAYS)
        await pilot.press(*["right"] * many)
        assert str(100 + min(many, DAYS - 1)) in shown()[1]


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_no_two_heads_touch(code: str) -> None:
    language.use(code)
    heads = queue_table(Overview(datetime.now(UTC), ())).heads[1:]
    for width in (60, 79, 120):
        widths = queue_widths(width)
        bars = (widths.bar, *[0] * (len(heads) - 1))
        columns = zip(heads[1:], widths.columns[1:], bars[:-1], strict=True)
        assert [head for head, cells, bar in columns if cell_len(head) >= cells + bar] == []
