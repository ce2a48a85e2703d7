"""What is done to a conversation and what is set by it, in a few words: the same in every place that tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from widgets.display import short_name
from widgets.words import category_word, pool_word, priority_word, snooze_word, state_word, verb_word
from workbench.dialogue.receipt import day_in_words
from workbench.dialogue.snooze_times import Until
from workbench.dialogue.work import Change, State, Verb
from workbench.language import _, clock_time, current

OURS: Final = (State.NEW, State.CLAIMED)


def change_words(verb: Verb, change: Change | None, now: datetime) -> str:
    """What is done, harmless: `reply`, `priority: urgent`, `snooze until Thursday 3 December 08:00`.

    Args:
        verb: What kind it is.
        change: What it sets; None for words.
        now: Aware, in the zone of who reads.
    """
    word = verb_word(verb)
    if change is None:
        return word
    match verb:
        case Verb.HAND_OVER if change.owner or change.pool:
            name = change.owner_name or pool_word(change.pool)
            return _("{verb} to {name}").format(verb=word, name=short_name(name))
        case Verb.HAND_OVER:
            return verb_word(Verb.RELEASE)  # nobody had it and it lay with no team, and so it is put back
        case Verb.SNOOZE:
            return _("{verb} until {when}").format(verb=word, when=_until(change.until, now))
        case Verb.PRIORITY if change.priority is not None:
            return f"{word}: {priority_word(change.priority)}"
        case Verb.CATEGORY:
            return f"{word}: {short_name(category_word(change.category)) or _('none')}"
        case Verb.NEXT if change.state is not None:
            return f"{word}: {_('ours') if change.state in OURS else state_word(change.state)}"
    return word


def _until(moment: datetime | None, now: datetime) -> str:
    """The day is told whole: what is set is looked at again on another day."""
    if moment is None:
        return snooze_word(Until.PATIENT)
    local = moment.astimezone(now.tzinfo)
    return f"{day_in_words(local.date(), now.date(), current())} {clock_time(local)}"
