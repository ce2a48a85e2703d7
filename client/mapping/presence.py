"""Presences: Tasks that say where a colleague is just now, and are no work."""

from datetime import timedelta

from client import models
from client.conventions import Conventions
from client.dates import moment
from client.mapping.context import Context, code_or_words, codes, stamp
from client.mapping.work import ENDED
from workbench.dialogue.held import HeldPresence
from workbench.dialogue.presence import LASTS, Doing


def tells(resource: models.Task, own: Conventions) -> bool:
    """Whether a Task is a presence."""
    return resource.code is not None and own.task_presence in codes([resource.code], own.task_system)


def presence(resource: models.Task, context: Context) -> HeldPresence | None:
    """Map a Task that is a presence; None when it does not say who is where.

    Its end is of the portal's clock, as both its writer and we reckon it; none is believed for longer than one of our
    own would last.
    """
    who = context.reference(resource.owner)
    thread = context.first([resource.focus] if resource.focus else [], "Communication")
    if not who or not thread:
        return None
    own = context.conventions
    writes = code_or_words(resource.business, own.business_system) == own.business_writing
    period = resource.restriction.period if resource.restriction else None
    end = moment(period.end) if period else None
    left = timedelta() if end is None or resource.status in ENDED else end - context.now()
    return HeldPresence(
        stamp(resource),
        who,
        thread,
        Doing.WRITING if writes else Doing.READING,
        min(max(left, timedelta()), LASTS),
    )
