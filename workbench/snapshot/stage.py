"""Where a scene is played: the real program without a terminal, a network, a home or a clock of this machine."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from workbench import language
from workbench.app import WorkbenchApp
from workbench.compose import site_of
from workbench.config import Settings
from workbench.dialogue.site import Site
from workbench.snapshot import data
from workbench.snapshot.picture import Picture, picture
from workbench.snapshot.scene import WORDS
from workbench.snapshot.session import SceneSession
from workbench.snapshot.svg import svg
from workbench.store.store import Store

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.notifications import SeverityLevel
    from textual.timer import Timer

    from workbench.snapshot.scene import Scene

PATIENCE: Final = 60.0
"""Seconds in which a screen must come to rest."""
SHORT: Final = 5.0
"""Seconds: timers that fire once within these belong to what was just done, and are waited for."""
FOREVER: Final = 100_000.0
"""Seconds that a notification stays, so that no picture depends on how fast it was taken."""
UNWANTED: Final = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLORTERM", "COLUMNS", "LINES", "TERM")
"""How the variables begin that are read while a screen is drawn; the command line has taken out the others."""


class Unsettled(Exception):  # noqa: N818 - it says what the screen is
    """A screen did not come to rest."""


class SceneApp(WorkbenchApp):
    """The program itself, but what comes and goes by the clock stays, and its own pictures name no address."""

    def __init__(self, session: SceneSession, scene: Scene) -> None:
        super().__init__(session, look=scene.look)
        self.scene = scene
        self.animation_level = "none"
        self.interrupted = False

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Shows a notification until the end."""
        del timeout
        super().notify(message, title=title, severity=severity, timeout=FOREVER, markup=markup)

    def _end_by_signal(self) -> None:
        self.interrupted = True
        super()._end_by_signal()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as our own SVG, the same that a scene's file holds."""
        del title, simplify
        return svg(picture(self, self.scene.name))


def shoot(scene: Scene) -> Picture:
    """Plays a scene and takes its picture. Call it outside of any event loop, on the main thread.

    Raises:
        KeyboardInterrupt: Somebody ended the program, of which the scene's app heard alone.
    """

    async def play(app: SceneApp) -> Picture:
        async with app.run_test(size=scene.size, notifications=True) as pilot:
            await perform(pilot, scene)
            return picture(app, scene.name)

    with staged(scene) as app:
        try:
            return asyncio.run(play(app))
        finally:
            if app.interrupted:
                raise KeyboardInterrupt


@contextmanager
def staged(scene: Scene, kind: type[SceneApp] = SceneApp) -> Iterator[SceneApp]:
    """The program ready to run on what the scene holds; everything is gone afterwards.

    Args:
        scene: What to play.
        kind: Which program.
    """
    before = language.current()
    with TemporaryDirectory(prefix="workbench-scene-") as folder, _neutral():
        language.use(scene.language)
        chance = Random(scene.seed)  # noqa: S311 - identifiers must be the same every time
        store = Store.open(
            Path(folder, "store"),
            secrets.token_bytes(32),
            clock=lambda: scene.now,
            uuid=lambda: UUID(int=chance.getrandbits(128), version=4),
            site=_site(),
        )
        try:
            data.keep(store, data.told(scene))
            yield kind(SceneSession(store, scene), scene)
        finally:
            store.close()
            language.use(before)


@contextmanager
def _neutral() -> Iterator[None]:
    """Takes out of the environment what changes a picture, for a while."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(UNWANTED)}
    try:
        yield
    finally:
        os.environ.update(taken)


async def perform(pilot: Pilot[Any], scene: Scene) -> None:
    """Presses the scene's keys, each once the screen has come to rest after the one before.

    Raises:
        Unsettled: It does not.
    """
    await settle(pilot)
    for step in scene.keys:
        if step.startswith(WORDS):
            strike(pilot.app, *("enter" if char == "\n" else char for char in step.removeprefix(WORDS)))
        else:
            await pilot.press(step)
        await settle(pilot)


def strike(app: App[Any], *keys: str) -> None:
    """Strikes keys in one go: Textual's own way looks after each whether the machine rests, for 40 ms."""
    for key in keys:
        char = key if len(key) == 1 else None
        app.post_message(events.Key(_character_to_key(key) if char else key, char))


async def settle(pilot: Pilot[Any]) -> None:
    """Waits until nothing is on its way to the screen: no message, worker or short timer.

    Raises:
        Unsettled: Something still is after a minute; its message says what.
    """
    until, calm = monotonic() + PATIENCE, 0
    while calm < 2 and pilot.app._exception is None:
        await pilot.pause()
        _stop_blinking(pilot)
        busy = _busy(pilot)
        calm = 0 if busy else calm + 1
        if monotonic() > until:
            raise Unsettled(f"the screen does not come to rest: {', '.join(busy)}")
        if busy:
            await asyncio.sleep(0.005)  # lets threads and timers work instead of spinning


def _stop_blinking(pilot: Pilot[Any]) -> None:
    for screen in pilot.app.screen_stack:
        for widget in screen.query("Input, TextArea"):
            if isinstance(widget, Input | TextArea) and widget.cursor_blink:
                widget.cursor_blink = False


def _busy(pilot: Pilot[Any]) -> list[str]:
    """What is still on its way. A worker that waits for a dialog's answer rests while the dialog is open."""
    app = pilot.app
    nodes: list[DOMNode] = [app]
    for screen in app.screen_stack:
        nodes += screen.walk_children(with_self=True)
    waiting = sum(callback.future is not None for screen in app.screen_stack for callback in screen._result_callbacks)
    working = [worker.name for worker in app.workers if not worker.is_finished]
    busy = [f"worker {name}" for name in working] if len(working) > waiting else []
    busy += [f"messages of {node!r}" for node in nodes if node._next_callbacks or not node._message_queue.empty()]
    top = app.screen  # those beneath are laid out anew when they are on top again
    busy += ["its layout"] if top._layout_required or top._scroll_required or top._callbacks else []
    return busy + [f"timer of {node!r}" for node in nodes if any(_pending(timer) for timer in node._timers)]


def _pending(timer: Timer) -> bool:
    once = timer._repeat == 0 and timer._interval < SHORT
    return once and timer._task is not None and not timer._task.done()


@cache
def _site() -> Site:
    """A site that has set nothing of its own: the program's red-flag rules and terms."""
    return site_of(Settings())
