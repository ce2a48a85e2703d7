"""Verbs on a conversation that ask something first, and those that do not.

Each is given the conversation's key, and what the user saw of it when it was on the screen: a verb is held to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens import asking
from screens.asking import Answer
from screens.telling import Reporter
from widgets.display import short_name
from widgets.portals import PortalNames
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.remedies import Remedy, remedies
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.work import Change, State, Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


class Acting:
    """Performs verbs through the session and says what was done, naming the patient."""

    def __init__(self, session: Session, app: App[object], reporter: Reporter) -> None:
        self._session, self._app, self._reporter = session, app, reporter
        self._portals = PortalNames.of(session.people)

    async def claim(self, key: Key, seen: Conversation | None) -> bool:
        """Claims a conversation, or releases it when it is mine; true when it was claimed."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        me, owner = self._session.people[key.portal], conversation.work.owner
        if owner is None:
            return await self._act(conversation, seen, Change(Verb.CLAIM, me.reference, me.name), _("claimed by you"))
        if owner.reference == me.reference:
            await self._act(conversation, seen, Change(Verb.RELEASE), _("released"))
            return False
        self._reporter.say(_("{name} has it: hand it over with f if it should be yours").format(name=owner.name))
        return False

    async def done(self, key: Key, seen: Conversation | None) -> bool:
        """Marks a conversation done; an e-consultation only after an answer."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        if conversation.work.state is State.DONE:
            return await self._act(conversation, seen, Change(Verb.REOPEN), _("opened again"))
        if CONSULTATION in conversation.categories and not answered(conversation):
            self._reporter.say(
                _("An e-consultation cannot be closed without an answer: write a reply, or hand it over")
            )
            return False
        return await self._act(conversation, seen, Change(Verb.DONE), _("done"))

    async def hand_over(self, key: Key, seen: Conversation | None) -> bool:
        """Asks for a person or a team and a note, then hands over."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        directory = await self._session.directory(key.portal)
        owner = conversation.work.owner.reference if conversation.work.owner else ""
        return await self._answered(
            conversation, seen, await asking.hand_over(self._app, self._whom(conversation), directory, owner)
        )

    async def priority(self, key: Key, seen: Conversation | None) -> bool:
        """Asks for a priority and sets it."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        answer = await asking.priority(self._app, self._whom(conversation), conversation.work.priority)
        return await self._answered(conversation, seen, answer)

    async def category(self, key: Key, seen: Conversation | None) -> bool:
        """Asks for a category and sets it."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        answer = await asking.category(self._app, self._whom(conversation), conversation.work.category)
        return await self._answered(conversation, seen, answer)

    async def snooze(self, key: Key, seen: Conversation | None) -> bool:
        """Asks until when and puts it off, or brings back what is put off."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        if conversation.work.state is State.SNOOZED:
            return await self._act(conversation, seen, Change(Verb.WAKE), _("is back"))
        now, office = self._session.clock(), self._session.office
        flagged = await self._session.flagged(key)
        answer = await asking.snooze(self._app, self._whom(conversation), now, office, flagged=flagged)
        return await self._answered(conversation, seen, answer)

    async def turn(self, key: Key, seen: Conversation | None) -> bool:
        """Asks whose turn it is."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        return await self._answered(conversation, seen, await asking.turn(self._app, self._whom(conversation)))

    async def last_waiting(self, key: Key) -> Outgoing | None:
        """The last reply or note of a conversation that can still be taken back; says why when there is none."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return None
        me = self._session.people[key.portal].reference
        waiting = [entry for entry in conversation.entries if isinstance(entry, Outgoing)]
        doubtful = await self._session.doubtful()
        able = [o for o in waiting if Remedy.EDIT in remedies(o, conversation, me=me, doubtful=o.id in doubtful)]
        if able:
            return able[-1]
        if any(out.state in (Sending.SENDING, Sending.UNKNOWN) or out.id in doubtful for out in waiting):
            self._reporter.say(_("It has left already and cannot be edited: nothing was changed"))
        else:
            self._reporter.say(_("Nothing waits here that could be taken back"))
        return None

    async def _act(self, conversation: Conversation, seen: Conversation | None, change: Change, said: str) -> bool:
        try:
            await self._session.act(conversation.key, change, seen=seen)
        except Exception as error:  # noqa: BLE001 - any failure is told; nothing was changed
            self._reporter.report(error)
            return False
        self._reporter.say(f"{self._whose(conversation)}: {said}")
        return True

    async def _answered(self, conversation: Conversation, seen: Conversation | None, answer: Answer | None) -> bool:
        return answer is not None and await self._act(conversation, seen, answer.change, answer.said)

    def _whom(self, conversation: Conversation) -> Content:
        return Content(self._whose(conversation))

    def _whose(self, conversation: Conversation) -> str:
        """The patient, with the portal where there are several."""
        name = short_name(conversation.patient.name if conversation.patient else conversation.title)
        return " ".join(part for part in (name, self._portals.tag(conversation.key.portal)) if part)


def answered(conversation: Conversation) -> bool:
    """Whether staff have the last word, counting replies that are on their way."""
    for entry in reversed(conversation.entries):
        if isinstance(entry, Outgoing) and entry.verb is Verb.REPLY and entry.writer is None:
            return True
        if isinstance(entry, Message) and not entry.receipt:
            return not entry.sender.outside
    return False
