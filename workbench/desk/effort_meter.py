"""Measures what handling conversations takes while somebody works; told by the screen's thread alone.

A key costs a few microseconds here and never a write: what was handled is kept a few conversations at a time, by
whoever writes to the store, and at the end. A process that is killed loses the last few: figures, and nobody's words.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from workbench.dialogue.effort import Effort, Handled
from workbench.dialogue.key import Key
from workbench.dialogue.work import Verb

TOGETHER: Final = 8
"""Conversations that are kept in one transaction."""


class EffortMeter:
    """Counts for the conversation that keys act on."""

    def __init__(
        self,
        label: Callable[[Key], str],
        keep: Callable[[tuple[Handled, ...]], object],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepares a meter; nobody looks yet.

        Args:
            label: A conversation's label.
            keep: Has what was handled kept, soon and elsewhere.
            monotonic: Seconds that only rise.
        """
        self._label = lru_cache(1000)(label)
        self._keep = keep
        self._now = monotonic
        self._effort = Effort()

    def begin(self) -> None:
        """Somebody looks."""
        self._effort = self._effort.begun(self._now())

    def key(self, acts_on: Key | None) -> None:
        """A key was pressed."""
        self._effort = self._effort.key(self._now(), self._label(acts_on) if acts_on else "")

    def did(self, conversation: Key, verb: Verb) -> None:
        """A verb of the user's was put in the outbox."""
        self._effort = self._effort.verb(self._label(conversation), verb.value)
        if len(self._effort.handled) >= TOGETHER:
            self._hand_over()

    def end(self) -> None:
        """Nobody looks any more."""
        self._effort = self._effort.idle(self._now()).left()
        if self._effort.handled:
            self._hand_over()

    def _hand_over(self) -> None:
        handled, self._effort = self._effort.handled, self._effort.emptied()
        self._keep(handled)
