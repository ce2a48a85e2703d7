"""A step of the session in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from widgets.cells import outside
from widgets.display import short_name
from widgets.words import category_word, moment_word, pool_word, priority_word, verb_word
from workbench.dialogue.steps import FAILED, Step, Undone
from workbench.dialogue.work import Verb
from workbench.language import N_, _, ngettext

OUTCOMES: Final[Mapping[Undone, str]] = {
    Undone.TAKEN_BACK: N_("taken back before it left"),
    Undone.PUT_BACK: N_("put back as it was"),
    Undone.PARTLY: N_("put back in part: some of it had been changed or read since"),
    Undone.NOT: N_("was changed since"),
    Undone.ARRIVED: N_("has reached the patient"),
    Undone.IN_DOUBT: N_("may have arrived, the portal has not answered yet"),
    Undone.OPENED: N_("opened to be edited"),
    Undone.DROPPED: N_("was thrown away or taken back in the outbox"),
}
NOTE_ARRIVED: Final = N_("is stored on the portal for colleagues")


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
    return when if step.undone is None else f"{when} · {_became(step, step.undone)}"


def outcome_words(step: Step, undone: Undone) -> str:
    """What became of taking a step back, and that it could not be."""
    became = _became(step, undone)
    return _("cannot be taken back: it {became}").format(became=became) if undone in FAILED else became


def _became(step: Step, undone: Undone) -> str:
    """The same as it stands in a list; where words are depends on who reads them."""
    if undone is Undone.ARRIVED and step.verb is Verb.NOTE:
        return _(NOTE_ARRIVED)
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
