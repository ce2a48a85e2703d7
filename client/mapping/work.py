"""Tasks: who has a conversation, and how much it hurries."""

from datetime import datetime

from client import models
from client.conventions import Conventions
from client.dates import moment
from client.mapping.context import LONG_AGO, Context, code_or_words, codes, stamp
from client.mapping.remarks import remarks
from client.mapping.ties import ties
from workbench.dialogue.held import HeldTask
from workbench.dialogue.people import PartyKind, kind_of
from workbench.dialogue.work import Priority, State, ours

ENDED = ("completed", "cancelled", "failed", "rejected", "entered-in-error")
"""Task statuses from which FHIR knows no way back."""
OVER = ("completed", "cancelled")
"""Those after which nothing more is to be done; what failed or was rejected was not done."""
NEVER_WAS = "entered-in-error"
"""Status of a Task that was made by mistake and is none."""
PAUSED = "on-hold"
"""Task status of what is snoozed; others put Tasks on hold too, so our business status must stand beside it."""


def counts(resource: models.Task, context: Context) -> bool:
    """Whether a Task is the work on a conversation."""
    if not context.first([resource.focus] if resource.focus else [], "Communication"):
        return False
    own = context.conventions
    if not resource.code or not (resource.code.coding or resource.code.text):
        return True
    if own.task_respond in codes([resource.code], own.task_system):
        return True
    return own.threads != "marked" and not any(coding.code in own.task_others for coding in resource.code.coding)


def astray(resource: models.Task, context: Context) -> bool:
    """Whether a Task is the work on a conversation that is named in a way which cannot be followed."""
    own = context.conventions
    lost = resource.focus is not None and not context.reference(resource.focus)
    return lost and resource.code is not None and own.task_respond in codes([resource.code], own.task_system)


def task(resource: models.Task, context: Context) -> HeldTask:
    """Map a Task that counts."""
    own = context.conventions
    owner = _owner(resource.owner, context)
    with_team = resource.owner.display if resource.owner and not owner else ""
    period = resource.restriction.period if resource.restriction else None
    stands = state(resource, own, bool(owner))
    return HeldTask(
        stamp=stamp(resource),
        thread=context.first([resource.focus] if resource.focus else [], "Communication"),
        state=stands,
        owner=owner,
        pool=pool(resource, own) or with_team,
        priority=_priority(resource.priority),
        due=moment(period.end, end=True) if period else None,
        category=code_or_words(resource.reason, own.category_system),
        authored=moment(resource.authored),
        notes=remarks(resource, context),
        until=_until(period) if stands is State.SNOOZED else None,
        ties=ties(resource, context),
        ended=resource.period.end if resource.period else "",
    )


def state(resource: models.Task, own: Conventions, owned: bool) -> State:
    """Where the work stands: an ended Task is done, else the business status tells, else whether somebody has it."""
    if resource.status in OVER:
        return State.DONE
    waiting = {
        own.business_waiting_patient: State.WAITING_PATIENT,
        own.business_waiting_colleague: State.WAITING_COLLEAGUE,
        own.business_escalated: State.ESCALATED,
    }
    business = code_or_words(resource.business, own.business_system)
    if resource.status == PAUSED and business == own.business_snoozed:
        return State.SNOOZED
    return waiting.get(business) or ours(owned=owned)


def _owner(reference: models.Reference | None, context: Context) -> str:
    """Who of staff has it: whoever a role is of; nobody while it lies with a team or a machine, so that all see it."""
    who = context.party(reference)
    return "" if kind_of(who) in (PartyKind.TEAM, PartyKind.DEVICE) else context.roles.get(who, who)


def _until(period: models.Period | None) -> datetime | None:
    """When a snooze ends of itself; a moment that cannot be read has passed, so that nothing stays hidden for it."""
    return (moment(period.start) or LONG_AGO) if period and period.start else None


def pool(resource: models.Task, own: Conventions) -> str:
    """Code of the team it lies with: one of the portal's own before any other; empty when there is none."""
    known = codes(resource.performer, own.pool_system)
    return known[0] if known else next((code_or_words(each, own.pool_system) for each in resource.performer), "")


def _priority(code: str) -> Priority:
    try:
        return Priority(code)
    except ValueError:
        return Priority.ROUTINE
