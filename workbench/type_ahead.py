"""Keys typed while a text field is still on its way: they are for the field, never verbs.

Textual moves the focus some milliseconds after it was asked to. A hurried `r` followed at once by words would send
those words to the list, where their letters mark conversations done or claim them. The other way round a hurried `f2`
or `escape` in the composer would send what follows into a patient's reply, and an `enter` behind a hurried `ctrl+s`
would break a line of it, in the middle of a dose. That is for nothing: nobody has seen the question yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual import events

from workbench.command import ANYWHERE, WRITING
from workbench.commands import COMMANDS

Typed = events.Key | events.Paste
LEAVES: Final = "leave"
"""The key of the composer after which keys are verbs again."""
ASKS: Final = frozenset({"send", "discard"})
"""Keys of the composer after which a question comes; what is struck before it is there is let go."""
BESIDE: Final = frozenset(c.action for c in COMMANDS if c.opens and c.place in (WRITING, ANYWHERE)) | {LEAVES} | ASKS
"""Actions after which nothing that is typed is for the composer, even where that has the focus."""
PATIENCE: Final = 5.0
"""Seconds after which the field is taken not to come; what was typed for it is let go, since it is no verb.

A verb that opens none says so itself: this is for a machine that is held up, where words must not go for a slow disk.
"""


class TypeAhead:
    """Keeps the keys that follow one that opens a text field, until the field has the focus."""

    def __init__(self, remapped: Mapping[str, str]) -> None:
        keys = [
            (key.strip(), command)
            for command in COMMANDS
            if command.opens or command.action in ASKS | {LEAVES}
            for key in remapped.get(command.id, ",".join(command.keys)).split(",")
        ]
        self._opening = {key: command.action for key, command in keys if command.place != WRITING}
        self._beside = {key: command.action for key, command in keys if command.place in (WRITING, ANYWHERE)}
        self._kept: list[Typed] = []
        self._since: float | None = None
        self.verb = ""
        """What opens it."""
        self.number = 0
        """Of the field that is, or was last, on its way: the same verb may be done twice in a row."""

    @property
    def waiting(self) -> bool:
        """Whether a field is on its way."""
        return self._since is not None

    @property
    def beside(self) -> bool:
        """Whether what is kept is not for the composer."""
        return self.waiting and self.verb in BESIDE

    def takes(self, event: Typed, *, verbs: bool, writing: bool, now: float) -> bool:
        """Whether a key or a paste is kept for the field that comes.

        Args:
            event: As it came from the keyboard.
            verbs: Keys mean verbs where the focus is now.
            writing: It is in the composer.
            now: Monotonic seconds.
        """
        if self.waiting:
            self._kept.append(event)
            return True
        begin = self._opening if verbs else self._beside if writing else {}
        if isinstance(event, events.Key) and event.key in begin:
            self.begin(begin[event.key], now)
        return False

    def opens(self, typed: Typed, verb: str) -> bool:
        """Whether something is the key of a verb, where keys mean verbs."""
        return isinstance(typed, events.Key) and self._opening.get(typed.key) == verb

    def begin(self, verb: str, now: float) -> None:
        """From now on keys are kept for the field that a verb opens, unless they are kept for one already."""
        if not self.waiting:
            self._since, self.verb, self.number = now, verb, self.number + 1

    def waits_for(self, verb: str, number: int) -> bool:
        """Whether the field on its way is that of a verb, and of this doing of it."""
        return self.waiting and (verb, number) == (self.verb, self.number)

    def arrived(self) -> list[Typed]:
        """The field has the focus: gives what was typed for it, in its order."""
        kept, self._kept, self._since = self._kept, [], None
        return kept

    def gave_up(self, now: float) -> bool:
        """Whether the field did not come; then what was typed for it is gone."""
        if self._since is None or now - self._since < PATIENCE:
            return False
        self.arrived()
        return True
