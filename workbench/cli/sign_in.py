"""`workbench login` and `logout`: signing in to a portal."""

from __future__ import annotations

from argparse import Namespace

from workbench.failure import Exit, Failure
from workbench.language import _


def run(options: Namespace) -> int:
    """Says that this version cannot sign in.

    Raises:
        Failure: Always.
    """
    raise Failure(
        _(
            "“{command}” does nothing, as this version signs nobody in: "
            "use a portal or gateway that asks for no sign-in, and say who acts with --as Practitioner/ID."
        ).format(command=options.command),
        Exit.SIGN_IN,
    )
