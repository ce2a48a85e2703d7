"""Finds out whether a message is on the portal already, before it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import HeldPost
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.work import Verb

CLOCKS: Final = timedelta(minutes=5)
"""How much earlier than by our clock a portal may say that a message was sent: some write their own time on it."""


def already(
    item: Outgoing,
    posts: Iterable[HeldPost],
    tried: datetime | None,
    others: Collection[str],
    me: str,
    uploaded: Collection[str] = (),
) -> HeldPost | None:
    """The message that an earlier try made, None when there is none.

    It carries our identifier. A portal that keeps no identifiers may have made it all the same, and lost its answer:
    then it is what we wrote in the same words since the first try, that the user did not see when deciding. Where
    there are no words, its files and documents tell it.

    Args:
        item: What is to be sent.
        posts: The conversation's messages, as the portal has them now.
        tried: When it was first tried, None when it never was.
        others: Ids of messages that other things in the outbox are known to have become.
        me: Reference of the user.
        uploaded: Addresses that its files were given on the portal.
    """
    said = tuple(posts)
    named = next((post for post in said if post.client_id == item.id), None)
    if named is not None or tried is None:
        return named
    words = item.text.split()
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
            and (words or _same_files(item, post.attachments, uploaded))
        ),
        None,
    )


def _same_files(item: Outgoing, held: Iterable[Attachment], uploaded: Collection[str]) -> bool:
    """Whether what a message carries is what is to be sent, of which there is as much."""
    files, documents = {(file.name, file.size) for file in item.files}, {each.reference for each in item.documents}
    names = {name for name, _size in files}
    return all(
        each.reference in documents
        if each.reference
        else each.url in uploaded or (each.title, each.size) in files or (each.size is None and each.title in names)
        for each in held
    )
