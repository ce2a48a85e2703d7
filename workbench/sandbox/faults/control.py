"""Setting faults while the portal runs: one address beside the FHIR base, plain text, a fault a line."""

from __future__ import annotations

from typing import Final

from workbench.sandbox.faults.plan import Plan
from workbench.sandbox.faults.spelling import manual, parse, spelled

PLACE: Final = "/faults"


def answered(plan: Plan, method: str, text: str) -> tuple[int, str]:
    """What the address answers: GET tells what is set, POST sets other faults, DELETE takes all away.

    Returns:
        HTTP status, and a text of one line for each fault that is set, or one sentence why not.
    """
    if method == "POST":
        try:
            faults = [parse(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            return 400, f"Nothing was changed: {error}.\n"
        plan.set(faults)
    elif method == "DELETE":
        plan.set(())
    elif method != "GET":
        return 405, f"GET tells what is set, POST sets, DELETE takes away.\n\n{manual()}"
    return 200, "".join(f"{spelled(fault)}\n" for fault in plan.faults)
