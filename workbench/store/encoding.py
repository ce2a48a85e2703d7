"""How values of the dialogue are written in columns: times as integers, small lists as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.work import Change, Priority, State, Verb

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LATER: Final[tuple[Any, ...]] = (None, None, False, "")
"""What a change has where its row was written before there was such a thing: until, state, back, other."""


def to_micros(moment: datetime) -> int:
    """An aware time as microseconds since 1970, exact."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The time that `to_micros` was given, in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def maybe_micros(moment: datetime | None) -> int | None:
    """Like `to_micros`; None stays None."""
    return None if moment is None else to_micros(moment)


def maybe_moment(micros: int | None) -> datetime | None:
    """Like `from_micros`; None stays None."""
    return None if micros is None else from_micros(micros)


def storable(text: str) -> str:
    """The text with lone surrogates replaced, as SQLite takes only what UTF-8 can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def dump_list(values: Iterable[str]) -> str:
    """A tuple of strings as JSON, empty text for none."""
    listed = list(values)
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def load_list(text: str) -> tuple[str, ...]:
    """The tuple that `dump_list` was given."""
    return tuple(json.loads(text)) if text else ()


def dump_attachments(attachments: Iterable[Attachment]) -> str:
    """Attachments as JSON, empty text for none."""
    rows = [[a.title, a.content_type, a.size, a.url, a.reference, a.sha1] for a in attachments]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def load_attachments(text: str) -> tuple[Attachment, ...]:
    """The attachments that `dump_attachments` was given."""
    return tuple(Attachment(*row) for row in json.loads(text)) if text else ()


def dump_change(change: Change | None) -> str:
    """A change as JSON, empty text for none."""
    if change is None:
        return ""
    priority = None if change.priority is None else change.priority.value
    state = None if change.state is None else change.state.value
    parts = [change.verb.value, change.owner, change.owner_name, change.pool, priority, change.category, change.note]
    return json.dumps([*parts, maybe_micros(change.until), state, change.back, change.other], ensure_ascii=False)


def load_change(text: str) -> Change | None:
    """The change that `dump_change` was given; a row of before there were snoozes, or ties, ends earlier."""
    if not text:
        return None
    verb, owner, owner_name, pool, priority, category, note, *later = json.loads(text)
    until, state, back, other = list(later) + list(LATER[len(later) :])
    urgency = None if priority is None else Priority(priority)
    turn = None if state is None else State(state)
    return Change(Verb(verb), owner, owner_name, pool, urgency, category, note, maybe_moment(until), turn, back, other)
