"""The picker: typing narrows, the keys stay in the line."""

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.message import Message
from textual.widgets import OptionList

from tests.hostile import commanding, hostile
from tests.widgets.screen import lines, settled
from widgets.picker import Choice, Picker
from widgets.text_input import TextInput
from workbench import language

CHOICES = [
    Choice("a", "Åse Bjørnstad", "lege"),
    Choice("b", "Bjørn Ås", "sykepleier"),
    Choice("c", "Kari Nordmann", "helsesekretær"),
    Choice("e", "Élan Vital"),
    Choice("d", "[/b] [TODO] plan", ""),
]


class Host(App[None]):
    """A picker alone."""

    def __init__(self, choices: list[Choice], highlighted: str | None = None) -> None:
        super().__init__()
        self.choices, self.first = choices, highlighted
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Picker(self.choices, highlighted=self.first)

    @property
    def picker(self) -> Picker:
        return self.query_one(Picker)

    @on(Picker.Picked)
    @on(Picker.Cancelled)
    def hear(self, event: Message) -> None:
        self.heard.append(event)


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", "abced"), ("bjorn", "ba"), ("BJØRN", "ba"), ("ase", "a"), ("lege", "a"), ("sek kari", "c"),
        ("k", "cb"), ("n", "cabed"), ("bj", "ba"), ("a", "abced"), ("s", "bac"),
        ("kari lege", ""), ("élan", "e"), ("elan", "e"), ("aase", "a"),
        ("[/b]", "d"), ("helsesekretaer", "c"), ("  nord  ", "c"),
    ],
)  # fmt: skip
async def test_typing_narrows(typed: str, ids: str) -> None:
    app = Host(CHOICES)
    async with app.run_test(size=(60, 12)) as pilot:
        app.picker.query_one(TextInput).value = typed
        await settled(pilot)
        assert "".join(choice.id for choice in app.picker.shown) == ids
        assert any("nothing fits" in line for line in lines(app)) == (not ids)


async def test_how_a_name_begins_goes_before_its_other_words_those_before_what_stands_beside_and_holding_it_last() -> (
    None
):
    app = Host(
        [
            Choice("a", "Atle"),
            Choice("b", "Mona Berg", "tekniker"),
            Choice("c", "Kari Testby"),
            Choice("d", "Siri Testby"),
            Choice("e", "Time", "team", yields=True),
            Choice("f", "Tor Berg"),
            Choice("g", "Te"),
        ]
    )
    async with app.run_test(size=(60, 12)) as pilot:
        for typed, ids in (("t", "fgecdba"), ("te", "gcdbe"), ("ber t", "fb"), ("s te", "dc"), ("t be", "fb")):
            app.picker.query_one(TextInput).value = typed
            await settled(pilot)
            assert "".join(choice.id for choice in app.picker.shown) == ids, typed


async def test_keys_move_and_pick_while_the_line_keeps_the_focus() -> None:
    app = Host(CHOICES)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("down", "down", "up", "enter")
        await pilot.press("pagedown", "down", "enter", "pageup", "up", "enter")
        await pilot.press(*"kari", "enter")
        await pilot.press("x", "enter", "down", "escape")
        await settled(pilot)
        assert isinstance(app.focused, TextInput)
        assert app.heard == [
            Picker.Picked("b"), Picker.Picked("d"), Picker.Picked("a"), Picker.Picked("c"), Picker.Cancelled(),
        ]  # fmt: skip


async def test_a_click_picks() -> None:
    app = Host(CHOICES)
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        row = next(y for y, line in enumerate(lines(app)) if "Kari" in line)
        await pilot.click(offset=(3, row))
        await settled(pilot)
        assert app.heard == [Picker.Picked("c")]


async def test_enter_picks_nothing_that_the_wheel_took_out_of_sight() -> None:
    app = Host([Choice(str(n), f"Valg nummer {n}") for n in range(300)])
    rung: list[None] = []
    app.bell = lambda: rung.append(None)  # type: ignore[method-assign]
    async with app.run_test(size=(60, 24)) as pilot:
        await settled(pilot)
        options = app.picker.query_one(OptionList)
        await pilot._post_mouse_events([MouseScrollDown], OptionList, offset=(3, 3), times=20)
        await settled(pilot)
        assert not any(line.strip() == "Valg nummer 0" for line in lines(app))
        assert options.scroll_offset.y > 0
        await pilot.press("enter")
        await settled(pilot)
        assert (app.heard, len(rung)) == ([], 1)
        assert any(line.strip() == "Valg nummer 0" for line in lines(app)), "it is shown again"
        await pilot.press("enter")
        await settled(pilot)
        assert app.heard == [Picker.Picked("0")]


async def test_the_present_value_may_be_highlighted_first() -> None:
    app = Host(CHOICES, "c")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert app.heard == [Picker.Picked("c")]


async def test_equal_ids_and_labels_are_both_shown() -> None:
    app = Host([Choice("a", "x"), Choice("a", "x"), Choice("", "")])
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        assert len(app.picker.shown) == 3


async def test_hostile_choices() -> None:
    app = Host([Choice(one.text, one.text, one.text) for one in hostile()])
    async with app.run_test(size=(40, 24)) as pilot:
        for _ in range(12):
            await pilot.press("pagedown")
            await settled(pilot)
            assert not any(commanding(line) for line in lines(app))
        last = hostile()[-1]
        await pilot.press("enter")
        await settled(pilot)
        assert app.heard == [Picker.Picked(last.text)]


async def test_three_hundred_choices() -> None:
    app = Host([Choice(str(n), f"Valg nummer {n}") for n in range(300)])
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.press(*"299", "enter")
        await settled(pilot)
        assert app.heard == [Picker.Picked("299")]


async def test_what_was_typed_word_for_word_comes_before_what_only_begins_so() -> None:
    app = Host([Choice("today", "Ferdig i dag"), Choice("done", "Ferdig")])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press(*"ferdig", "enter")
        await settled(pilot)
        assert app.heard == [Picker.Picked("done")]
