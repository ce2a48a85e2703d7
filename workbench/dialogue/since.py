"""What was written in a conversation since somebody saw it, as the screen shows it."""

from __future__ import annotations

from workbench.dialogue.basis import Seen, fingerprint
from workbench.dialogue.conversation import Conversation, Message, Note


def since(seen: Seen, conversation: Conversation, me: str) -> tuple[Message, ...]:
    """The messages that were not there, or said something else; those of one's own that came since do not count.

    Args:
        seen: What was seen.
        conversation: What is held now.
        me: Reference of who saw it.
    """
    return tuple(
        entry
        for entry in conversation.entries
        if isinstance(entry, Message)
        and not (entry.sender.reference == me and entry.id not in seen.messages)
        and seen.messages.get(entry.id) != fingerprint(entry.text, entry.attachments, entry.state)
    )


def noted_since(seen: Seen, conversation: Conversation, me: str) -> tuple[Note, ...]:
    """The notes of colleagues that were not there; none where it is not known which were.

    Args:
        seen: What was seen.
        conversation: What is held now.
        me: Reference of who saw it.
    """
    known = seen.notes
    return tuple(
        entry
        for entry in conversation.entries
        if isinstance(entry, Note)
        and not (entry.remark or entry.retracted or entry.author.reference == me)
        and known is not None
        and entry.id not in known
    )
