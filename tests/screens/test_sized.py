"""Sizes that the terminal had are passed over: two in a row would bring each other back for ever."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.screen import Screen

from workbench.snapshot.scenes import SCENES
from workbench.snapshot.stage import settle, staged

SCENE = next(scene for scene in SCENES if scene.name == "inbox")


MANY = 30
"""Layouts after which they are taken to go on for ever."""


async def test_two_sizes_told_before_the_first_is_laid_out_do_not_bring_each_other_back_for_ever() -> None:
    with staged(SCENE) as app:
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            layouts = 0

            def something_is_told(_screen: Screen[object]) -> None:
                nonlocal layouts
                layouts += 1
                if layouts < MANY:
                    app.screen.call_later(lambda: None)  # as widgets do; of two sizes in a row Textual keeps the later

            app.screen.screen_layout_refresh_signal.subscribe(app.screen, something_is_told)
            for size in (Size(80, 24), Size(120, 40)):
                app.screen.post_message(events.Resize(size, size))
                app.screen.call_later(lambda: None)
            await settle(pilot)
            assert layouts < MANY
