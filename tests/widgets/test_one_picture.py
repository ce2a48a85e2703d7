"""What comes in parts is painted once, and nothing is held back for longer than a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from widgets import one_picture
from widgets.one_picture import OnePicture

LONG: Final = 60.0
"""Seconds that no test takes, however busy the machine is."""


class Words(App[None]):
    """One word on the screen, and its pictures one after the other: the word, and how wide it all was."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("none", markup=False)

    def on_mount(self) -> None:
        self.picture = OnePicture(self.screen)

    def say(self, word: str) -> None:
        self.query_one(Static).update(Content(word))

    def _display(self, screen: object, renderable: object) -> None:
        if renderable is not None and not self._batch_count:
            rows = self.screen._compositor.render_strips()
            text = " ".join("".join(segment.text for segment in row).strip() for row in rows).strip()
            shown = f"{text} {self.screen.size.width}"
            if shown not in self.pictures[-1:]:
                self.pictures.append(shown)
        super()._display(screen, renderable)  # type: ignore[arg-type]


async def shows(app: Words, pilot: Pilot[None], word: str) -> None:
    """Waits for a picture."""
    async with asyncio.timeout(20):
        while app.pictures[-1:] != [word]:
            await pilot.pause(0.005)


@asynccontextmanager
async def words(width: int = 80) -> AsyncIterator[tuple[Words, Pilot[None]]]:
    """The program, once its first picture stands."""
    app = Words()
    async with app.run_test(size=(width, 10)) as pilot:
        await shows(app, pilot, f"none {width}")
        yield app, pilot


async def test_what_comes_in_parts_is_painted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_picture, "LONGEST", LONG)
    async with words() as (app, pilot):
        app.picture.hold()
        app.say("half")
        await pilot.pause(0.03)
        app.say("whole")
        app.picture.paint()
        await shows(app, pilot, "whole 80")
        assert app.pictures == ["none 80", "whole 80"]


async def test_what_never_comes_holds_nothing_back_for_long() -> None:
    async with words() as (app, pilot):
        app.picture.hold()
        app.say("half")
        await shows(app, pilot, "half 80")
        app.picture.paint()
        app.say("more")
        await shows(app, pilot, "more 80")
        assert app._batch_count == 0


async def test_a_window_that_is_resized_meanwhile_is_painted_anew() -> None:
    async with words(40) as (app, pilot):
        app.picture.hold()
        app.picture.hold()
        await pilot.resize_terminal(60, 12)
        app.picture.hold()
        app.picture.paint()
        await shows(app, pilot, "none 60")


async def test_who_holds_on_and_on_holds_nothing_back_for_long() -> None:
    async with words() as (app, _pilot):
        app.say("half")
        async with asyncio.timeout(20):
            while app.pictures[-1] != "half 80":
                app.picture.hold()
                await asyncio.sleep(0.02)  # as a key that is held down does


async def test_held_twice_is_painted_by_one_word() -> None:
    async with words() as (app, pilot):
        app.picture.hold()
        app.picture.hold()
        app.say("both")
        app.picture.paint()
        await shows(app, pilot, "both 80")
        assert app._batch_count == 0
