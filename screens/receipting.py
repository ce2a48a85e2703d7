"""Tells a patient that the message has come and when the answer can be expected: one key, and a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.ask import Ask
from screens.confirmed import confirmed
from screens.flagging import flag_line
from screens.telling import Reporter
from screens.writing import through, who_reads
from widgets.banner import identity
from widgets.display import for_display
from widgets.portals import PortalNames
from workbench.dialogue.key import Key
from workbench.dialogue.receipts import may_receipt
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


async def _warning(session: Session, key: Key) -> tuple[Content, ...]:
    """The red flag, first: whoever promises a day must have seen it."""
    flag = await flag_line(session, key)
    if flag is None:
        return ()
    advice = _("Read the message before you promise a day: a receipt answers nothing.")
    return flag, Content.styled(advice, "bold $text-error"), Content("")


async def give_receipt(session: Session, app: App[object], reporter: Reporter, key: Key) -> None:
    """Shows the words, to whom they go and who will read them; enter sends them."""
    conversation = await session.conversation(key)
    if conversation is None:
        return
    if not may_receipt(conversation):
        reporter.say(_("Staff have written since the patient did: there is nothing to acknowledge"))
        return
    text = await session.receipt_words(conversation)
    if text is None:
        reporter.say(_("The answer is overdue: no day can be promised any more, write a reply"))
        return
    me = session.people[key.portal]
    way = through(PortalNames.of(session.people).tag(key.portal), me.name)
    who = identity(conversation.patient, session.clock().date())
    warning = await _warning(session, key)
    parts = [who, *((way,) if way is not None else ()), who_reads(conversation), Content(""), for_display(text)]
    title = Content.styled(_("Send a receipt?"), "bold")
    body, kind = Content("\n").join([*warning, *parts]), "danger" if warning else ""
    if not await app.push_screen_wait(Ask(title, body, _("send"), _("go back"), kind=kind)):
        return
    confirmed()
    try:
        await session.receipt(text, conversation)
    except Exception as error:  # noqa: BLE001 - any failure is told; nothing was sent
        reporter.report(error)
    else:
        reporter.say(_("The receipt is on its way; the conversation stays unanswered"))
