"""Somebody who works at a workbench: reads, types, sends, takes back, decides on what stopped; all by chance."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Final

from tests.proofs.simulation.ledger import Ledger
from tests.proofs.simulation.portal import STAFF, THREADS
from tests.proofs.simulation.seat import Seat
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.tie import kept_first
from workbench.dialogue.work import TURNS, WORDS, Change, Priority, Verb
from workbench.store.errors import StoreError
from workbench.store.outbox import KINDS

NOTES: Final = 0.4
"""How many of what is begun are notes: nothing but the search stands between a lost answer and a second note."""
BACK: Final = 0.6
"""How often a look is back at words that have not left: only there do two windows meet, and words that come back."""
GOES_ON: Final = 0.7
"""How often such words are gone on with at once."""
DOUBTED: Final = 0.7
"""How often what is taken back is words that were tried, if there are any."""


@dataclass
class User:
    """One person at one workbench."""

    seat: Seat
    ledger: Ledger
    dice: Random
    told: Callable[[str], None]
    draft: Draft | None = None
    seen: Conversation | None = None

    def act(self) -> None:
        """Does one thing; what the store refuses is not done.

        Raises:
            Crash: The process died meanwhile.
        """
        try:
            chosen = self._chosen()
            self.told(f"{self.seat.name} {chosen.__name__}")
            chosen()
            self.seat.nudge()
        except (StoreError, SendError) as error:
            self.told(f"{self.seat.name} refused: {error}")
            if isinstance(error, SendError) and error.word == SendWord.ALREADY_SENT and self.draft is not None:
                with suppress(StoreError):  # the disk may be full for reading too: then at the next try
                    self._take_out_what_was_sent(self.draft, error.values["up_to"])

    def _chosen(self) -> Callable[[], None]:
        """One of the things that somebody could do who has this before them: no turn of theirs is for nothing."""
        usual, rare = [self.open], [self.hurry]
        if pending := self.seat.store.outbox.pending():
            usual += [self.outbox]
            rare += [self.take_back, self.take_back]
            if any(_tried(one) for one in pending):
                usual += [self.take_back, self.take_back, self.take_back]
        if self.seen is not None:
            usual += [self.verb, self.put_off, self.tie, self.receipt]
        if self.draft is not None:
            usual += [self.type, self.type, self.type, self.send, self.send, self.send]
            rare += [self.attach, self.discard, self.erase]
        else:
            usual += [self.open, self.open]
        return self.dice.choice(usual if self.dice.random() < 0.8 else rare)

    def restarted(self) -> None:
        """Sits down at a process that has just begun: what was not saved is not there."""
        self.draft, self.seen = None, None

    def open(self) -> None:
        """Looks at a conversation, and has its composer open; maybe with words of another window in it."""
        key, kind = self._where()
        self.seen = self.seat.desk.conversation(key)
        self.draft = None
        if self.seen is not None:
            self.draft = self.seat.desk.draft(key, kind)
            if not self.draft.text or self.dice.random() < GOES_ON:
                self.type()
            if self.dice.random() < 0.5:
                self.seat.turns[key.portal].refresh(key.thread)
                self.seat.nudges[key.portal].set()

    def _where(self) -> tuple[Key, Kind]:
        if self.dice.random() < BACK:
            waiting = [one for one in self.seat.store.outbox.pending() if one.verb in KINDS]
            words = [(one.key, one.kind) for one in self.seat.store.drafts.list()]
            words += [(one.key, KINDS[one.verb]) for one in waiting]
            if words:
                return self.dice.choice(words)
        key = Key(self.dice.choice(sorted(self.seat.people)), self.dice.choice(sorted(THREADS)))
        return key, Kind.NOTE if self.dice.random() < NOTES else Kind.REPLY

    def look(self) -> None:
        """Sees what has come in the open conversation meanwhile."""
        if self.seen is not None:
            self.seen = self.seat.desk.conversation(self.seen.key)

    def type(self) -> None:
        """Writes a word, and has it saved."""
        if self.draft is None or self.seen is None:
            return self.open()
        if self.dice.random() < 0.5:
            self.look()
        draft = self.draft
        word = self.ledger.word(draft.key, Verb(draft.kind), self._author(draft))
        self.draft = replace(draft, text=f"{draft.text} {word}".strip())
        self.draft = self.seat.desk.save_draft(self.draft)
        self.ledger.kept.update(self.draft.text.split())
        return None

    def erase(self) -> None:
        """Takes the last word out again."""
        if self.draft is None or not self.draft.text:
            return
        *words, last = self.draft.text.split()
        self.ledger.dropped.add(last)  # before it is done: the process may die with it done and not said
        try:
            self.draft = self.seat.desk.save_draft(replace(self.draft, text=" ".join(words)))
        except StoreError:
            self.ledger.dropped.discard(last)
            raise

    def attach(self) -> None:
        """Attaches a file."""
        if self.draft is None:
            return
        file = self.seat.store.files.add("svar.txt", "text/plain", self.dice.randbytes(20))
        self.draft = self.seat.desk.save_draft(replace(self.draft, files=(*self.draft.files, file)))

    def discard(self) -> None:
        """Throws the draft away."""
        if self.draft is None:
            return
        self.ledger.dropped |= set(self.draft.text.split())
        self.seat.store.drafts.discard(self.draft)
        self.draft = None

    def send(self) -> None:
        """Sends what stands in the composer, having seen what the screen shows."""
        if self.draft is None or self.seen is None:
            return
        queued = self.seat.desk.send(self.draft, self.seen)
        self.ledger.queued[queued.id] = queued
        self.told(f"{self.seat.name} queued {queued.id} {queued.key} {queued.text}")
        self.draft = None

    def _take_out_what_was_sent(self, draft: Draft, up_to: int) -> None:
        """Another window has sent this draft: what is new in it stays."""
        entries = self.seat.store.outbox.entries(draft.key)
        sent = {word for entry in entries for word in entry.text.split()}
        words = [word for word in draft.text.split() if word not in sent]
        self.draft = replace(draft, text=" ".join(words), began=up_to)

    def verb(self) -> None:
        """Claims, hands over, marks as done and the like."""
        if self.seen is None:
            return self.open()
        me = self.seat.people[self.seen.key.portal].reference
        colleague = f"Practitioner/{self.dice.choice(sorted(STAFF))}"
        change = self.dice.choice(
            [
                Change(Verb.CLAIM, owner=me),
                Change(Verb.RELEASE),
                Change(Verb.HAND_OVER, owner=colleague),
                Change(Verb.HAND_OVER, pool="resept"),
                Change(Verb.DONE),
                Change(Verb.REOPEN),
                Change(Verb.PRIORITY, priority=self.dice.choice(list(Priority))),
                Change(Verb.CATEGORY, category="annet"),
            ]
        )
        queued = self.seat.desk.act(self.seen.key, change, self.seen)
        self.ledger.queued[queued.id] = queued
        return None

    def put_off(self) -> None:
        """Snoozes until a moment or until the patient writes, wakes, or says whose turn it is."""
        if self.seen is None:
            return self.open()
        minutes = self.dice.choice([-5, 1, 5, 60, 60 * 24 * 7])
        moment = self.seat.clock() + timedelta(minutes=minutes)
        change = self.dice.choice(
            [
                Change(Verb.SNOOZE, until=moment, note=self.dice.choice(["", "prøvesvar"])),
                Change(Verb.SNOOZE),
                Change(Verb.WAKE),
                Change(Verb.NEXT, state=self.dice.choice(TURNS)),
            ]
        )
        queued = self.seat.desk.act(self.seen.key, change, self.seen)
        self.ledger.queued[queued.id] = queued
        return None

    def tie(self) -> None:
        """Merges with another conversation, takes apart, links or unlinks; now and then with another patient's."""
        if self.seen is None:
            return self.open()
        here = self.seen
        others = sorted(set(THREADS) - {here.key.thread})
        merged = [tied.key.thread for tied in here.into]
        linked = [tied.key.thread for tied in here.linked if tied.here]
        changes = [Change(verb, other=self.dice.choice(others)) for verb in (Verb.MERGE, Verb.MERGE, Verb.LINK)]
        changes += [Change(Verb.SPLIT, other=other) for other in merged]
        changes += [Change(Verb.UNLINK, other=other) for other in linked]
        change = self.dice.choice(changes)
        key = here.key
        if change.verb is Verb.MERGE:
            rows = self.seat.store.cache.rows([key, Key(key.portal, change.other)])
            if len(rows) == 2:  # as the screen does: what hurries more is kept, whichever of them is looked at
                kept, goes = kept_first(*rows.values())
                key, change = goes.key, Change(Verb.MERGE, other=kept.key.thread)
        queued = self.seat.desk.act(key, change, here if key == here.key else None)
        self.ledger.queued[queued.id] = queued
        self.told(f"{self.seat.name} queued {queued.id} {queued.key} {change.verb} {change.other}")
        return None

    def receipt(self) -> None:
        """Tells the patient that the message has come."""
        if self.seen is None:
            return self.open()
        if self.dice.random() < 0.5:
            self.look()
        me = self.seat.people[self.seen.key.portal].reference
        word = self.ledger.word(self.seen.key, Verb.RECEIPT, me)
        queued = self.seat.desk.receipt(word, self.seen)
        self.ledger.queued[queued.id] = queued
        self.ledger.kept.add(word)
        self.told(f"{self.seat.name} queued {queued.id} {queued.key} {queued.text}")
        return None

    def outbox(self) -> None:
        """Looks at what stopped, and decides."""
        for entry in self.seat.store.outbox.pending():
            if entry.state is Sending.NEEDS_YOU and self.dice.random() < 0.7:
                self.decide(entry)

    def take_back(self) -> None:
        """Takes something back that may have left; oftenest words that have been tried, as those go twice."""
        pending = self.seat.store.outbox.pending()
        tried = [one for one in pending if _tried(one)]
        if not pending:
            return
        entry = self.dice.choice(tried if tried and self.dice.random() < DOUBTED else pending)
        if self._cancel(entry) and entry.verb in KINDS and self.dice.random() < GOES_ON:
            self._send_again(entry)

    def _send_again(self, entry: Outgoing) -> None:
        """Puts a word to what was taken back and sends it, as who takes words back mostly does."""
        self.seen = self.seat.desk.conversation(entry.key)
        if self.seen is not None:
            self.draft = self.seat.desk.draft(entry.key, KINDS[entry.verb])
            self.type()
            self.send()

    def decide(self, entry: Outgoing, *, finally_: bool = False) -> None:
        """Sends it all the same, takes it back, or throws it away."""
        chance = self.dice.random()
        if chance < 0.4 and not finally_:
            held = self.seat.desk.conversation(entry.key)
            if held is not None:
                self.told(f"{self.seat.name} again {entry.id} {entry.reason}")
                self._give_up_claims(entry)
                try:
                    self.seat.desk.retry(entry.id, held)
                except SendError as error:  # it may not be done any more, as two that now have different readers
                    self.told(f"{self.seat.name} refused: {error}")
        elif chance < 0.8:
            self._cancel(entry)
        else:
            self._throw_away(entry)

    def hurry(self) -> None:
        """Asks the portals for news."""
        self.seat.nudge(hurry=True)

    def _give_up_claims(self, entry: Outgoing) -> None:
        """Whatever is decided on a reply, claims of the conversation that a colleague was faster with go with it."""
        if entry.verb is Verb.REPLY:
            others = self.seat.store.outbox.entries(entry.key)
            self.ledger.touched |= {one.id for one in others if one.verb is Verb.CLAIM and one.reason == Reason.TAKEN}

    def _cancel(self, entry: Outgoing) -> bool:
        if entry.verb is Verb.RECEIPT:
            self.ledger.dropped |= set(entry.text.split())  # it was no draft, and becomes none
        self._give_up_claims(entry)
        self.ledger.touched.add(entry.id)
        cancelled = self.seat.desk.cancel(entry.id)
        if cancelled:
            self.told(f"{self.seat.name} took back {entry.id}")
            self.ledger.taken_back.add(entry.id)
        return cancelled

    def _throw_away(self, entry: Outgoing) -> None:
        self.ledger.dropped |= set(entry.text.split())
        self._give_up_claims(entry)
        self.ledger.touched.add(entry.id)
        if self.seat.desk.discard(entry.id):
            self.told(f"{self.seat.name} threw away {entry.id}")
            self.ledger.thrown_away.add(entry.id)

    def _author(self, draft: Draft) -> str:
        return draft.author


def _tried(entry: Outgoing) -> bool:
    """Whether these are words that have left once, so that the portal may have them."""
    return entry.verb in WORDS and entry.attempts > 0
