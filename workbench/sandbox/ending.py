"""How a portal ends that could not run: exit codes by which whoever started it tells why."""

from typing import Final

FAILED: Final = 1
TAKEN: Final = 5
"""Another program listens on the port."""
IN_USE: Final = 6
"""Another portal has the folder."""
