"""Tells the user in words what was done or what went wrong; a failing worker never ends the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from textual.worker import Worker, WorkerState

from widgets.display import for_display
from widgets.problems import asked_once
from workbench.dialogue.clean import clip

if TYPE_CHECKING:
    from textual.app import App

    from workbench.dialogue.status import Event

LONGEST: Final = (300, 6)
"""Characters and lines of a notice; what a portal says may be of any length."""


class Reporter(Protocol):
    """Whoever can tell the user something."""

    def report(self, error: BaseException) -> None:
        """Says what went wrong."""

    def say(self, words: str) -> None:
        """Says that something was done."""


@runtime_checkable
class Hearing(Protocol):
    """A screen that shows something of the session, and is told of its changes."""

    def changed(self, event: Event) -> None:
        """Takes a change of the session."""


class Telling:
    """For screens and their parts: `report`, `say`, and a net under every worker started with `exit_on_error=False`."""

    app: App[object]

    def report(self, error: BaseException) -> None:
        """Says what went wrong, with what the portal said of it."""
        said = str(getattr(error, "text", "") or getattr(error, "detail", ""))
        words = asked_once(str(getattr(error, "word", type(error).__name__)), getattr(error, "values", {}))
        shown = for_display(clip(words + (f"\n{said}" if said else ""), *LONGEST)[0])
        self.app.notify(shown.plain, severity="error", timeout=10, markup=False)

    def say(self, words: str) -> None:
        """Says that something was done."""
        self.app.notify(for_display(clip(words, *LONGEST)[0]).plain, timeout=4, markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Reports what no handler caught; what is on the screen stays there."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.report(event.worker.error)
