"""Recording: the tester uses the workbench on a scene's data, and what is pressed becomes a scene."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input, TextArea

from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.snapshot.scene import WORDS
from workbench.snapshot.stage import SceneApp, staged

if TYPE_CHECKING:
    from workbench.snapshot.scene import Scene
    from workbench.snapshot.session import SceneSession

END = "ctrl+q"
"""Ends the recording and is no part of it."""


class Recorder(SceneApp):
    """The workbench on a scene, remembering what is pressed."""

    def __init__(self, session: SceneSession, scene: Scene) -> None:
        super().__init__(session, scene)
        self.steps: list[str] = []

    async def on_event(self, event: events.Event) -> None:
        """Takes note of keys and pastes on their way in."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._take(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            self._typed(event.text)
        await super().on_event(event)

    def _take(self, event: events.Key) -> None:
        writing = isinstance(self.focused, Input | TextArea)
        if writing and event.is_printable and event.character:
            self._typed(event.character)
        elif event.key != END:
            self.steps.append(event.key)

    def _typed(self, words: str) -> None:
        if self.steps and self.steps[-1].startswith(WORDS):
            self.steps[-1] += words
        else:
            self.steps.append(WORDS + words)


def record(scene: Scene) -> Scene:
    """Opens the workbench on a scene in this terminal until it is left.

    Returns:
        The scene with what was pressed after its own keys, in the size the terminal had at the end.

    Raises:
        Failure: The workbench did not end by the user's own key.
    """
    with staged(scene, Recorder) as app:
        app.run()
        assert isinstance(app, Recorder)
        if app.return_code:
            raise Failure(_("The workbench stopped by itself: nothing was recorded."), Exit.FAILED)
        size = app.size
        return replace(scene, size=(size.width, size.height), keys=(*scene.keys, *app.steps))
