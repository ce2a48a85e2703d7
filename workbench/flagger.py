"""The red-flag rules as a site has them, loaded when the first message is read: that takes a third of a second."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from workbench.dialogue.site import NO_FLAG, Flag

if TYPE_CHECKING:
    from workbench.dialogue.flags.hit import Hit
    from workbench.dialogue.flags.rules import Rules

OWN: Final = Path(__file__).parent / "dialogue" / "flags" / "rules.toml"
"""The rules that come with the program."""
READERS: Final = (OWN.parent, OWN.parents[1] / "fold.py")
"""What reads by them: a program that reads otherwise must read anew what is held, whatever the rules."""


class Flagger:
    """Reads patients' messages by the rules."""

    def __init__(self, file: Path | None = None) -> None:
        """Loads nothing yet.

        Args:
            file: A clinic's own rules; None for the program's alone.
        """
        self._file = file
        self._loading = Lock()

    @property
    def name(self) -> str:
        """Names the rules, and what reads by them, by what their files hold, as far as they can be read now."""
        told = hashlib.sha256()
        readers = [file for each in READERS for file in (sorted(each.glob("*.py")) if each.is_dir() else [each])]
        for file in (OWN, *readers, self._file):
            try:
                told.update(file.read_bytes() if file else b"")
            except OSError:
                told.update(b"?")
        return told.hexdigest()

    def load(self) -> Rules:
        """The rules, loaded now unless they were.

        Raises:
            Failure: The clinic's file is not there or not right.
        """
        with self._loading:
            return self._rules

    def flag_of(self, text: str) -> Flag:
        """What of a patient's message is urgent: of all that the rules find, the longest words, as they say most."""
        best = max(self.hits(text), key=lambda hit: (len(hit.words), -hit.start), default=None)
        return NO_FLAG if best is None else (best.rule, best.words)

    def places_of(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where in a message that is, places that touch as one."""
        places: list[tuple[int, int]] = []
        for hit in sorted(self.hits(text)):
            if places and hit.start <= places[-1][1]:
                places[-1] = (places[-1][0], max(places[-1][1], hit.end))
            else:
                places.append((hit.start, hit.end))
        return tuple(places)

    def hits(self, text: str) -> tuple[Hit, ...]:
        """All that the rules find in a message, in its order."""
        from workbench.dialogue.flags.scan import scan

        return scan(text, self.load())

    def rule_name(self, rule: str, language: str) -> str:
        """What a rule is called; its id where it has no name in the language."""
        try:
            return self.load().rule(rule).names.get(language, rule)
        except KeyError:
            return rule  # it marked this before the rules were changed

    @cached_property
    def _rules(self) -> Rules:
        from workbench.flag_rules import load_rules

        return load_rules(self._file)
