"""When two conversations may be tied together: only ever those of one patient."""

from __future__ import annotations

from datetime import datetime

from workbench.dialogue.conversation import Conversation
from workbench.dialogue.held import HeldPost, HeldTask, HeldThread
from workbench.dialogue.people import outside
from workbench.dialogue.queue import Item
from workbench.dialogue.refusals import SendWord
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.standing import standing
from workbench.dialogue.tie import kept_first
from workbench.dialogue.work import Change, State, Verb


def why_not_tie(
    change: Change,
    one: tuple[Conversation, Item],
    other: tuple[Conversation, Item],
    *,
    draft: bool = False,
) -> SendWord | None:
    """Why a conversation may not be merged into another or linked with it, None when it may.

    Args:
        change: MERGE or LINK.
        one: The conversation that the Task is of, as it is shown, and its row.
        other: The same of the other one, which a merge keeps.
        draft: Unsent words lie in the one.
    """
    (mine, row), (theirs, kept) = one, other
    patients = {each.patient.reference if each.patient else "" for each in (mine, theirs)}
    if len(patients) > 1 or "" in patients or mine.key == theirs.key or mine.key.portal != theirs.key.portal:
        return SendWord.TIE_PATIENT
    if mine.mixed or theirs.mixed:
        return SendWord.MIXED
    if change.verb is Verb.LINK:
        return None
    if {reader.reference for reader in mine.readers} != {reader.reference for reader in theirs.readers}:
        return SendWord.TIE_READERS
    if mine.into or theirs.into:
        return SendWord.TIE_MERGED
    if theirs.closed and not mine.closed:
        return SendWord.CLOSED
    if change.finishes and kept_first(row, kept)[0] != kept:
        return SendWord.TIE_ORDER
    if draft:
        return SendWord.TIE_DRAFT
    unanswered = row.category == CONSULTATION and row.from_patient and row.state is not State.DONE
    return SendWord.TIE_CONSULTATION if unanswered else None


def stands(header: HeldThread, posts: tuple[HeldPost, ...], tasks: tuple[HeldTask, ...], now: datetime) -> State:
    """Where a conversation stands that has just been read from its portal."""
    theirs = [post.sent for post in posts if outside(post.sender) and not post.internal]
    return standing(
        tasks,
        closed=header.closed,
        header_changed=header.stamp.updated,
        patient_wrote=max(theirs, default=None),
        now=now,
    ).state
