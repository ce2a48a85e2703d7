"""A step of the session in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from widgets.cells import outside
from widgets.change_words import change_words
from widgets.display import short_name
from widgets.words import moment_word
from workbench.dialogue.remedies import WORDS
from workbench.dialogue.steps import DONE, FAILED, Line, Step, Undone
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
ABLE: Final[Mapping[Undone, str]] = {
    Undone.TAKEN_BACK: N_("can be taken back: it has not left"),
    Undone.PUT_BACK: N_("can be taken back"),
    Undone.PARTLY: N_("can be taken back in part: some of it has been changed or read since"),
}
"""What is said of a step of which something can be taken back, by what would become of that."""
EDITABLE: Final = N_("can be taken back and edited: it has not left")


def step_words(step: Step, now: datetime) -> str:
    """What was done, to whom; text from outside."""
    count = len(step.deeds)
    whom = (
        short_name(step.patient)
        if count == 1
        else ngettext("{count} conversation", "{count} conversations", count).format(count=count)
    )
    return outside(f"{whom}: {change_words(step.verb, step.change, now)}")


def line_state(line: Line, now: datetime) -> str:
    """When it was done, and whether it can be taken back, or why not; else what became of that."""
    return f"{moment_word(line.step.at, now)} · {_stands(line.step, line.outlook)}"


def _stands(step: Step, outlook: Undone | None) -> str:
    if outlook is not None and outlook not in FAILED:
        if outlook is Undone.TAKEN_BACK and step.verb in WORDS:
            return _(EDITABLE)
        return _(ABLE[outlook])
    if step.undone in DONE or step.undone is Undone.PARTLY:
        return _became(step, step.undone)
    return outcome_words(step, outlook or Undone.NOT)


def outcome_words(step: Step, undone: Undone) -> str:
    """What became of taking a step back, and that it could not be."""
    became = _became(step, undone)
    return _("cannot be taken back: it {became}").format(became=became) if undone in FAILED else became


def _became(step: Step, undone: Undone) -> str:
    """The same as it stands in a list; where words are depends on who reads them."""
    if undone is Undone.ARRIVED and step.verb is Verb.NOTE:
        return _(NOTE_ARRIVED)
    return _(OUTCOMES[undone])
