"""The zone of this machine's clock, at any moment: summer and winter in it, as the clock on the wall has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """What `datetime.astimezone()` leaves out: that gives the offset of one moment, an hour off half of the year.

    Two moments with one zone object are told apart by the clock on the wall, so each "now" has an object of its own.
    """

    def utcoffset(self, moment: datetime | None, /) -> timedelta:
        """How far the wall's clock is ahead; years that this machine cannot reckon with are taken as UTC's."""
        try:
            wall = datetime.now() if moment is None else moment.replace(tzinfo=None)  # noqa: DTZ005 - it is the wall's
            return wall.astimezone().utcoffset() or timedelta()
        except (OverflowError, OSError, ValueError):
            return timedelta()

    def dst(self, moment: datetime | None, /) -> None:
        """Not told."""

    def tzname(self, moment: datetime | None, /) -> None:
        """Not told."""

    def fromutc(self, moment: datetime, /) -> datetime:
        """A moment of UTC's as it is on the wall; the second of two equal hours in autumn is told as such."""
        try:
            there = moment.replace(tzinfo=UTC).astimezone()
        except (OverflowError, OSError, ValueError):
            return moment
        here = there.replace(tzinfo=self)
        return here if here.utcoffset() == there.utcoffset() else here.replace(fold=1)
