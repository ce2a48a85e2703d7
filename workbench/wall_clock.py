"""The zone of this machine, in summer and in winter.

`datetime.astimezone()` gives a moment the offset of its own day alone. Told by it, a deadline on the far side of the
night on which clocks are moved is an hour off, and one at the end of a day falls on the next.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

NONE: Final = timedelta()


class WallClock(tzinfo):
    """What the clock on the wall shows at any moment, as the system knows it."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """How far the clock is ahead at a moment of its own."""
        return None if moment is None else _offset(moment.replace(tzinfo=None))

    def dst(self, _moment: datetime | None) -> None:
        """Not told: nobody asks."""

    def tzname(self, moment: datetime | None) -> str | None:
        """Named by its offset, as other zones of a moment are."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """What the clock shows at a moment of UTC; the second time it shows an hour is told apart."""
        ahead = _offset(moment.replace(tzinfo=UTC))
        shown = moment + ahead
        return shown if _offset(shown.replace(tzinfo=None)) == ahead else shown.replace(fold=1)


def _offset(moment: datetime) -> timedelta:
    try:
        return moment.astimezone().utcoffset() or NONE
    except (OSError, OverflowError, ValueError):  # years that the system's clock does not reach
        return NONE


WALL_CLOCK: Final = WallClock()
