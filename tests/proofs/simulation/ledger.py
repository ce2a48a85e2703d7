"""What was acknowledged: every word somebody typed, and everything somebody sent, whatever became of the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.work import Verb


@dataclass(frozen=True, slots=True)
class Word:
    """One word that was typed; no two are the same in a history."""

    key: Key
    kind: Verb
    """A reply, a note or a receipt."""
    author: str


@dataclass
class Ledger:
    """What must be somewhere at the end."""

    words: dict[str, Word] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Words that were said to be saved."""
    dropped: set[str] = field(default_factory=set)
    """Words that somebody threw away or took out by an act of their own."""
    queued: dict[str, Outgoing] = field(default_factory=dict)
    """What was said to be in the outbox."""
    taken_back: set[str] = field(default_factory=set)
    thrown_away: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    """What somebody tried to take back or throw away; the disk may have failed after it was done."""

    def word(self, key: Key, kind: Verb, author: str) -> str:
        """A new word."""
        text = f"{author.partition('/')[2]}{len(self.words)}x"
        self.words[text] = Word(key, kind, author)
        return text
