"""What names a conversation."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """Names one conversation among all portals; what every verb is given."""

    portal: str
    """The portal's name in the configuration."""
    thread: str
    """Id of the header Communication on that portal."""
