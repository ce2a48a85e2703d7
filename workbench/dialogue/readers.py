"""Who reads a reply: the one rule by which the screen tells it and the message is addressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workbench.dialogue.people import NOWHERE, SOMEBODY

PATIENT_SIDE: Final = ("Patient/", "RelatedPerson/")
"""How references to those begin to whom words leave the house, and whom a note must never reach."""


def readers(sender: str, recipients: Sequence[str], patient: str) -> tuple[str, ...]:
    """References of those on the patient's side who will read a reply, each once.

    Args:
        sender: Who began the conversation, by its header; may be staff, may be empty.
        recipients: Everybody the header is addressed to.
        patient: Whom it is about, empty when it names nobody.

    Returns:
        Recipients before the sender; the patient alone where the header is addressed to nobody and nobody of the
        patient's side began it. Nobody where one of the patient's side is named in a way that cannot be followed: a
        reply must not go to the others alone, or to the patient in the place of who asked.
    """
    named = tuple(dict.fromkeys(each for each in (*recipients, sender) if each.startswith(PATIENT_SIDE)))
    if any(each.endswith(NOWHERE) for each in named):
        return ()
    alone = not named and not recipients and sender != SOMEBODY and patient.startswith("Patient/")
    return (patient,) if alone else named
