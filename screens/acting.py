"""Verbs on a conversation that ask something first, and those that do not.

Each is given the conversation's key, and what the user saw of it when it was on the screen: a verb is held to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.ask_text import AskText
from screens.choose import Choose
from screens.telling import Reporter
from widgets.display import short_name
from widgets.picker import Choice
from widgets.portals import PortalNames
from widgets.words import category_word, pool_word, priority_word
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.remedies import Remedy, remedies
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

CATEGORIES = (
    "e-kontakt",
    "e-konsultasjon",
    "reseptfornyelse",
    "timeendring",
    "skjema",
    "journalinnsyn",
    "samvalg",
    "samhandling",
    "annet",
)


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
        if "e-konsultasjon" in conversation.categories and not answered(conversation):
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
        choices = [Choice(f"pool:{p.code}", pool_word(p.code, p.name), _("team")) for p in directory.pools]
        choices += [Choice(c.reference, c.name, c.title) for c in directory.colleagues if c.reference != owner]
        picked = await self._app.push_screen_wait(Choose(self._title(_("Hand over"), conversation), choices))
        if picked is None:
            return False
        label = next(c.label for c in choices if c.id == picked)
        hint = _("Why, in a few words: only staff will read it; enter hands over, esc goes back")
        title = Content.assemble(_("Hand over to") + " ", short_name(label))
        note = await self._app.push_screen_wait(AskText(title, hint, may_be_empty=True))
        if note is None:
            return False
        if picked.startswith("pool:"):
            change = Change(Verb.HAND_OVER, pool=picked.removeprefix("pool:"), note=note)
        else:
            change = Change(Verb.HAND_OVER, owner=picked, owner_name=label, note=note)
        return await self._act(conversation, seen, change, _("handed over to {name}").format(name=short_name(label)))

    async def priority(self, key: Key, seen: Conversation | None) -> bool:
        """Asks for a priority and sets it."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        choices = [Choice(p.value, priority_word(p), "") for p in reversed(Priority)]
        picked = await self._app.push_screen_wait(
            Choose(self._title(_("Priority"), conversation), choices, highlighted=conversation.work.priority)
        )
        if picked is None:
            return False
        chosen = Priority(picked)
        return await self._act(conversation, seen, Change(Verb.PRIORITY, priority=chosen), priority_word(chosen))

    async def category(self, key: Key, seen: Conversation | None) -> bool:
        """Asks for a category and sets it."""
        conversation = await self._session.conversation(key)
        if conversation is None:
            return False
        choices = [Choice(c, category_word(c), c) for c in CATEGORIES]
        picked = await self._app.push_screen_wait(
            Choose(self._title(_("Category"), conversation), choices, highlighted=conversation.work.category)
        )
        if picked is None:
            return False
        return await self._act(conversation, seen, Change(Verb.CATEGORY, category=picked), category_word(picked))

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

    def _title(self, verb: str, conversation: Conversation) -> Content:
        return Content.assemble(f"{verb} · ", self._whose(conversation))

    def _whose(self, conversation: Conversation) -> str:
        """The patient, with the portal where there are several."""
        name = short_name(conversation.patient.name if conversation.patient else conversation.title)
        return " ".join(part for part in (name, self._portals.tag(conversation.key.portal)) if part)


def answered(conversation: Conversation) -> bool:
    """Whether staff have the last word, counting replies that are on their way."""
    for entry in reversed(conversation.entries):
        if isinstance(entry, Outgoing) and entry.verb is Verb.REPLY:
            return True
        if isinstance(entry, Message):
            return not entry.sender.outside
    return False
