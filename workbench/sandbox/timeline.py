"""How far a conversation has come, and when each thing in it was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from workbench.sandbox.dice import Dice
from workbench.sandbox.workdays import (
    DAY,
    HOUR,
    MINUTE,
    OFFICE_CLOSES,
    at,
    day_of,
    is_working_day,
    local,
    working_days_after,
)

Taken = Literal["nobody", "me", "colleague", "anyone"]


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands."""

    status: str
    """Task.status."""
    business: str
    """Task.businessStatus."""
    taken: Taken
    """Who has it: `me` is the default clinician."""
    hours: tuple[float, float]
    """Since its first message."""


STATES: Final = {
    "new": State("requested", "new", "nobody", (0.3, 60)),
    "overdue": State("requested", "new", "nobody", (300, 400)),
    "escalated": State("requested", "escalated", "nobody", (0.5, 16)),
    "mine": State("accepted", "claimed", "me", (2, 90)),
    "mine-overdue": State("accepted", "claimed", "me", (300, 400)),
    "claimed": State("accepted", "claimed", "colleague", (4, 110)),
    "waiting": State("accepted", "waiting-patient", "anyone", (40, 160)),
    "mine-waiting": State("accepted", "waiting-patient", "me", (40, 160)),
    "asked": State("accepted", "waiting-colleague", "colleague", (10, 90)),
    "answered": State("completed", "answered", "anyone", (60, 900)),
    "mine-answered": State("completed", "answered", "me", (60, 400)),
}

WORKS: Final = (0.1, 6)
ANSWERS: Final = (0.2, 20)
ADDS: Final = (6, 50)
"""Hours before staff do something, before a patient answers, and before one writes again without an answer."""
WAKES: Final = 6 * HOUR + 20 * MINUTE
SLEEPS: Final = 23 * HOUR + 20 * MINUTE
OFFICE_OPENS: Final = 8 * HOUR


def times(first: float, now: float, speakers: Sequence[bool], dice: Dice) -> list[float]:
    """Return when each thing was said, rising, none after `now`.

    Args:
        first: when the first is said, in seconds.
        now: seconds.
        speakers: for each thing said, whether staff say it (in office hours).
        dice: decides the pauses.
    """
    moment = first
    said = [moment]
    for position, staff in enumerate(speakers[1:], 1):
        again = not staff and not speakers[position - 1]
        pause = dice.between(*(ADDS if again else WORKS if staff else ANSWERS)) * HOUR
        wanted = _at_work_after(moment + pause, dice) if staff else _awake_after(moment + pause, dice)
        left = len(speakers) - position
        if wanted > now - left * 10 * MINUTE:
            # What does not fit before now is squeezed in: order matters more than the hour.
            wanted = moment + (now - moment) * dice.between(0.4, 0.9) / left
        moment = wanted
        said.append(moment)
    return said


def awake_before(moment: float, dice: Dice) -> float:
    """Return `moment`, or if people sleep then, a time in the evening before."""
    clock = local(moment) % DAY
    if clock < WAKES:
        return moment - clock - dice.between(40, 240) * MINUTE
    return moment - dice.between(0, 20) * MINUTE if clock > SLEEPS else moment


def _awake_after(moment: float, dice: Dice) -> float:
    clock = local(moment) % DAY
    return moment - clock + WAKES + dice.between(5, 200) * MINUTE if clock < WAKES else moment


def _at_work_after(moment: float, dice: Dice) -> float:
    day = day_of(moment)
    clock = local(moment) % DAY
    if is_working_day(day) and OFFICE_OPENS <= clock <= OFFICE_CLOSES:
        return moment
    if clock > OFFICE_CLOSES:
        day += timedelta(days=1)
    return at(working_days_after(day, 0), OFFICE_OPENS + dice.between(5, 200) * MINUTE)
