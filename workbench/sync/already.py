"""Finds out whether a message is on the portal already, before it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import HeldPost
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.work import Verb

CLOCKS: Final = timedelta(minutes=5)
"""How much earlier than by our clock a portal may say that a message was sent: some write their own time on it."""


def already(
    item: Outgoing, posts: Iterable[HeldPost], tried: datetime | None, others: Collection[str], me: str
) -> HeldPost | None:
    """The message that an earlier try made, None when there is none.

    It carries our identifier. A portal that keeps no identifiers may have made it all the same, and lost its answer:
    then it is what we wrote in the same words since the first try, that the user did not see when deciding.

    Args:
        item: What is to be sent.
        posts: The conversation's messages, as the portal has them now.
        tried: When it was first tried, None when it never was.
        others: Ids of messages that other things in the outbox are known to have become.
        me: Reference of the user.
    """
    said = tuple(posts)
    named = next((post for post in said if post.client_id == item.id), None)
    words = item.text.split()
    if named is not None or tried is None or not words:
        return named
    known = {*others, *Seen.read(item.basis).messages}
    return next(
        (
            post
            for post in said
            if not (post.client_id or post.state in (MessageState.DRAFT, MessageState.RETRACTED))
            and post.internal == (item.verb is Verb.NOTE)
            and len(post.attachments) == len(item.files) + len(item.documents)
            and post.sender == me
            and post.sent >= tried - CLOCKS
            and post.stamp.id not in known
            and post.text.split() == words
        ),
        None,
    )
