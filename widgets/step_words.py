"""A step of the session in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from widgets.cells import outside
from widgets.display import short_name
from widgets.words import category_word, moment_word, pool_word, priority_word, verb_word
from workbench.dialogue.steps import Step, Undone
from workbench.dialogue.work import Verb
from workbench.language import N_, _, ngettext

OUTCOMES: Final[Mapping[Undone, str]] = {
    Undone.TAKEN_BACK: N_("taken back before it left"),
    Undone.PUT_BACK: N_("put back as it was"),
    Undone.PARTLY: N_("put back in part: some of it had been changed or read since"),
    Undone.NOT: N_("cannot be taken back: it has left, or somebody has changed it since"),
}


def step_words(step: Step) -> str:
    """What was done, to whom; text from outside."""
    count = len(step.deeds)
    whom = (
        short_name(step.patient)
        if count == 1
        else ngettext("{count} conversation", "{count} conversations", count).format(count=count)
    )
    return outside(f"{whom}: {_what(step)}")


def step_state(step: Step, now: datetime) -> str:
    """When it was done, and what became of taking it back."""
    when = moment_word(step.at, now)
    return when if step.undone is None else f"{when} · {outcome_words(step.undone)}"


def outcome_words(undone: Undone) -> str:
    """What became of taking a step back."""
    return _(OUTCOMES[undone])


def _what(step: Step) -> str:
    change, verb = step.change, verb_word(step.verb)
    if change is None:
        return verb
    detail = ""
    match step.verb:
        case Verb.PRIORITY if change.priority:
            detail = priority_word(change.priority)
        case Verb.CATEGORY:
            detail = category_word(change.category)
        case Verb.HAND_OVER:
            detail = short_name(change.owner_name) if change.owner else pool_word(change.pool)
    return f"{verb} · {detail}" if detail else verb
