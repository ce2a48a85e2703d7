"""The side bar: counts in a column, and a cursor that stays on its queue."""

import re
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input

from tests.hostile import commanding, hostile
from tests.widgets.screen import settled
from widgets.side_bar import SideBar
from widgets.words import queue_word
from workbench import language
from workbench.dialogue.queue import Queue, Total, standard_queues

NOW = datetime(2026, 3, 5, 14, 2, tzinfo=UTC)
SOME = ("mine", "unclaimed", "waiting", "done", "pool:legekontor", "pool:resept")
QUEUES = tuple(queue for queue in standard_queues(("legekontor", "resept"), NOW) if queue.name in SOME)
WORDS = ("Mine", "Unclaimed", "Waiting for the patient", "Done", "Legekontor", "Resept")


class Host(App[None]):
    """A side bar beside something else that can have the focus."""

    CSS = "SideBar { width: 24; height: 10; }"

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[Queue] = []

    def compose(self) -> ComposeResult:
        yield SideBar()
        yield Input()

    def on_mount(self) -> None:
        self.bar.show(shelves(12, 31, 8, None, 22, 1234567), "mine")
        self.bar.focus()

    @property
    def bar(self) -> SideBar:
        return self.query_one(SideBar)

    @on(SideBar.QueueChosen)
    def hear(self, event: SideBar.QueueChosen) -> None:
        self.chosen.append(event.queue)


def lines(app: Host) -> list[str]:
    """What stands inside the side bar's frame."""
    return ["".join(segment.text for segment in app.bar.render_line(y)) for y in range(8)]


def shelves(*counts: int | None) -> list[tuple[Queue, str, Total | None]]:
    totals = [None if count is None else Total(count) for count in counts]
    return list(zip(QUEUES, WORDS, totals, strict=True))


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


async def test_counts_stand_in_a_column_and_teams_under_their_heading() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        await settled(pilot)
        assert [line.rstrip() for line in lines(app)[:7]] == [
            "▌Mine              12",
            " Unclaimed         31",
            " Waiting for the p… 8",
            " Done",
            " Team",
            "  Legekontor       22",
            "  Resept    1,234,567",
        ]


async def test_keys_move_over_the_heading_and_enter_chooses() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        await pilot.press("down", "j", "j", "down")
        await settled(pilot)
        assert lines(app)[5].startswith("› Legekontor"), "the cursor is a sign, not only a colour"
        assert lines(app)[0].startswith("▌Mine"), "the open queue stays marked"
        assert not app.chosen
        await pilot.press("enter", "k", "enter", "end", "enter", "home", "up", "enter")
        assert [queue.name for queue in app.chosen] == ["pool:legekontor", "done", "pool:resept", "mine"]


async def test_counts_change_without_losing_the_cursor() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        await pilot.press("down", "down")
        app.bar.show([(Queue("urgent", QUEUES[0].query), "Red flags", Total(3)), *shelves(1, 2, 3, 4, 5, 6)], "mine")
        await settled(pilot)
        assert app.bar.cursor_queue == QUEUES[2]
        assert "3" in lines(app)[0]
        app.bar.show(shelves(1, 2, 3, 4, 5, 6)[:1])
        await settled(pilot)
        assert app.bar.cursor_queue == QUEUES[0]
        app.bar.show([])
        await pilot.press("down", "enter")
        assert app.chosen == []


async def test_without_the_focus_the_cursor_follows_the_open_queue() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        app.query_one(Input).focus()
        await settled(pilot)
        app.bar.mark("waiting")
        await settled(pilot)
        assert app.bar.cursor_queue == QUEUES[2]
        assert [line[0] for line in lines(app)[:4]] == [" ", " ", "▌", " "]


async def test_a_click_chooses_and_the_heading_is_no_queue() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        await pilot.click(SideBar, offset=(5, 6))
        await pilot.click(SideBar, offset=(5, 5))
        await pilot.click(SideBar, offset=(5, 8))
        assert [queue.name for queue in app.chosen] == ["pool:legekontor"]


@pytest.mark.parametrize("code", ["en", "nb", "nn"])
async def test_what_the_queue_before_days_off_is_called_stands_there_whole_and_suits_holidays_too(code: str) -> None:
    language.use(code)
    word = queue_word("guard")
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        app.bar.show([(Queue("guard", QUEUES[0].query), word, Total(88))], "guard")
        await settled(pilot)
        assert lines(app)[0].split("88")[0].strip() == f"▌{word}"
        assert not re.search("weekend|helg|holiday", word)


async def test_many_teams_scroll() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        queues = standard_queues(tuple(f"team{n}" for n in range(60)), NOW)
        app.bar.show([(queue, queue_word(queue.name), Total(1)) for queue in queues], "mine")
        await pilot.press("end")
        await settled(pilot)
        assert lines(app)[7].startswith("› Team59")
        await pilot.press("home")
        await settled(pilot)
        assert lines(app)[0].startswith("▌Mine")


async def test_hostile_names_break_no_column() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        for one in hostile():
            app.bar.show([(Queue(f"pool:{one.text}", QUEUES[0].query), one.text, Total(5))], one.text)
            await pilot.pause()
            for y in range(8):
                strip = app.bar.render_line(y)
                assert strip.cell_length == cell_len(strip.text) == 22, one.id
                assert not commanding(strip.text), one.id


async def test_a_new_theme_reaches_it() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        app.theme = "textual-dark"
        await settled(pilot)
        dark = app.bar.render_line(1)
        app.theme = "textual-light"
        await settled(pilot)
        assert app.bar.render_line(1) != dark
        assert app.bar.render_line(1).text == dark.text


async def test_a_count_that_was_cut_says_that_there_is_more() -> None:
    app = Host()
    async with app.run_test(size=(60, 14)) as pilot:
        for code, shown in (("en", "1,000+"), ("nb", "1\N{NO-BREAK SPACE}000+"), ("nn", "1\N{NO-BREAK SPACE}000+")):
            language.use(code)
            app.bar.show([(QUEUES[0], "Mine", Total(1000, cut=True)), (QUEUES[1], "Ledig", Total(1000))], "mine")
            await settled(pilot)
            assert lines(app)[0].rstrip().endswith(f" {shown}")
            assert lines(app)[1].rstrip().endswith(shown[:-1])
