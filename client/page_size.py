"""How many resources are asked for on a page: as many as the portal gives in time, and as we accept."""

from typing import Final

LEAST: Final = 20
"""The fewest asked for because a portal is slow; where pages are too large, a single one may be."""
GROWS_AFTER: Final = 50
"""Full pages given in time after which more are asked for again: what was slow may have been the moment."""


class PageSize:
    """The number asked for now."""

    def __init__(self, most: int) -> None:
        self.now = most
        self._most = most
        self._in_time = 0

    @property
    def single(self) -> bool:
        """Whether one at a time is asked for."""
        return self.now <= 1

    def was_too_large(self) -> None:
        """From now on fewer are asked for: so many of them are more than we accept."""
        self._most = self.now = max(1, self.now // 2)

    def was_too_slow(self) -> None:
        """The next page is asked for with fewer: this one was not made in time."""
        self.now = min(self.now, max(LEAST, self.now // 2))
        self._in_time = 0

    def came(self, count: int) -> None:
        """So many came in time."""
        if count < self.now:
            return
        self._in_time += 1
        if self._in_time >= GROWS_AFTER and self.now < self._most:
            self.now = min(self._most, self.now * 2)
            self._in_time = 0
