"""Verbs on a conversation that ask something first, and those that do not.

Each is given the conversation as it was on the screen when the key was pressed: a verb is held to that. Which of two
things a key does, as done or reopen, is decided by it too; where it stands otherwise by now, nothing is done.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.content import Content

from screens import asking
from screens.asking import Answer
from screens.closing import answered, may_close, may_wait
from screens.target import Target
from screens.telling import Reporter
from widgets.display import short_name
from widgets.portals import PortalNames
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.queue import Whose
from workbench.dialogue.remedies import Remedy, remedies
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.work import Change, State, Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

BOUNCE: Final = 0.7
"""Seconds after a claim in which its key does not release again: it may have been pressed for another row."""


class Acting:
    """Performs verbs through the session and says what was done, naming the patient."""

    def __init__(self, session: Session, app: App[object], reporter: Reporter) -> None:
        self._session, self._app, self._reporter = session, app, reporter
        self._portals = PortalNames.of(session.people)
        self._claimed: tuple[Key, float] | None = None
        """What was claimed last, and when."""
        self._one = asyncio.Lock()
        """One claim or done at a time: a key pressed twice finds what the first has made of it."""

    async def claim(self, target: Target) -> bool:
        """Claims a conversation, or releases it when it is mine; true when it was claimed."""
        async with self._one:
            conversation = await self._session.conversation(target.key)
            return conversation is not None and await self._claim(conversation, target)

    async def _claim(self, conversation: Conversation, target: Target) -> bool:
        me, owner = self._session.people[target.key.portal], conversation.work.owner
        if owner is not None and owner.reference != me.reference:
            self._reporter.say(_("{name} has it: hand it over with f if it should be yours").format(name=owner.name))
            return False
        if target.whose(me.reference) is not (Whose.ME if owner else Whose.NOBODY):
            return self._changed(conversation)
        if owner is not None and self._bounces(target.key):
            self._reporter.say(_("It was claimed just now: press c again to release it"))
            return False
        if owner is not None:
            await self._act(conversation, target, Change(Verb.RELEASE), _("released"))
            return False
        claim = Change(Verb.CLAIM, me.reference, me.name)
        if not await self._act(conversation, target, claim, _("claimed by you")):
            return False
        self._claimed = target.key, monotonic()
        return True

    def _bounces(self, key: Key) -> bool:
        """Whether it was claimed this very moment."""
        return self._claimed is not None and self._claimed[0] == key and monotonic() - self._claimed[1] < BOUNCE

    async def done(self, target: Target) -> bool:
        """Marks a conversation done, once the user agrees where somebody may still count on it; or opens it again."""
        target = await self._held(target)
        async with self._one:
            conversation = await self._session.conversation(target.key)
            return conversation is not None and await self._done(conversation, target)

    async def _held(self, target: Target) -> Target:
        """The same, held to what was there: what comes while a question is open was not decided on."""
        if target.seen is not None:
            return target
        return replace(target, seen=await self._session.conversation(target.key))

    async def _done(self, conversation: Conversation, target: Target) -> bool:
        over = conversation.work.state is State.DONE
        if (target.state is State.DONE) is not over:
            return self._changed(conversation)
        if over:
            return await self._act(conversation, target, Change(Verb.REOPEN), _("opened again"))
        if _unanswered(conversation):
            self._reporter.say(
                _("An e-consultation cannot be closed without an answer: write a reply, or hand it over")
            )
            return False
        if not await may_close(self._session, self._app, conversation):
            return False
        return await self._act(conversation, target, Change(Verb.DONE), _("done"))

    async def hand_over(self, target: Target) -> bool:
        """Asks for a person or a team and a note, then hands over."""
        conversation = await self._session.conversation(target.key)
        if conversation is None:
            return False
        directory = await self._session.directory(target.key.portal)
        owner = conversation.work.owner.reference if conversation.work.owner else ""
        return await self._answered(
            conversation, target, await asking.hand_over(self._app, self._whom(conversation), directory, owner)
        )

    async def priority(self, target: Target) -> bool:
        """Asks for a priority and sets it."""
        conversation = await self._session.conversation(target.key)
        if conversation is None:
            return False
        answer = await asking.priority(self._app, self._whom(conversation), conversation.work.priority)
        return await self._answered(conversation, target, answer)

    async def category(self, target: Target) -> bool:
        """Asks for a category and sets it."""
        conversation = await self._session.conversation(target.key)
        if conversation is None:
            return False
        answer = await asking.category(self._app, self._whom(conversation), conversation.work.category)
        return await self._answered(conversation, target, answer)

    async def snooze(self, target: Target) -> bool:
        """Asks until when and puts it off, or brings back what is put off."""
        conversation = await self._session.conversation(target.key)
        if conversation is None:
            return False
        away = conversation.work.state is State.SNOOZED
        if (target.state is State.SNOOZED) is not away:
            return self._changed(conversation)
        if away:
            return await self._act(conversation, target, Change(Verb.WAKE), _("is back"))
        now, office = self._session.clock(), self._session.office
        flagged = await self._session.flagged(target.key)
        answer = await asking.snooze(self._app, self._whom(conversation), now, office, flagged=flagged)
        return await self._answered(conversation, target, answer)

    async def turn(self, target: Target) -> bool:
        """Asks whose turn it is, and once more where that takes a red flag without an answer out of sight."""
        target = await self._held(target)
        conversation = await self._session.conversation(target.key)
        if conversation is None:
            return False
        answer = await asking.turn(self._app, self._whom(conversation))
        if answer is None:
            return False
        async with self._one:
            now = await self._session.conversation(target.key)  # the patient may have written while it was asked
            if answer.change.hides_flags and not await may_wait(self._session, self._app, now or conversation):
                return False
            return await self._act(conversation, target, answer.change, answer.said)

    async def waiting(self, key: Key, entry: str = "") -> Outgoing | None:
        """A reply or note of a conversation that can still be taken back; says why when there is none.

        Args:
            key: The conversation.
            entry: Its identifier in the outbox; the last one is meant when that is empty.
        """
        conversation = await self._session.conversation(key)
        if conversation is None:
            return None
        me = self._session.people[key.portal].reference
        waiting = [o for o in conversation.entries if isinstance(o, Outgoing) and entry in ("", o.id)]
        doubtful = await self._session.doubtful()
        able = [o for o in waiting if Remedy.EDIT in remedies(o, conversation, me=me, doubtful=o.id in doubtful)]
        if able:
            return able[-1]
        if any(out.state in (Sending.SENDING, Sending.UNKNOWN) or out.id in doubtful for out in waiting):
            self._reporter.say(_("It has left already and cannot be edited: nothing was changed"))
        else:
            self._reporter.say(_("Nothing waits here that could be taken back"))
        return None

    async def _act(self, conversation: Conversation, target: Target, change: Change, said: str) -> bool:
        try:
            await self._session.act(conversation.key, change, seen=target.seen)
        except Exception as error:  # noqa: BLE001 - any failure is told; nothing was changed
            self._reporter.report(error)
            return False
        self._reporter.say(f"{self._whose(conversation)}: {said}")
        return True

    async def _answered(self, conversation: Conversation, target: Target, answer: Answer | None) -> bool:
        return answer is not None and await self._act(conversation, target, answer.change, answer.said)

    def _changed(self, conversation: Conversation) -> bool:
        """Says that it stands otherwise than it was shown, as when a key is pressed twice."""
        told = _("it stands otherwise by now than it was shown, so nothing was done")
        self._reporter.say(f"{self._whose(conversation)}: {told}")
        return False

    def _whom(self, conversation: Conversation) -> Content:
        return Content(self._whose(conversation))

    def _whose(self, conversation: Conversation) -> str:
        """The patient, with the portal where there are several."""
        name = short_name(conversation.patient.name if conversation.patient else conversation.title)
        return " ".join(part for part in (name, self._portals.tag(conversation.key.portal)) if part)


def _unanswered(conversation: Conversation) -> bool:
    """Whether it is an e-consultation whose last word is the patient's."""
    return CONSULTATION in conversation.categories and not answered(conversation)
