"""What each role may do; notes and sorting are everybody's."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.dialogue.people import Role

CONSULTATION = "e-konsultasjon"
CLINICAL = frozenset({CONSULTATION, "samvalg"})
"""Subject matters only a clinician answers: a consultation is health care, and so is weighing a treatment."""


def may_reply(role: Role, category: str) -> bool:
    """Whether a role may answer the patient on a subject matter.

    Args:
        role: Who would answer.
        category: Code of the subject matter; an unknown or empty one is anybody's.
    """
    return role is Role.CLINICIAN or category not in CLINICAL


def may_reply_to(role: Role, categories: Iterable[str]) -> bool:
    """Whether a role may answer a conversation that carries several subject matters: it takes all of them."""
    return all(may_reply(role, category) for category in categories)
