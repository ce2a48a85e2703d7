"""What will be done to many conversations, in words: every patient it touches, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from textual.content import Content

from widgets.cells import outside
from widgets.display import for_display
from widgets.row import short_name
from workbench.dialogue.bulk import LeftOut, Plan
from workbench.dialogue.queue import Item
from workbench.language import N_, _, ngettext

NAME: Final = 32
"""Cells of a patient's name."""
REASONS: Final[Mapping[LeftOut, str]] = {
    LeftOut.FLAGGED: N_("has a red flag: look at it by itself"),
    LeftOut.UNANSWERED: N_("an e-consultation without an answer"),
    LeftOut.TAKEN: N_("a colleague has it"),
    LeftOut.NO_CHANGE: N_("is so already"),
    LeftOut.DRAFT: N_("unsent words lie in it: look at it by itself"),
    LeftOut.CLOSED: N_("is done"),
    LeftOut.OTHER_PORTAL: N_("lies on another portal"),
    LeftOut.PAST: N_("the moment it would be put off until has passed"),
    LeftOut.MERGED: N_("was merged into another: take them apart with l"),
    LeftOut.CHANGED: N_("has changed since you were asked: look at it by itself"),
}


def plan_lines(plan: Plan) -> Content:
    """The preview of a plan."""
    return Content("\n").join(_lines(plan))


def _lines(plan: Plan) -> Iterator[Content]:
    for item in plan.to:
        yield _line(item)
    if plan.left_out:
        count = len(plan.left_out)
        head = ngettext("{count} is left out:", "{count} are left out:", count).format(count=count)
        if plan.to:
            yield Content("")
        yield Content.styled(head, "bold $text-warning")
        for item, reason in plan.left_out:
            yield Content.assemble(_line(item), " – ", _(REASONS[reason]))


def counted(plan: Plan) -> str:
    """How many conversations, of how many patients."""
    number, patients = len(plan.to), plan.patients
    conversations = ngettext("{count} conversation", "{count} conversations", number).format(count=number)
    return conversations + " · " + ngettext("{count} patient", "{count} patients", patients).format(count=patients)


def _line(item: Item) -> Content:
    name = for_display(short_name(item.patient_name, item.birth, NAME, full=True), one_line=True)
    return Content.assemble(name.stylize("bold"), " · ", for_display(outside(item.title), one_line=True))
