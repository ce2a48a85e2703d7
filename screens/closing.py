"""What is said before a conversation is closed, or left to the patient, that somebody may still count on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.content import Content

from screens.ask import Ask
from screens.confirmed import confirmed
from screens.flagging import flag_line
from widgets.banner import identity
from widgets.display import for_display
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.work import Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

HELD: Final = 0.6
"""Seconds in which a yes is not taken: a key that was struck for the next conversation is no answer to this."""


async def may_close(session: Session, app: App[object], conversation: Conversation) -> bool:
    """Whether it may be closed: at once, or once the user has been told what speaks against it and said yes."""
    told = await _objections(session, conversation)
    return await _agreed(session, app, conversation, told, _("Mark as done all the same?"), _("mark as done"))


async def may_wait(session: Session, app: App[object], conversation: Conversation) -> bool:
    """Whether it may wait for the patient, out of sight among what does: not with a red flag without being asked."""
    told = await _unanswered_flag(session, conversation)
    return await _agreed(
        session, app, conversation, told, _("Let it wait for the patient all the same?"), _("let it wait")
    )


async def _agreed(
    session: Session, app: App[object], conversation: Conversation, told: list[Content], question: str, yes: str
) -> bool:
    """Whether nothing speaks against it, or the user has read what does and said yes."""
    if not told:
        return True
    who = identity(conversation.patient, session.clock().date())
    body = Content("\n").join([who, Content(""), *told])
    ask = Ask(Content.styled(question, "bold"), body, yes, _("go back"), kind="danger", held_for=HELD)
    if agreed := await app.push_screen_wait(ask):
        confirmed()
    return agreed


async def _objections(session: Session, conversation: Conversation) -> list[Content]:
    """What speaks against closing it, worst first: an urgent symptom, a colleague's work, words of one's own."""
    told = await _unanswered_flag(session, conversation)
    owner, me = conversation.work.owner, session.people[conversation.key.portal]
    if owner is not None and owner.reference != me.reference:
        told.append(for_display(_("{name} has it").format(name=owner.name), one_line=True))
    drafts = [await session.draft(conversation.key, kind) for kind in Kind]
    if any(not draft.empty for draft in drafts):
        told.append(Content(_("You have unsent words in it: they are kept as a draft, and not sent")))
    return told


async def _unanswered_flag(session: Session, conversation: Conversation) -> list[Content]:
    """An urgent symptom where the patient's last words have no answer; nothing elsewhere."""
    flag = await flag_line(session, conversation.key)
    if flag is None or answered(conversation):
        return []
    return [flag, Content.styled(_("Nobody has answered the patient's last words"), "bold $text-error")]


def answered(conversation: Conversation) -> bool:
    """Whether staff have the last word, counting replies that are on their way; one that stopped answers nothing."""
    for entry in reversed(conversation.entries):
        if isinstance(entry, Outgoing) and entry.verb is Verb.REPLY and entry.writer is None:
            if entry.state is not Sending.NEEDS_YOU:
                return True
        elif isinstance(entry, Message) and not entry.receipt:
            return not entry.sender.outside
    return False
