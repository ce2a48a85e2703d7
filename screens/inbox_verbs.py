"""What the keys of the inbox do to a conversation, to all that are selected, and back again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import work
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen

from screens.acting import Acting
from screens.bulk import ABLE, Bulk
from screens.listing import Listing
from screens.reader import Reader
from screens.receipting import give_receipt
from screens.telling import Telling
from screens.tying import choose_tie, offers_at
from screens.undoing import pick_step, take_back, words_back
from workbench.dialogue import remedies
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing
from workbench.dialogue.steps import Step
from workbench.dialogue.work import Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

KINDS: Final = {Verb.REPLY: Kind.REPLY, Verb.NOTE: Kind.NOTE}


class InboxVerbs(Telling, Screen[None]):
    """The half of the inbox that acts; the other half shows."""

    listing = query_one(Listing)
    pane = query_one(Reader)
    _session: Session
    _acting: Acting
    _bulk: Bulk
    _finished: Key | None
    """The conversation that was just done while it was shown: the next one is shown in its place."""

    @dataclass
    class NoField(Message):
        """A verb opened no field to type in, or is done with it: keys are verbs again."""

        vain: bool = True
        """There was nothing to do it to."""

    def _open(self, key: Key) -> None:
        """Opens a conversation and goes to it."""
        raise NotImplementedError

    async def _write_in(self, key: Key, kind: Kind) -> None:
        """Opens the composer in a conversation."""
        raise NotImplementedError

    def _to_list(self) -> None:
        """Goes to the list; on a narrow terminal it takes the conversation's place."""
        self.remove_class("-reading", update=self.has_class("-narrow"))
        self.listing.rows.focus()

    def _target(self) -> Key | None:
        """The conversation the keys act on: the one read when it has the focus, else the row under the cursor."""
        if self.pane.has_focus_within:
            return self.pane.wanted
        return self.listing.rows.cursor_key or self.pane.wanted

    def _verb(self, verb: str) -> None:
        marks = self.listing.rows.marks
        if marks and verb in ABLE and not self.pane.has_focus_within:
            self._do_all(verb, marks)
        elif key := self._target():
            self._do(verb, key)
        else:
            self.post_message(self.NoField())

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _do_all(self, verb: str, keys: Collection[Key]) -> None:
        if await self._bulk.act(verb, keys):
            self.listing.rows.mark(())
        self.post_message(self.NoField(vain=False))

    def action_mark_all(self) -> None:
        """Selects all that the list holds, or nothing, and goes to the list: there verbs are for what is selected."""
        self._to_list()
        self.listing.mark_all()

    @work(group="verb", exit_on_error=False)
    async def _do(self, verb: str, key: Key) -> None:
        shown = self.pane.conversation
        done = await getattr(self._acting, verb)(key, shown if shown and shown.key == key else None)
        self.post_message(self.NoField(vain=False))
        if not done:
            return
        if verb == "claim" and not self.pane.has_focus_within and not self.pane.bound:
            self._open(key)  # it may leave the list, and what is claimed is what one goes on with
        if verb != "done" or key != self.pane.wanted:
            return
        following = self.listing.rows.cursor_item
        if following is None or following.key == key:
            self._finished = key
        else:
            self.pane.want(following.key, opened=True)

    def action_claim(self) -> None:
        """Claims and opens, or releases."""
        self._verb("claim")

    def action_hand_over(self) -> None:
        """Hands over."""
        self._verb("hand_over")

    def action_done(self) -> None:
        """Marks done and goes to the next."""
        self._verb("done")

    def action_priority(self) -> None:
        """Sets the priority."""
        self._verb("priority")

    def action_category(self) -> None:
        """Sets the category."""
        self._verb("category")

    def action_snooze(self) -> None:
        """Puts off, or brings back."""
        self._verb("snooze")

    def action_turn(self) -> None:
        """Says whose turn it is."""
        self._verb("turn")

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_tie(self) -> None:
        """Merges, links, goes to what is tied, or takes apart."""
        key = self._target()
        if key is None:
            self.post_message(self.NoField())
            return
        shown = self.pane.conversation
        whose, offers = await offers_at(self._session, self, key)
        if not offers:
            self.post_message(self.NoField())
            return
        seen = shown if shown and shown.key == key else None
        to = await choose_tie(self._session, self.app, self, whose, offers, seen)
        self.post_message(self.NoField(vain=False))
        if to not in (None, key) and not self.pane.bound:
            self._open(to)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_receipt(self) -> None:
        """Tells the patient that the message has come."""
        if key := self._target():
            await give_receipt(self._session, self.app, self, key)
        else:
            self.post_message(self.NoField())

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_undo(self) -> None:
        """Takes back the last step of the session; words that have not left are opened to go on writing."""
        step = self._session.steps.newest
        await self._undo(step) if step else await self._undo_words(self._target())
        self.post_message(self.NoField(vain=False))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_steps(self) -> None:
        """Shows all steps of the session, and takes back the one that is picked."""
        if step := await pick_step(self._session, self.app):
            await self._undo(step)

    async def _undo(self, step: Step) -> None:
        if step.verb not in remedies.WORDS:
            await take_back(self._session, self, step)
            return
        if await words_back(self._session, self, step):
            await self._undo_words(step.deeds[0].key)

    async def _undo_words(self, key: Key | None) -> None:
        waiting = await self._acting.last_waiting(key) if key else None
        if waiting is not None:
            await self._edit(waiting)

    async def _edit(self, out: Outgoing) -> None:
        """Takes words back and goes on writing them, unless they left meanwhile: then nothing is changed."""
        if not await self.pane.writing.leave():
            return
        if await self._session.cancel(out.id):
            await self._write_in(out.key, KINDS[out.verb])
        else:
            self.say(_("It has left already and cannot be edited: nothing was changed"))
