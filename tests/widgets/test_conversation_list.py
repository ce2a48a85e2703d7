"""The list: any number of rows, pages on demand, and a cursor that stays where it was put."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from tests.hostile import commanding, hostile
from tests.widgets.rows import NOW, Source, item
from widgets.conversation_list import ConversationList
from widgets.pages import PAGE_SIZE, PAGES_KEPT
from workbench import language
from workbench.dialogue.office import Office
from workbench.public_holidays import is_holiday


class Host(App[None]):
    """A list on a source; `answers` off keeps questions for the test to answer."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, source: Source, *, answers: bool = True, shows: bool = True) -> None:
        super().__init__()
        self.source, self.answers, self.shows = source, answers, shows
        self.time = NOW
        self.heard: list[Message] = []
        self.wanted: list[ConversationList.PageWanted] = []

    def compose(self) -> ComposeResult:
        yield ConversationList(now=lambda: self.time, empty_text="Nothing here")

    def on_mount(self) -> None:
        self.rows.focus()
        if self.shows:
            self.rows.show(self.source.page(0))

    @property
    def rows(self) -> ConversationList:
        return self.query_one(ConversationList)

    @on(ConversationList.PageWanted)
    def answer(self, event: ConversationList.PageWanted) -> None:
        self.wanted.append(event)
        if self.answers:
            self.rows.supply(self.source.page(event.offset, event.limit), event.generation)

    @on(ConversationList.Highlighted)
    @on(ConversationList.Chosen)
    @on(ConversationList.Marked)
    def hear(self, event: Message) -> None:
        self.heard.append(event)


def lines(app: App[None]) -> list[str]:
    """What stands on the screen, the scroll bar's column aside."""
    return ["".join(segment.text for segment in strip)[:-1] for strip in app.screen._compositor.render_strips()]


def line_of(app: App[None], text: str) -> int:
    return next(y for y, line in enumerate(lines(app)) if text in line)


async def settled(pilot: Pilot[None]) -> None:
    """Waits until questions are answered and the answers drawn."""
    await pilot.pause()
    await pilot.pause()


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


@pytest.mark.parametrize("total", [1, 7, 100, 101, 250_000, 1_000_000])
async def test_keys_reach_every_corner(total: int) -> None:
    app = Host(Source(total))
    async with app.run_test(size=(60, 21)) as pilot:
        place, last = 0, total - 1
        for keys, rows in (
            (("down",), 1), (("j", "j"), 2), (("k",), -1), (("up",), -1), (("pagedown",), 10), (("pageup",), -10),
            (("end",), last), (("down",), 1), (("home",), -last), (("up",), -1),
        ):  # fmt: skip
            place = min(max(place + rows, 0), last)
            await pilot.press(*keys)
            await settled(pilot)
            assert app.rows.cursor == place, keys
            assert app.rows.cursor_key == item(place).key
            shown = [line for line in lines(app) if line.startswith("▌")]
            assert len(shown) == 2, "both lines of the cursor's row are in view"
            assert f"Sak {place} " in shown[0]


async def test_pages_are_asked_once_and_before_they_are_seen() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.move_to(69)
        await settled(pilot)
        assert not app.wanted
        await pilot.press("down")
        await settled(pilot)
        assert [(w.offset, w.limit) for w in app.wanted] == [(100, 100)]
        for _ in range(10):
            await pilot.press("pagedown")
            assert not any("· · ·" in line for line in lines(app))
        await settled(pilot)
        assert [w.offset for w in app.wanted] == [100, 200]


async def test_the_first_page_may_begin_anywhere() -> None:
    app = Host(Source(1000), shows=False)
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.show(app.source.page(455), cursor=505)
        await settled(pilot)
        assert not app.wanted, "a hundred rows round the cursor are all that is needed"
        app.rows.move_to(0)
        await settled(pilot)
        assert [(w.offset, w.limit) for w in app.wanted] == [(0, 55)]
        assert app.rows.cursor_item == item(0)
        app.rows.move_to(999)
        await settled(pilot)
        assert [(w.offset, w.limit) for w in app.wanted[1:]] == [(955, 45)]
        assert app.rows.cursor_item == item(999)


async def test_a_queue_that_shrank_since_is_not_asked_for_ever() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        app.source.numbers = range(950)
        await pilot.press("end")
        await settled(pilot)
        await settled(pilot)
        assert [w.offset for w in app.wanted] == [900]
        assert app.rows.cursor_item is None


async def test_rows_not_held_are_placeholders_until_they_come() -> None:
    app = Host(Source(10_000), answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("end")
        await settled(pilot)
        assert sum("· · ·" in line for line in lines(app)) == 10
        assert app.rows.cursor_key is None
        await pilot.press("enter", "x")
        await settled(pilot)
        assert app.heard[1:] == [ConversationList.Highlighted(None)]
        last = app.wanted[-1]
        app.rows.supply(app.source.page(last.offset, last.limit), last.generation)
        await settled(pilot)
        assert app.rows.cursor_item == item(9999)
        assert app.heard[-1] == ConversationList.Highlighted(item(9999))
        assert not any("· · ·" in line for line in lines(app))


async def test_only_so_many_pages_are_kept() -> None:
    app = Host(Source(100_000))
    async with app.run_test(size=(60, 20)) as pilot:
        for place in range(0, 100_000, 1400):
            app.rows.move_to(place)
            await pilot.pause()
        assert len(app.rows._pages._held) == PAGES_KEPT
        asked = len(app.wanted)
        app.rows.move_to(0)
        await settled(pilot)
        assert len(app.wanted) == asked + 1, "a page that was dropped is asked for again"
        assert app.rows.cursor_item == item(0)


async def test_an_arrival_above_shifts_neither_cursor_nor_view() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        for _ in range(15):
            await pilot.press("down")
        await settled(pilot)
        before, line = lines(app), line_of(app, "Sak 15 ")
        app.heard.clear()
        app.source.numbers = [5000, 5001, 5002, *range(1000)]
        app.rows.show(app.source.page(0))
        await settled(pilot)
        assert app.rows.cursor == 18
        assert app.rows.cursor_item == item(15)
        assert line_of(app, "Sak 15 ") == line
        assert lines(app) == before
        assert not app.heard


async def test_the_given_place_wins_and_the_view_does_not_flicker() -> None:
    app = Host(Source(1000), answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.show(app.source.page(400), cursor=450)
        await settled(pilot)
        before = lines(app)
        app.source.numbers = [*range(5000, 5060), *range(1000)]
        app.rows.show(app.source.page(0), cursor=510)
        await settled(pilot)
        assert lines(app) == before, "old rows stay in sight, on their lines, until their pages come"
        asked = [w for w in app.wanted if w.generation == app.rows.generation]
        assert [w.offset for w in asked] == [400, 500]
        for want in asked:
            app.rows.supply(app.source.page(want.offset, want.limit), want.generation)
        await settled(pilot)
        assert lines(app) == before
        assert app.rows.cursor_item == item(450)


async def test_an_old_row_is_followed_to_where_its_page_says_it_is() -> None:
    app = Host(Source(1000), answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.show(app.source.page(400), cursor=450)
        await settled(pilot)
        line = line_of(app, "Sak 450 ")
        app.source.numbers = [5000, *range(1000)]
        app.rows.show(app.source.page(0))
        app.rows.supply(app.source.page(400))
        await settled(pilot)
        assert app.rows.cursor == 451
        assert app.rows.cursor_item == item(450)
        assert line_of(app, "Sak 450 ") == line


async def test_a_late_answer_is_left_aside() -> None:
    app = Host(Source(1000), answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.move_to(500)
        await settled(pilot)
        late = app.wanted[-1]
        app.source.numbers = range(2000, 3000)
        app.rows.show(app.source.page(0), keep_scroll=False)
        app.rows.supply(Source(1000).page(late.offset, late.limit), late.generation)
        app.rows.move_to(500)
        await settled(pilot)
        assert app.rows.cursor_item is None


async def test_another_queue_starts_at_its_top_and_keeps_nothing() -> None:
    app = Host(Source(1000), answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("down")
        other = Source(500, lambda number: item(number, title=f"Annen {number}"))
        app.rows.show(other.page(400), keep_scroll=False)
        await settled(pilot)
        assert app.rows.cursor == 0
        assert app.rows.cursor_key is None
        assert not any("Sak" in line for line in lines(app)), "a row of the old queue is never taken for one of the new"
        app.rows.supply(other.page(0), app.rows.generation)
        await settled(pilot)
        assert "Annen 0 " in lines(app)[0]


async def test_the_row_under_the_cursor_goes_away() -> None:
    app = Host(Source(30))
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.move_to(29)
        await settled(pilot)
        app.source.numbers = range(29)
        app.rows.show(app.source.page(0))
        await settled(pilot)
        assert app.rows.cursor_item == item(28)
        assert app.heard[-1] == ConversationList.Highlighted(item(28))
        app.rows.show(Source(0).page(0))
        await settled(pilot)
        assert app.rows.cursor is None
        assert app.heard[-1] == ConversationList.Highlighted(None)


async def test_the_same_conversation_with_other_values_is_drawn_and_not_told_again() -> None:
    app = Host(Source(30))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        app.heard.clear()
        app.source.make = lambda n: replace(item(n), unread=n == 0)
        app.rows.show(app.source.page(0))
        await settled(pilot)
        assert "●" in lines(app)[0]
        assert app.rows.cursor_item == item(0, unread=True)
        assert not app.heard


async def test_the_key_that_marks_is_one_of_the_registry_and_can_be_another() -> None:
    app = Host(Source(30))
    app.set_keymap({"mark": "z"})
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("x", "down", "z")
        await settled(pilot)
        assert app.rows.marks == {item(1).key}


async def test_marks_follow_conversations_not_places() -> None:
    app = Host(Source(30))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("x", "down", "down", "x", "up")
        await settled(pilot)
        assert app.rows.marks == {item(0).key, item(2).key}
        assert app.heard[-2] == ConversationList.Marked(frozenset({item(0).key, item(2).key}))
        app.source.numbers = [7, *range(7), *range(8, 30)]
        app.rows.show(app.source.page(0))
        await settled(pilot)
        marked = [y for y, line in enumerate(lines(app)) if "✓" in line]
        assert marked == [line_of(app, "Sak 0 ") + 1, line_of(app, "Sak 2 ") + 1]
        await pilot.press("down", "x")
        assert app.rows.marks == {item(0).key}
        app.rows.mark(())
        await settled(pilot)
        assert app.heard[-1] == ConversationList.Marked(frozenset())
        assert not any("✓" in line for line in lines(app))


async def test_enter_and_mouse_open_what_is_under_them() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:

        def chosen() -> list[str]:
            return [e.item.title for e in app.heard if isinstance(e, ConversationList.Chosen)]

        await pilot.press("enter")
        assert chosen() == ["Sak 0"]
        await pilot.click(offset=(10, 7))
        assert app.rows.cursor == 3
        assert chosen() == ["Sak 0"]
        await pilot.click(offset=(10, 6))
        assert chosen() == ["Sak 0", "Sak 3"]
        await pilot.click(offset=(10, 12), times=2)
        assert chosen() == ["Sak 0", "Sak 3", "Sak 6"]
        await pilot.click(offset=(10, 12), times=2)
        assert chosen() == ["Sak 0", "Sak 3", "Sak 6", "Sak 6"], "a double click on the highlighted row opens once"


async def test_the_wheel_moves_the_view_and_not_the_cursor() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        app.rows.scroll_to(y=900, animate=False, force=True)
        await settled(pilot)
        assert app.rows.cursor == 0
        assert "Sak 450 " in lines(app)[0]
        app.rows.show(app.source.page(0))
        await settled(pilot)
        assert "Sak 450 " in lines(app)[0], "an arrival does not pull the view back"
        await pilot.press("down")
        await settled(pilot)
        assert "Sak 1 " in lines(app)[0]


async def test_resize_keeps_the_cursor_in_view() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 40)) as pilot:
        app.rows.move_to(18)
        for width, height in ((60, 9), (20, 40), (200, 5), (80, 24)):
            await pilot.resize_terminal(width, height)
            await settled(pilot)
            cursor = [line for line in lines(app) if line.startswith("▌")]
            assert len(cursor) == 2
            assert all(len(line) == width - 1 for line in lines(app))


async def test_every_width_is_drawn_to_the_cell() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(20, 10)) as pilot:
        for width in range(20, 201, 9):
            await pilot.resize_terminal(width, 10)
            await settled(pilot)
            for y in range(10):
                strip = app.rows.render_line(y)
                assert strip.cell_length == width == len(strip.text)


async def test_moving_repaints_two_rows_only() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 40)) as pilot:
        await settled(pilot)
        drawn: list[int] = []
        render = app.rows.render_line
        app.rows.render_line = lambda y: drawn.append(y) or render(y)  # type: ignore[func-returns-value, method-assign]
        await pilot.press("down")
        await settled(pilot)
        assert sorted(set(drawn)) == [0, 1, 2, 3]


async def test_a_new_theme_reaches_every_row() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        app.theme = "textual-dark"
        await settled(pilot)
        dark = [app.rows.render_line(y) for y in range(20)]
        app.theme = "textual-light"
        await settled(pilot)
        light = [app.rows.render_line(y) for y in range(20)]
        assert [a.text for a in dark] == [b.text for b in light]
        assert all(a != b for a, b in zip(dark, light, strict=True))


async def test_focus_shows_on_the_cursor() -> None:
    app = Host(Source(10))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        on = app.rows.render_line(0)
        app.screen.set_focus(None)
        await settled(pilot)
        assert app.rows.render_line(0) != on
        assert app.rows.render_line(0).text == on.text


async def test_the_terminals_cursor_stands_on_the_row() -> None:
    app = Host(Source(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("down", "down")
        await settled(pilot)
        assert app.cursor_position.y == 4
        await pilot.press("end")
        await settled(pilot)
        assert app.cursor_position.y == 18


async def test_ages_pass() -> None:
    app = Host(Source(10))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert "2 h" in lines(app)[0]
        app.time = NOW + timedelta(hours=1)
        app.rows.refresh_ages()
        await settled(pilot)
        assert "3 h" in lines(app)[0]


async def test_how_long_over_is_told_once_the_holidays_are_known() -> None:
    app = Host(Source(1, lambda number: item(number, due=NOW - timedelta(days=4))))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert lines(app)[1].rstrip().endswith("overdue")
        app.rows.reckon(Office(is_holiday))
        await settled(pilot)
        assert lines(app)[1].rstrip().endswith("overdue 2 days")


async def test_empty_and_loading_say_so() -> None:
    app = Host(Source(0), shows=False)
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert any("Fetching" in line for line in lines(app))
        await pilot.press("down", "end", "enter", "x", "pagedown")
        app.rows.show(app.source.page(0))
        await settled(pilot)
        assert any("Nothing here" in line for line in lines(app))
        app.rows.set_empty_text("No hits for \x1b[2J「漢字」 [/b] " * 5)
        await settled(pilot)
        assert any("No hits" in line for line in lines(app))
        assert all(len(line) >= 30 and not commanding(line) for line in lines(app))


async def test_hostile_rows_on_the_screen() -> None:
    bad = hostile()

    def make(number: int) -> object:
        text = bad[number].text
        return item(number, title=text, patient_name=text, preview=text, category=text, owner_name=text, writer=text)

    app = Host(Source(len(bad), make))  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(len(bad) // 12 + 1):
            for y in range(24):
                strip = app.rows.render_line(y)
                assert strip.cell_length == 80
                assert not commanding(strip.text)
            await pilot.press("pagedown")
            await settled(pilot)
        assert app.rows.cursor == len(bad) - 1


def test_the_clock_is_passed_in() -> None:
    asked: list[datetime] = []

    def now() -> datetime:
        asked.append(NOW)
        return NOW

    ConversationList(now=now)
    assert asked
    assert PAGE_SIZE == 100
