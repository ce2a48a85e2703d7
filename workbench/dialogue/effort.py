"""What handling a conversation takes: keys pressed and seconds attended, counted as things happen.

A conversation is known here by a label that says nothing of it, a key is counted and never told which one it was, and
there is no room for words. It is handled once a verb that goes to the outbox was done on it: a reply, done, a claim,
a hand-over and so on. What is pressed or spent where nothing was handled is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

IDLE: Final = 60.0
"""Seconds that a pause between two keys counts at most. Somebody who reads presses nothing: at 238 words a minute, the
mean of silent reading in 190 studies (Brysbaert 2019, doi:10.1016/j.jml.2019.104047), this is a message of some 240
words, longer than most. Who is called away for an hour is taken to have read for this long."""
REMEMBERED: Final = 200
"""Conversations of which it is remembered what they took though nothing was done on them yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one conversation took."""

    keys: int = 0
    seconds: float = 0.0
    verbs: tuple[str, ...] = ()
    """Each verb that was done, in order."""

    @property
    def handled(self) -> bool:
        """Whether anything was done on it."""
        return bool(self.verbs)


@dataclass(frozen=True, slots=True)
class Handled:
    """A conversation that was handled and then left, with what it took."""

    label: str
    taken: Taken


@dataclass(frozen=True, slots=True)
class Effort:
    """The meter. Each thing that happens gives the next one."""

    at: float | None = None
    """When something last happened, in seconds that only rise; None while nobody is taken to be looking."""
    label: str = ""
    """The conversation that keys act on; empty for none."""
    here: Taken = Taken()
    """What it has taken; for none, what is forgotten with the next."""
    elsewhere: Mapping[str, Taken] = field(default_factory=dict)
    """What others took on which nothing was done so far, the one left longest ago first."""
    handled: tuple[Handled, ...] = ()
    """What was handled and left since `emptied`."""

    def begun(self, at: float) -> Effort:
        """Somebody looks: what comes before the first key counts."""
        return replace(self, at=at)

    def key(self, at: float, label: str) -> Effort:
        """A key was pressed, and acts on a conversation.

        The pause before it is that conversation's as well: it was what one looked at.
        """
        there = self if label == self.label else self._turned(label)
        here = replace(there.here, keys=there.here.keys + 1, seconds=there.here.seconds + self._pause(at))
        return replace(there, at=at, here=here)

    def verb(self, label: str, verb: str) -> Effort:
        """A verb was done on a conversation, which may have been left meanwhile: it takes a moment to be kept."""
        if label == self.label:
            return replace(self, here=_did(self.here, verb))
        others = dict(self.elsewhere)
        taken = _did(others.pop(label, Taken()), verb)
        return replace(self, elsewhere=others, handled=(*self.handled, Handled(label, taken)))

    def idle(self, at: float) -> Effort:
        """Nobody looks any more: the time until now counts, what follows does not until `begun` or the next key."""
        return replace(self, at=None, here=replace(self.here, seconds=self.here.seconds + self._pause(at)))

    def left(self) -> Effort:
        """The conversation is left, as at the end."""
        return self._turned("")

    def emptied(self) -> Effort:
        """What was handled has been taken over."""
        return replace(self, handled=())

    def _pause(self, at: float) -> float:
        return 0.0 if self.at is None else min(max(at - self.at, 0.0), IDLE)

    def _turned(self, label: str) -> Effort:
        """Puts what is here away, and goes on with what another conversation has taken."""
        others, handled = dict(self.elsewhere), self.handled
        if self.here.handled:
            handled = (*handled, Handled(self.label, self.here))
        elif self.label:
            others[self.label] = self.here
        here = others.pop(label, Taken())
        if len(others) > REMEMBERED:
            del others[next(iter(others))]
        return replace(self, label=label, here=here, elsewhere=others, handled=handled)


def _did(taken: Taken, verb: str) -> Taken:
    return replace(taken, verbs=(*taken.verbs, verb))
