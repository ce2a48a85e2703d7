"""What the keys of the inbox do to a conversation, to all that are selected, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import work
from textual.getters import query_one
from textual.message import Message
from textual.widget import Widget

from screens.acting import Acting
from screens.bulk import ABLE, Bulk, why_alone
from screens.confirmed import CONFIRMED, confirmed
from screens.listing import Listing
from screens.reader import Reader
from screens.receipting import give_receipt
from screens.sized import Sized
from screens.target import Place, Target, View, looked_at, target
from screens.telling import Telling
from screens.tying import choose_tie, offers_at
from screens.undoing import pick_step, take_back, words_back
from workbench.commands import COMMANDS, by_id, key_of
from workbench.dialogue import remedies
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing
from workbench.dialogue.queue import Total
from workbench.dialogue.steps import Step
from workbench.dialogue.work import Verb
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

OPENING: Final = frozenset(command.action for command in COMMANDS if command.opens)
"""Actions that open something to type in."""
PAUSE: Final = 0.1
"""Seconds between two looks whether somebody still types."""
Stand = tuple[Widget | None, int, tuple[int, int, bool]]
"""Where the user is: what has the focus, how often they went back to the list, and where in that."""
LOOK: Final = 0.01
"""Seconds between two looks whether what was struck before has been done."""
GOING_ON: Final = frozenset({"dialog", "mark", "verb", "writing", CONFIRMED})
"""Groups of the workers that do what a key asked for."""
KINDS: Final = {Verb.REPLY: Kind.REPLY, Verb.NOTE: Kind.NOTE}


class InboxVerbs(Telling, Sized[None]):
    """The half of the inbox that acts; the other half shows."""

    listing = query_one(Listing)
    pane = query_one(Reader)
    _session: Session
    _acting: Acting
    _bulk: Bulk
    _remapped: Mapping[str, str]
    opening: Callable[[str], None]
    """Has keys kept for the field that a verb opens though no key of its own was struck just now."""
    awaited = 0
    """Number of the last field that was on its way, as whoever keeps keys for it counts them."""
    _returns = 0
    """Counts the times the user went to the list, also where they were there: what is slow must not fetch them away."""

    @dataclass
    class NoField(Message):
        """A verb opened no field to type in, or is done with it: keys kept for it are let go."""

        verb: str
        """Whose field it is: another's may be on its way meanwhile."""
        number: int
        """Which doing of it: what `awaited` was when it began."""
        vain: bool = True
        """There was nothing to do it to."""
        again: bool = False
        """It was done, and what was struck for it once more does it once more."""

    @property
    def stands_on(self) -> Key | None:
        """The conversation that a verb would be done to now."""
        return self._target()

    def _open(self, key: Key) -> None:
        """Opens a conversation and goes to it."""
        raise NotImplementedError

    async def _write_in(self, key: Key, kind: Kind) -> bool:
        """Opens the composer in a conversation; False when it did not open."""
        raise NotImplementedError

    def _to_list(self) -> None:
        """Goes to the list; on a narrow terminal it takes the conversation's place."""
        self._returns += 1
        self.remove_class("-reading", update=self.has_class("-narrow"))
        self.listing.rows.focus()

    def _show_done(self) -> None:
        """Shows what a verb has changed."""
        raise NotImplementedError

    def _view(self) -> View:
        """What is on the screen now."""
        listing, pane = self.listing, self.pane
        rows, place = listing.rows, Place.ELSEWHERE
        if pane.has_focus_within:
            place = Place.COLUMN
        elif self.focused is rows:
            place = Place.LIST
        return View(
            place,
            listed=listing.arrived,
            empty=rows.cursor is None,
            row=rows.cursor_item,
            stood=0.0 if pane.bound and rows.stood is None else rows.stood,
            in_sight=rows.cursor_in_sight,
            hidden=self.has_class("-narrow") and not self.has_class("-reading"),
            wanted=pane.wanted,
            shown=pane.conversation,
        )

    def _target(self) -> Key | None:
        """The conversation that a key pressed now acts on, by the rule of `screens.target`."""
        found = target(self._view())
        return found.key if found is not None else None

    @property
    def _looked_at(self) -> Key | None:
        """The conversation the user is at, for what only tells."""
        return looked_at(self._view())

    def in_vain(self, action: str) -> None:
        """Rings for a key that acts on nothing.

        Words typed at once for the field that it would have opened are let go until the keys pause: as verbs they would
        act on what is on the screen by then.
        """
        self.app.bell()
        if action not in OPENING:
            return
        unawaited = self.NoField(action, self.awaited, vain=False)
        if self._looked_at is None:
            self.post_message(unawaited)
        else:
            self._let_go(unawaited)

    def _let_go(self, unawaited: NoField) -> None:
        if self._session.typing:
            self.set_timer(PAUSE, lambda: self._let_go(unawaited))
        else:
            self.post_message(unawaited)

    def _aimed_at(self, action: str) -> Key | None:
        """The conversation that a key acts on; rings where there is none.

        Not to be asked in a worker: one begins only after the keys that were struck together with its own, when the
        cursor may stand on another row.
        """
        key = self._target()
        if key is None:
            self.in_vain(action)
        return key

    def _verb(self, verb: str) -> None:
        marks = self.listing.rows.marks
        if marks and verb in ABLE and not self.pane.has_focus_within:
            self._do_all(verb, marks, self.listing.all_of)
        elif found := target(self._view()):
            self._do(verb, found, self._stand)
        else:
            self.in_vain(verb)

    def _for_many(self, verb: str) -> bool:
        """Whether a verb that is done to one alone would be for what is selected; says then why it is done to none."""
        marks = self.listing.rows.marks
        if self.pane.has_focus_within or not marks - {self._target()}:
            return False
        self.say(why_alone(verb, len(marks), key_of(by_id("back"), self._remapped)))
        self.in_vain(verb)
        return True

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _do_all(self, verb: str, keys: Collection[Key], of: Total | None) -> None:
        number = self.awaited
        if await self._bulk.act(verb, keys, of):
            self.listing.rows.mark(())
            self._show_done()
        self.post_message(self.NoField(verb, number, vain=False))

    def action_mark(self) -> None:
        """Selects the conversation one is at, or no longer, and goes to the list as `mark_all` does."""
        if key := self._aimed_at("mark"):
            self._to_list()
            self._mark(key)

    @work(group="mark", exclusive=True, exit_on_error=False)
    async def _mark(self, key: Key) -> None:
        """Selects what the list holds: verbs would be done to anything else unseen."""
        listing = self.listing
        if listing.query_shown is None or await self._session.locate(listing.query_shown, key) is None:
            self._not_listed()
        else:
            listing.rows.mark(listing.rows.marks ^ {key})

    def _not_listed(self) -> None:
        self.say(_("The conversation does not stand in the list that is shown"))

    def action_mark_all(self) -> None:
        """Selects all that the list holds, or nothing, and goes to the list: there verbs are for what is selected."""
        self._to_list()
        self.listing.mark_all()

    @work(group="verb", exit_on_error=False)
    async def _do(self, verb: str, given: Target, stand: Stand) -> None:
        number = self.awaited
        done = await getattr(self._acting, verb)(given)
        self.post_message(self.NoField(verb, number, vain=False))
        if done:
            self._show_done()
        if done and verb == "claim" and self.focused is self.listing.rows and self._stays(stand):
            self._open(given.key)  # it may leave the list, and what is claimed is what one goes on with
        if done and verb == "done" and given.key == self.pane.wanted and not self.pane.bound:
            self._go_on(given.key)

    @property
    def _stand(self) -> Stand:
        return self.focused, self._returns, self.listing.whereabouts

    def _stays(self, stand: Stand) -> bool:
        """Whether the user has gone to nothing else since: what was slow must not fetch anybody back from there."""
        return self.app.screen is self and self._stand == stand and not self.pane.bound

    def _go_on(self, key: Key) -> None:
        """Shows the next in place of what was done, now or as soon as the list has moved on."""
        following = self.listing.rows.cursor_item
        if following is None or following.key == key:
            self.pane.finish(key)
        else:
            self.pane.want(following.key, opened=self.pane.has_focus_within)

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
        number, found, stand = self.awaited, target(self._view()), self._stand
        if self._for_many("tie"):
            return
        if found is None:
            self.in_vain("tie")
            return
        whose, offers = await offers_at(self._session, self, found.key)
        if not offers:
            self.post_message(self.NoField("tie", number))
            return
        to = await choose_tie(self._session, self.app, self, whose, offers, found.seen)
        self.post_message(self.NoField("tie", number, vain=False))
        if to not in (None, found.key) and self._stays(stand):
            self._open(to)

    def action_receipt(self) -> None:
        """Tells the patient that the message has come."""
        if not self._for_many("receipt") and (key := self._aimed_at("receipt")):
            self._give_receipt(key)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _give_receipt(self, key: Key) -> None:
        await give_receipt(self._session, self.app, self, key)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_undo(self) -> None:
        """Takes back the last step of the session; words that have not left are opened to go on writing."""
        number, key = self.awaited, self._target()
        await self._acted()
        if not self.is_active:  # the verb that was struck before asks something: nothing is taken back beneath that
            self.post_message(self.NoField("undo", number))
            return
        step = await self._session.newest_step()
        if not (await self._undo("undo", step) if step else await self._undo_words("undo", key)):
            self.post_message(self.NoField("undo", number, vain=False, again=step is not None))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_steps(self) -> None:
        """Shows all steps of the session with what of them can be taken back, and takes back the one that is picked."""
        number = self.awaited
        step = await pick_step(self._session, self.app, self)
        if step is None:
            self.post_message(self.NoField("steps", number, vain=False))
            return
        if step.verb in remedies.WORDS:
            self.opening("steps")
        number = self.awaited
        if not await self._undo("steps", step):
            self.post_message(self.NoField("steps", number, vain=False))

    async def _acted(self) -> None:
        """Waits until the verbs that were struck before are queued; one that asks something is not waited for."""
        acting = [each for each in self.workers if each.node is self and each.group in ("verb", CONFIRMED)]
        while self.is_active and not all(each.is_finished for each in acting):  # noqa: ASYNC110 - nobody else is told
            await asyncio.sleep(LOOK)

    @property
    def acting(self) -> bool:
        """Whether something that a key began goes on: it may still ask, leave what is written, or move the focus."""
        return any(each.group in GOING_ON and not each.is_finished for each in self.workers)

    async def _undo(self, verb: str, step: Step) -> bool:
        """Takes a step back. True when its words are gone on with."""
        if step.verb not in remedies.WORDS:
            await take_back(self._session, self, step)
            self._show_done()
            return False
        if not await words_back(self._session, self, step):
            return False
        return await self._undo_words(verb, step.deeds[0].key, step.deeds[0].entry)

    async def _undo_words(self, verb: str, key: Key | None, entry: str = "") -> bool:
        """Goes on writing words that have not left: those of an entry, or the last of a conversation."""
        waiting = await self._acting.waiting(key, entry) if key else None
        return waiting is not None and await self._edit(verb, waiting)

    async def _edit(self, verb: str, out: Outgoing) -> bool:
        """Takes words back and goes on writing them, unless they left meanwhile: then nothing is changed."""
        confirmed()
        self.opening(verb)
        if not await self.pane.writing.leave():
            return False
        if await self._session.cancel(out.id):
            return await self._write_in(out.key, KINDS[out.verb])
        self.say(_("It has left already and cannot be edited: nothing was changed"))
        return False
