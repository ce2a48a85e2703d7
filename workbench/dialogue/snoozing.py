"""When something may be snoozed, and until when a snooze means anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from workbench.dialogue.refusals import SendWord
from workbench.dialogue.work import Change, Verb, ours


def why_not_snooze(until: datetime | None, now: datetime, *, flagged: bool) -> SendWord | None:
    """Why a conversation may not be snoozed until a moment, None when it may.

    Args:
        until: Aware; None for until the patient writes.
        now: Aware, in the zone of who snoozes: it tells where the day ends.
        flagged: A rule found an urgent symptom in it: then not beyond today, nor for as long as the patient is silent.
    """
    if until is not None and until.astimezone(UTC) <= now:
        return SendWord.SNOOZE_PAST
    if flagged and (until is None or until.astimezone(now.tzinfo).date() > now.date()):
        return SendWord.SNOOZE_FLAGGED
    return None


def in_time(change: Change, now: datetime) -> Change:
    """What a change means now: a snooze whose moment has passed before it left has ended."""
    if not change.snoozes or change.until is None or change.until > now:
        return change
    if change.verb is Verb.SNOOZE:
        return Change(Verb.WAKE, note=change.note)
    return replace(change, state=ours(owned=bool(change.owner)), until=None)
