"""What was put off is made once, or never once it was dropped: also when its timer had run out by then."""

from __future__ import annotations

import asyncio

from textual.app import App

from widgets.later import Later


class Busy(App[None]):
    """Is told something, and takes its time over it, while a timer runs out."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        self.later = Later(self.set_timer)

    async def replace(self) -> None:
        self.later.put_off(0.01, lambda: self.made.append("first"))
        await asyncio.sleep(0.05)
        self.later.put_off(0.01, lambda: self.made.append("second"))

    async def forget(self) -> None:
        self.later.put_off(0.01, lambda: self.made.append("forgotten"))
        await asyncio.sleep(0.05)
        self.later.drop()
        self.call_next(self.made.append, "end")


async def test_a_call_that_was_replaced_is_not_made_and_does_not_stop_the_one_in_its_place() -> None:
    app = Busy()
    async with app.run_test() as pilot:
        app.call_next(app.replace)
        async with asyncio.timeout(20):
            while not app.made:
                await pilot.pause(0.01)
        assert app.made == ["second"]
        assert not app.later.waits


async def test_a_call_that_was_dropped_is_never_made() -> None:
    app = Busy()
    async with app.run_test() as pilot:
        app.call_next(app.forget)
        async with asyncio.timeout(20):
            while not app.made:
                await pilot.pause(0.01)
        assert app.made == ["end"]
        assert not app.later.waits
