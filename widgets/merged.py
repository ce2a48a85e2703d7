"""A conversation as it is read: with what was merged into it, by time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workbench.dialogue.conversation import Conversation, Entry, Message, Note


def interleaved(conversation: Conversation) -> tuple[tuple[Entry, ...], Mapping[int, str]]:
    """All entries by time, what is still on its way at the end.

    Returns:
        The entries, and by their place the title of the conversation that each was written in, where that is another.
    """
    if not conversation.merged:
        return conversation.entries, {}
    all_ = [(entry, "") for entry in conversation.entries]
    all_ += [(entry, one.title or "…") for one in conversation.merged for entry in one.entries]
    all_.sort(key=lambda each: _when(each[0]))
    return tuple(entry for entry, _ in all_), {place: title for place, (_, title) in enumerate(all_) if title}


def _when(entry: Entry) -> tuple[bool, datetime]:
    if isinstance(entry, Message):
        return False, entry.sent
    return (False, entry.written) if isinstance(entry, Note) else (True, entry.queued)
