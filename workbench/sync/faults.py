"""Which of a portal's faults concern only what was asked for; all others mean that it cannot be spoken to now."""

from client.errors import Forbidden, Foreign, Gone, Incomplete, NotFhir, NotFound, Refused, ServerFault, TooLarge

UNAVAILABLE = (Refused, Forbidden, NotFound, Gone, TooLarge)
"""The portal does not give what was asked for."""
FAILED = (*UNAVAILABLE, NotFhir, Incomplete, ServerFault)
"""The same, or it fails at giving it: for what a round can do without."""
STRANGE = (*UNAVAILABLE, NotFhir)
"""It does not give it, or something else in its place."""
BROKEN = (NotFhir, Incomplete, ServerFault, Foreign)
"""It fails at giving it, perhaps at a single one of several things that were asked for."""
