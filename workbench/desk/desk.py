"""What a person does at the desk, on the store alone: nothing here knows of threads, loops or the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from workbench.desk.authors import Authors
from workbench.dialogue.basis import Seen, what_is_set
from workbench.dialogue.bulk import Plan, still
from workbench.dialogue.checks import claims_lost_before, waiting_in, why_not_send
from workbench.dialogue.conversation import Conversation, Entry, Merged, Message
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import BECAME, Draft, Kind, Outgoing, Sending
from workbench.dialogue.overlay import Overlay, overlay_of
from workbench.dialogue.people import Me
from workbench.dialogue.receipts import may_receipt, why_not_receipt, words_in
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.since import since
from workbench.dialogue.snoozing import in_time, why_not_snooze
from workbench.dialogue.status import OutboxStatus
from workbench.dialogue.tie import ANY
from workbench.dialogue.tie_checks import why_not_tie
from workbench.dialogue.work import ASIDE, Change, State, Verb

if TYPE_CHECKING:
    from workbench.store.store import Store


class Desk:
    """Reads and writes of one person; every call may raise a `StoreError` and then has done nothing."""

    def __init__(self, store: Store, person: Callable[[str], Me | None], clock: Callable[[], datetime]) -> None:
        """Prepares a desk.

        Args:
            store: Where everything is.
            person: Who acts on a portal, None while nobody is known.
            clock: Now, aware.
        """
        self._store = store
        self._person = person
        self._clock = clock
        self.authors = Authors(store, person)
        self._laying = Lock()
        self._ends: datetime | None = None
        """When the first of the snoozes ends that are laid over the lists."""

    def lay_over(self) -> OutboxStatus:
        """Lays what is on its way over the lists, and tells how much that is."""
        with self._laying:  # the last to have read must be the last to lay
            pending = self._store.outbox.pending()
            ends = [one.change.until for one in pending if one.change and one.change.snoozes and one.change.until]
            self._ends = min((until for until in ends if until > self._clock()), default=None)
            self._store.cache.set_overlay(self._overlays(pending, self._store.drafts.keys()))
        mine = [entry for entry in pending if not self.authors.others(entry)]
        states = [entry.state for entry in mine]
        waiting = states.count(Sending.QUEUED) + states.count(Sending.SENDING)
        others = len(pending) - len(mine)
        return OutboxStatus(waiting, states.count(Sending.UNKNOWN), states.count(Sending.NEEDS_YOU), others)

    def overslept(self) -> bool:
        """Whether a snooze that is laid over the lists has ended since."""
        return self._ends is not None and self._ends <= self._clock()

    def conversation(self, key: Key) -> Conversation | None:
        """All that is held of a conversation, with what is on its way in its place."""
        held = self._store.cache.conversation(key)
        if held is None:
            return None
        merged = tuple(self._with_waiting(one) for one in held.merged)
        marked = replace(self._marked(held), merged=merged) if merged else self._marked(held)
        waiting = self._waiting(key, held.entries)
        return replace(marked, entries=marked.entries + waiting) if waiting else marked

    def _waiting(self, key: Key, entries: tuple[Entry, ...]) -> tuple[Outgoing, ...]:
        """What the user wrote and is not held; a portal may have lost our name for what it became."""
        held, steps = {entry.id for entry in entries}, self._store.outbox.steps
        waiting = waiting_in(key, entries, self.authors.named(self._store.outbox.entries(key)))
        return tuple(one for one in waiting if one.state is not Sending.SENT or steps(one.id).get(BECAME) not in held)

    def _with_waiting(self, one: Merged) -> Merged:
        """What was merged into another, marked like any other and with what is on its way there."""
        entries = self._with_places(one.entries)
        return replace(one, entries=entries + self._waiting(one.key, entries))

    def _marked(self, held: Conversation) -> Conversation:
        """With the places marked at which the patient's side wrote of an urgent symptom, where there are any."""
        flagged = self._store.cache.flagged(held.key)
        return replace(held, entries=self._with_places(held.entries)) if flagged else held

    def _with_places(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        places = self._store.site.places_of
        return tuple(
            replace(entry, flagged=places(entry.text)) if isinstance(entry, Message) and entry.sender.outside else entry
            for entry in entries
        )

    def draft(self, key: Key, kind: Kind) -> Draft:
        """The user's draft, an empty one when there is none."""
        me = self._person(key.portal)
        author = me.reference if me else ""
        return self._store.drafts.get(key, author, kind) or Draft(key, author, kind, "")

    def stranded(self) -> tuple[Draft, ...]:
        """Unsent words whose conversation stands in no list, last saved first: it is gone, or has not come yet."""
        drafts = [one for one in self._store.drafts.list() if not one.empty]
        listed = self._store.cache.rows([one.key for one in drafts])
        return tuple(one for one in drafts if one.key not in listed)

    def save_draft(self, draft: Draft) -> Draft:
        """Puts a draft on disk; one that was begun while nobody acted becomes that of who acts now.

        It does not when other words of theirs are there: they are joined when they next act. What another window
        has written in it since stands below, in the draft that is returned.
        """
        me = self._person(draft.key.portal)
        if me is not None and not draft.author:
            mine = self._store.drafts.get(draft.key, me.reference, draft.kind)
            if mine is None or mine.saved == draft.saved:
                draft = replace(draft, author=me.reference)
        return self._store.drafts.save(draft)

    def send(self, draft: Draft, conversation: Conversation) -> Outgoing:
        """Queues a draft, and before a reply in a conversation that nobody has, a claim.

        Raises:
            SendError: It may not be sent.
        """
        me = self._person(draft.key.portal)
        word = why_not_send(draft, conversation, me)
        if word is not None or me is None:
            raise SendError(word or SendWord.NOBODY_ACTS)
        patient = conversation.patient.reference if conversation.patient else ""
        basis = Seen.of(conversation).written()
        free = draft.kind is Kind.REPLY and conversation.work.owner is None
        claim = Change(Verb.CLAIM, owner=me.reference, owner_name=me.name) if free else None
        return self._store.outbox.queue_draft(draft, patient=patient, basis=basis, claim=claim)

    def receipt(self, text: str, conversation: Conversation) -> Outgoing:
        """Queues words to the patient that the message has come; no claim goes before them.

        Raises:
            SendError: It may not be sent, or has been sent for these words of the patient already.
        """
        key = conversation.key
        me, held = self._person(key.portal), self.conversation(key)
        word = why_not_receipt(text, conversation, me)
        if word is None and held is not None and not may_receipt(held):
            word = SendWord.RECEIPTED
        if word is not None or me is None:
            raise SendError(word or SendWord.NOBODY_ACTS)
        patient = conversation.patient.reference if conversation.patient else ""
        basis = Seen.of(conversation).written()
        words = words_in(conversation)
        return self._store.outbox.queue_receipt(key, me.reference, text, words, patient=patient, basis=basis)

    def act(self, key: Key, change: Change, shown: Conversation | None) -> Outgoing:
        """Queues a verb.

        Args:
            key: The conversation.
            change: What to do.
            shown: What the user last saw of it; what is held now when that is None.

        Raises:
            SendError: Nobody is known to act on this portal, what was shown is another conversation, or it may not be
                snoozed until then.
        """
        key, author, change, patient, basis = self._told(key, change, shown)
        return self._store.outbox.queue_change(key, author, change, patient=patient, basis=basis)

    def seen(self, keys: Iterable[Key]) -> dict[Key, Seen]:
        """What is held now of some conversations, for what is decided on many of them."""
        held = ((key, self._store.cache.conversation(key)) for key in keys)
        return {key: Seen.of(conversation) for key, conversation in held if conversation is not None}

    def act_all(self, agreed: Plan) -> tuple[tuple[Outgoing, ...], Plan]:
        """Queues one verb for many conversations: all that are as they were shown, or none.

        Returns:
            What was queued, and what that leaves of the plan, with what is left out of it.

        Raises:
            SendError: It may not be done to one of them.
        """
        keys = [item.key for item in agreed.to]
        # Before the rows: what arrives between the two is then in a row, or stops what is sent with this as its basis.
        held = {key: one for key in keys if (one := self._store.cache.conversation(key)) is not None}
        written = [
            key for key in keys if key not in held or self._written_since(agreed.seen.get(key, Seen()), held[key])
        ]
        stands = still(agreed, self._store.cache.rows(keys), written, self._clock())
        told = [self._told(item.key, agreed.change, held[item.key]) for item in stands.to]
        return (self._store.outbox.queue_changes(told) if told else ()), stands

    def _written_since(self, seen: Seen, held: Conversation) -> bool:
        """Whether somebody else has written since, or other people read along."""
        me = self._person(held.key.portal)
        return bool(since(seen, held, me.reference if me else "")) or Seen.of(held).readers != seen.readers

    def _told(self, key: Key, change: Change, shown: Conversation | None) -> tuple[Key, str, Change, str, str]:
        """What the outbox is told of a verb: conversation, who acts, the verb, the patient, and what was seen."""
        me = self._person(key.portal)
        if me is None:
            raise SendError(SendWord.NOBODY_ACTS)
        if shown is not None and shown.key != key:
            raise SendError(SendWord.CHANGED)
        self._check(key, change)
        if change.verb is Verb.CLAIM:
            change = replace(change, owner=me.reference, owner_name=me.name)
        seen = shown or self._store.cache.conversation(key)
        if change.verb is Verb.DONE and seen and seen.astray:
            change = replace(change, other=ANY)
        if change.verb is Verb.SPLIT and not change.back and seen and seen.work.state is State.DONE:
            change = replace(change, state=State.NEW)
        if change.verb in ASIDE and seen and seen.work.state in (State.NEW, State.CLAIMED):
            change = replace(change, state=State.NEW)
        patient = seen.patient.reference if seen and seen.patient else ""
        return key, me.reference, change, patient, self._decided(key, change, seen).written()

    def _decided(self, key: Key, change: Change, shown: Conversation | None) -> Seen:
        """What a verb is decided on: what is shown, which may not show yet what the user set a moment before."""
        seen = Seen.of(shown) if shown else Seen()
        if change.verb not in seen.stood:
            return seen
        before = [one.change for one in self._store.outbox.entries(key) if one.change and one.verb is change.verb]
        also = tuple(what_is_set(one) for one in before[-1:])
        return replace(seen, stood={**seen.stood, change.verb: seen.stood[change.verb] + also})

    def cancel(self, outgoing: str) -> bool:
        """Takes something of the user's own back; a lost claim that was queued for it goes with it."""
        entry = self._store.outbox.get(outgoing)
        if entry is not None and self.authors.others(entry):
            return False
        lost = self._lost_claims(entry)
        done = self._store.outbox.cancel(outgoing)
        self._drop(lost if done else ())
        return done

    def retry(self, outgoing: str, shown: Conversation | None = None) -> bool:
        """Lets something go out after all.

        Args:
            outgoing: Its identifier.
            shown: What the user saw of its conversation; what is held now when that is None.

        Raises:
            SendError: What was shown is another conversation, or it may not be snoozed until then any more.
        """
        entry = self._store.outbox.get(outgoing)
        if entry is None or self.authors.others(entry):
            return False
        if shown is not None and shown.key != entry.key:
            raise SendError(SendWord.CHANGED)
        if entry.change is not None:
            self._check(entry.key, in_time(entry.change, self._clock()))
        seen = shown or self._store.cache.conversation(entry.key)
        self._drop(self._lost_claims(entry))
        return self._store.outbox.retry(outgoing, (_decided_on(seen) if seen else Seen()).written())

    def discard(self, outgoing: str) -> bool:
        """Drops something by the user's own act; what a colleague wrote is not dropped."""
        entry = self._store.outbox.get(outgoing)
        if entry is not None and self.authors.others(entry):
            return False
        lost = self._lost_claims(entry)
        done = self._store.outbox.discard(outgoing)
        self._drop(lost if done else ())
        return done

    def _check(self, key: Key, change: Change) -> None:
        word = None
        if change.verb in (Verb.MERGE, Verb.LINK):
            word = self._why_not_tie(key, change)
        elif change.snoozes:
            word = why_not_snooze(change.until, self._clock(), flagged=self._store.cache.flagged(key))
        if word is not None:
            raise SendError(word)

    def _why_not_tie(self, key: Key, change: Change) -> SendWord | None:
        other, cache = Key(key.portal, change.other), self._store.cache
        rows = cache.rows((key, other))
        held = [(one, rows[one.key]) for each in (key, other) if (one := cache.conversation(each)) and each in rows]
        if len(held) < 2:
            return SendWord.TIE_PATIENT
        return why_not_tie(change, held[0], held[1], draft=rows[key].draft)

    def _lost_claims(self, entry: Outgoing | None) -> tuple[str, ...]:
        """Claims that stand in a reply's way and that a colleague was faster with."""
        if entry is None or entry.verb is not Verb.REPLY:
            return ()
        return claims_lost_before(entry, self._store.outbox.entries(entry.key))

    def _drop(self, claims: Iterable[str]) -> None:
        for claim in claims:
            self._store.outbox.discard(claim)

    def _overlays(self, pending: Iterable[Outgoing], drafts: Iterable[Key]) -> dict[Key, Overlay]:
        entries: dict[Key, list[Outgoing]] = {key: [] for key in drafts}
        written = set(entries)
        for entry in pending:
            entries.setdefault(entry.key, []).append(entry)
        now = self._clock()
        return {
            key: overlay_of(queued, self._names(key), draft=key in written, now=now, me=self._me(key))
            for key, queued in entries.items()
        }

    def _me(self, key: Key) -> str | None:
        me = self._person(key.portal)
        return me.reference if me else None

    def _names(self, key: Key) -> dict[str, str]:
        """Who acts on a conversation's portal, by reference: the same one may be somebody else on another portal."""
        me = self._person(key.portal)
        return {me.reference: me.name} if me else {}


def _decided_on(shown: Conversation) -> Seen:
    """What the user lets something go on: told who has it, whatever waits behind makes of that on the screen."""
    seen, holder = Seen.of(shown), shown.work.holder
    return seen if holder is None else replace(seen, owner=holder, stood=Seen.read(shown.basis).stood)
