"""What somebody typed to search for, as a query: words, "phrases", and fields such as `team:resept`.

The same line is what a saved view is written as. Field names and fixed values are understood in all the languages
the program speaks, whichever is on: a view is shared, and its readers' languages differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from workbench.dialogue.fold import fold, words_of
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.work import ACTIVE, OPEN, State

TOKEN: Final = re.compile(r'(?:([^\W\d_]+):)?(?:"([^"]*)(?:"|$)|(\S+))')
"""A field's name and colon where there are any, then words in quotation marks or one word."""
DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
FIELDS: Final[Mapping[str, str]] = {
    "patient": "patient",
    "pasient": "patient",
    "from": "sender",
    "fra": "sender",
    "fraa": "sender",
    "owner": "owner",
    "eier": "owner",
    "eigar": "owner",
    "team": "pool",
    "pool": "pool",
    "type": "category",
    "category": "category",
    "kategori": "category",
    "portal": "portal",
    "is": "is",
    "er": "is",
    "date": "date",
    "dato": "date",
    "after": "after",
    "etter": "after",
    "before": "before",
    "for": "before",
}
"""Names of fields, folded, and what they mean."""
STANDS: Final[Mapping[str, str]] = {
    "open": "open",
    "aapen": "open",
    "done": "done",
    "ferdig": "done",
    "any": "any",
    "alle": "any",
    "flagged": "flagged",
    "hastesignal": "flagged",
    "unread": "unread",
    "ulest": "unread",
    "ulesen": "unread",
    "overdue": "overdue",
    "forfalt": "overdue",
    "forfalle": "overdue",
    "snoozed": "snoozed",
    "utsatt": "snoozed",
    "utsett": "snoozed",
    "mine": "mine",
    "min": "mine",
    "unclaimed": "unclaimed",
    "ledig": "unclaimed",
    "ufordelt": "unclaimed",
    "claimed": "claimed",
    "tatt": "claimed",
    "teken": "claimed",
    "new": "new",
    "ny": "new",
    "escalated": "escalated",
    "eskalert": "escalated",
    "waiting": "waiting",
    "venter": "waiting",
    "ventar": "waiting",
    "colleague": "colleague",
    "kollega": "colleague",
}
"""Values of `is:`, folded, and what they mean."""
STATES: Final[Mapping[str, frozenset[State]]] = {
    "open": OPEN,
    "any": frozenset(State),
    "done": frozenset({State.DONE}),
    "snoozed": frozenset({State.SNOOZED}),
    "new": frozenset({State.NEW}),
    "escalated": frozenset({State.ESCALATED}),
    "waiting": frozenset({State.WAITING_PATIENT}),
    "colleague": frozenset({State.WAITING_COLLEAGUE}),
}
OWNERS: Final[Mapping[str, Whose]] = {"me": Whose.ME, "meg": Whose.ME, "none": Whose.NOBODY, "ingen": Whose.NOBODY}
"""Values of `owner:` that are no names, folded, and what they mean."""
TYPES: Final[Mapping[str, str]] = {
    "e-contact": "e-kontakt",
    "e-consultation": "e-konsultasjon",
    "renewal": "reseptfornyelse",
    "prescription": "reseptfornyelse",
    "resept": "reseptfornyelse",
    "appointment": "timeendring",
    "time": "timeendring",
    "form": "skjema",
    "record": "journalinnsyn",
    "journal": "journalinnsyn",
    "other": "annet",
    "anna": "annet",
}
"""What types of message are called beside their codes, folded."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a site calls its teams and types of message, so that either name or code, begun or whole, is understood."""

    pools: Mapping[str, str] = field(default_factory=dict)
    """Code -> name."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """Code -> name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that was typed, understood."""

    query: Query
    not_understood: tuple[str, ...] = ()
    """Fields, as typed, whose value means nothing; they narrow nothing."""


def asked(line: str, now: datetime, vocabulary: Vocabulary | None = None) -> Asked:
    """Understands a line.

    Args:
        line: As typed; a field that is not known is taken as words.
        now: Aware, in the zone of who asks: what is overdue, and which day a date is.
        vocabulary: What the site calls things.

    Returns:
        A query over all conversations, done ones too, unless the line says otherwise.
    """
    reading = _Reading(Query(frozenset(State)), now, vocabulary or Vocabulary())
    words: list[str] = []
    last = ""
    for found in TOKEN.finditer(line):
        name, quoted, word = found.groups()
        value = word if quoted is None else " ".join(quoted.split())
        meaning = FIELDS.get(fold(name)) if name else None
        last = ""
        if meaning is not None:
            reading.take(meaning, found.group(), value)
        elif quoted is not None and name is None:
            reading.phrase(value)
        elif name is None and word.endswith(":") and fold(word[:-1]) in FIELDS:
            continue  # the field has been begun, its value not yet
        else:
            words.append(found.group())
            last = found.group()
    text = " ".join(words)
    # A last word that is still being typed stands for all that begin with it; a blank behind it ends it.
    blank = " " if text and (line[-1:].isspace() or not line.endswith(last or "\0")) else ""
    return Asked(replace(reading.query, words=text + blank), tuple(reading.not_understood))


class _Reading:
    """A query as it grows, field by field."""

    def __init__(self, query: Query, now: datetime, vocabulary: Vocabulary) -> None:
        self.query = query
        self.not_understood: list[str] = []
        self._now = now
        self._vocabulary = vocabulary

    def take(self, meaning: str, typed: str, value: str) -> None:
        """Narrows the query by one field."""
        takers: Mapping[str, Callable[[str], Query | None]] = {
            "patient": lambda said: replace(self.query, patient_name=said),
            "sender": lambda said: replace(self.query, sender=said),
            "owner": self._owned,
            "pool": lambda said: self._coded("pool", said, self._vocabulary.pools),
            "category": lambda said: self._coded("category", said, self._vocabulary.categories),
            "portal": lambda said: replace(self.query, portal=said),
            "is": self._is,
            "date": self._on,
            "after": self._after,
            "before": self._before,
        }
        if not value:
            return
        narrowed = takers[meaning](value)
        if narrowed is None:
            self.not_understood.append(typed)
        else:
            self.query = narrowed

    def phrase(self, words: str) -> None:
        """Asks for words side by side."""
        if words:
            self.query = replace(self.query, phrases=(*self.query.phrases, words))

    def _owned(self, said: str) -> Query | None:
        if whose := OWNERS.get(fold(said)):
            return replace(self.query, whose=whose)
        return replace(self.query, owner=said) if words_of(said) else None

    def _coded(self, name: str, said: str, known: Mapping[str, str]) -> Query | None:
        begun = fold(said)
        if name == "category" and begun in TYPES:
            return replace(self.query, category=TYPES[begun])
        exact = [code for code, word in known.items() if begun in (fold(code), fold(word))]
        near = [code for code, word in known.items() if fold(code).startswith(begun) or fold(word).startswith(begun)]
        code = exact[0] if exact else near[0] if near else said
        return replace(self.query, **{name: code})  # type: ignore[arg-type]

    def _is(self, said: str) -> Query | None:
        word = STANDS.get(fold(said))
        if word is None:
            begun = [meaning for name, meaning in STANDS.items() if name.startswith(fold(said))]
            word = begun[0] if len(set(begun)) == 1 else None
        if word is not None and word in STATES:
            return replace(self.query, states=STATES[word])
        match word:
            case "flagged":
                return replace(self.query, flagged=True)
            case "unread":
                return replace(self.query, unread=True)
            case "overdue":
                return replace(self.query, states=self.query.states & ACTIVE, due_before=_minute(self._now))
            case "mine":
                return replace(self.query, whose=Whose.ME)
            case "unclaimed":
                return replace(self.query, states=self.query.states & OPEN, whose=Whose.NOBODY)
            case "claimed":
                return replace(self.query, states=self.query.states & OPEN, claimed=True)
        return None

    def _on(self, said: str) -> Query | None:
        span = _span(said, self._now)
        return replace(self.query, since=span[0], before=span[1]) if span else None

    def _after(self, said: str) -> Query | None:
        span = _span(said, self._now)
        return replace(self.query, since=span[0]) if span else None

    def _before(self, said: str) -> Query | None:
        span = _span(said, self._now)
        return replace(self.query, before=span[0]) if span else None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _span(said: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The day, month or year that was said, from its first moment to the next one's."""
    near = {"today": 0, "i dag": 0, "idag": 0, "yesterday": -1, "i gaar": -1, "igaar": -1}
    try:
        if fold(said) in near:
            first = now.date() + timedelta(days=near[fold(said)])
            after = first + timedelta(days=1)
        elif found := DAY.fullmatch(said):
            year, month, day = (int(part) if part else 0 for part in found.groups())
            first = date(year, month or 1, day or 1)
            after = _next(first, month, day)
        else:
            return None
        return _midnight(first, now), _midnight(after, now)
    except (ValueError, OverflowError):
        return None  # no such day


def _next(first: date, month: int, day: int) -> date:
    if day:
        return first + timedelta(days=1)
    if month:
        return date(first.year + month // 12, month % 12 + 1, 1)
    return date(first.year + 1, 1, 1)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
