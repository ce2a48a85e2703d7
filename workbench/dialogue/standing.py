"""Where a conversation stands, told from what the portal holds of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.dialogue.held import HeldTask
from workbench.dialogue.work import Priority, State

PREVIEW = 200
"""Characters of the last message that a list row keeps."""
TITLE = 60
"""Characters of the last message that stand in for a missing title."""
NEVER = datetime(1, 1, 1, tzinfo=UTC)
REOPENED_BY_PATIENT = frozenset({State.DONE, State.WAITING_PATIENT, State.SNOOZED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the Tasks, the header and the patient's last words make of a conversation."""

    state: State
    owner: str = ""
    pool: str = ""
    priority: Priority = Priority.ROUTINE
    due: datetime | None = None
    category: str = ""
    task: HeldTask | None = None
    """The Task that tells; None when the portal has none."""


def telling_task(tasks: Iterable[HeldTask]) -> HeldTask | None:
    """The Task that tells where a conversation stands: the newest open one, else the newest."""
    return max(
        tasks,
        key=lambda task: (task.state is not State.DONE, task.authored or NEVER, task.stamp.updated, task.stamp.id),
        default=None,
    )


def standing(
    tasks: Iterable[HeldTask],
    *,
    categories: tuple[str, ...] = (),
    closed: bool = False,
    header_changed: datetime | None = None,
    patient_wrote: datetime | None = None,
    now: datetime | None = None,
    astray: bool = False,
) -> Standing:
    """Where a conversation stands. What the patient wrote last always opens it again.

    Args:
        tasks: All Tasks whose focus it is.
        categories: The header's own, used when the Task names none.
        closed: Whether the header is closed; asked only when there is no Task.
        header_changed: When the header last changed on the portal.
        patient_wrote: When the patient's side last wrote, None when it never did.
        now: The time, for what is snoozed; None wakes nothing.
        astray: A Task says that it was merged, and it is read in no other conversation.

    Returns:
        The state: the Task's, but NEW or CLAIMED (by whether it has an owner) when the patient wrote after
        it was finished, or after the Task of a waiting or snoozed conversation last changed, when it was to wake by
        now, or when it is finished only because it was merged into what it is not read in;
        NEW without a Task, or DONE when closed.
    """
    tasks = tuple(tasks)
    task = telling_task(tasks)
    category = categories[0] if categories else ""
    if task is None:
        over = closed and not _later(patient_wrote, header_changed) and (patient_wrote or NEVER) != header_changed
        return Standing(State.DONE if over else State.NEW, category=category)
    state = task.state
    awake = state is State.SNOOZED and task.until is not None and now is not None and task.until <= now
    lost = astray and state is State.DONE
    if awake or lost or (state in REOPENED_BY_PATIENT and _later(patient_wrote, task.stood or task.stamp.updated)):
        state = State.CLAIMED if task.owner else State.NEW
    open_ones = [each for each in tasks if each.state is not State.DONE] or [task]
    priority = min((each.priority for each in open_ones), key=lambda one: one.rank)
    due = min((each.due for each in open_ones if each.due), default=None)
    return Standing(state, task.owner, task.pool, priority, due, task.category or category, task)


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def preview_of(text: str) -> str:
    """The beginning of a message on one line, at most 200 characters, as the portal wrote it."""
    return " ".join(text[: PREVIEW * 2].split())[:PREVIEW]


def title_of(title: str, preview: str) -> str:
    """The title on one line, or the first words of the last message when there is none."""
    return " ".join(title.split()) or preview[:TITLE]
