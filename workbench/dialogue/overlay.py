"""What is still on its way, laid over what the portal holds, so that the screen shows what the user did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.people import Party, PartyKind
from workbench.dialogue.queue import Item, Whose
from workbench.dialogue.snoozing import in_time
from workbench.dialogue.work import TYING, Change, Priority, State, Verb, WorkItem, ours

WORRY = (Sending.SENT, Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN, Sending.NEEDS_YOU)
"""States in the outbox, most worrying last."""
SHOWN = frozenset({Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN})
"""States in which what was done is shown as done; what needs the user is not."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What differs from the portal in one conversation. `None` leaves what the portal holds."""

    state: State | None = None
    """NEW and CLAIMED both say that the turn is ours: which of them it is, the owner tells."""
    owner: str | None = None
    """Reference of the owner, empty for nobody."""
    owner_name: str = ""
    pool: str | None = None
    priority: Priority | None = None
    category: str | None = None
    until: datetime | None = None
    """Until when it is snoozed, where that is on its way; None with such a `state` for until the patient writes."""
    settled: datetime | None = None
    """When it was done, where that is on its way."""
    answered: bool = False
    """The last word is ours: a reply is on its way."""
    draft: bool = False
    tying: tuple[Change, ...] = ()
    """What ties it to other conversations, or unties it, in order."""
    sending: Sending | None = None
    """The most worrying state of what is in the outbox."""

    @property
    def moves(self) -> bool:
        """Whether it changes anything but the marks on the row."""
        return self.answered or any(
            value is not None for value in (self.state, self.owner, self.pool, self.priority, self.category)
        )


def overlay_of(
    entries: Sequence[Outgoing],
    names: dict[str, str] | None = None,
    *,
    draft: bool = False,
    now: datetime | None = None,
    me: str | None = None,
) -> Overlay:
    """What a conversation's entries in the outbox make of it.

    Args:
        entries: All of one conversation, oldest first; receipts change nothing.
        names: Names by reference of who may have acted, for the owner's name.
        draft: Whether unsent words lie there.
        now: The time, for a snooze that has ended before it left; None ends none.
        me: Reference of who acts: what others have on its way leaves only when they act again, so that it is marked
            and nothing is shown as done; None for everybody's.

    Returns:
        Each entry laid over those before it.
    """
    laid = Overlay(draft=draft)
    for entry in entries:
        if entry.state is Sending.SENT:
            continue
        worst = entry.state if laid.sending is None else max(laid.sending, entry.state, key=WORRY.index)
        laid = replace(laid, sending=worst)
        if entry.state in SHOWN and me in (None, entry.author):
            change = in_time(entry.change, now) if entry.change and now else entry.change
            laid = _add(laid, entry, change, names or {})
            if change and change.verb in TYING:
                laid = replace(laid, tying=(*laid.tying, change))
    return laid


def _add(laid: Overlay, entry: Outgoing, change: Change | None, names: dict[str, str]) -> Overlay:
    me = entry.author
    if change and change.restores:
        return _back(laid, entry, change, names)
    match change.verb if change else entry.verb:
        case Verb.CLAIM:
            owner = change.owner if change and change.owner else me
            name = (change.owner_name if change else "") or names.get(owner, "")
            return replace(laid, state=State.CLAIMED, owner=owner, owner_name=name)
        case Verb.RELEASE:
            return replace(laid, state=State.NEW, owner="", owner_name="")
        case Verb.HAND_OVER if change:
            if change.owner:
                name = change.owner_name or names.get(change.owner, "")
                return replace(laid, state=State.CLAIMED, owner=change.owner, owner_name=name)
            return replace(laid, state=State.NEW, owner="", owner_name="", pool=change.pool)
        case Verb.DONE | Verb.MERGE:
            return replace(laid, state=State.DONE, settled=entry.queued)
        case Verb.SPLIT if change:
            return replace(laid, state=change.state or laid.state)
        case Verb.SNOOZE if change:
            return replace(laid, state=State.SNOOZED, until=change.until)
        case Verb.REOPEN | Verb.WAKE:
            return replace(laid, state=State.NEW)
        case Verb.NEXT if change:
            return replace(laid, state=change.state)
        case Verb.PRIORITY if change:
            return replace(laid, priority=change.priority)
        case Verb.CATEGORY if change:
            return replace(laid, category=change.category)
        case Verb.REPLY:
            answered = replace(laid, answered=True, owner=me, owner_name=names.get(me, ""))
            return answered if laid.state is State.DONE else replace(answered, state=State.WAITING_PATIENT)
    return laid


def _back(laid: Overlay, entry: Outgoing, change: Change, names: dict[str, str]) -> Overlay:
    """What a change makes of it that takes another back."""
    laid = replace(laid, state=change.state, until=change.until, settled=entry.queued)
    if change.verb in (Verb.CLAIM, Verb.RELEASE, Verb.HAND_OVER):
        name = change.owner_name or names.get(change.owner, "")
        laid = replace(laid, owner=change.owner, owner_name=name if change.owner else "")
    return replace(laid, pool=change.pool) if change.verb is Verb.HAND_OVER else laid


def lay(item: Item, overlay: Overlay, me: str) -> Item:
    """A list row with what is on its way laid over it.

    Args:
        item: The row as the portal holds it.
        overlay: What differs.
        me: Reference of who acts on that portal, for whose it is.

    Returns:
        The row to show, with its order.
    """
    laid = replace(item, draft=item.draft or overlay.draft, sending=overlay.sending or item.sending)
    if not overlay.moves:
        return laid
    whose, owner_name = item.whose, item.owner_name
    if overlay.owner is not None:
        whose = whose_is(overlay.owner, me)
        owner_name = overlay.owner_name
    state = _state(overlay, item.state, owned=whose is not Whose.NOBODY)
    wakes = item.wakes if overlay.state is None else overlay.until
    return replace(
        laid,
        state=state,
        whose=whose,
        owner_name=owner_name,
        pool=item.pool if overlay.pool is None else overlay.pool,
        priority=overlay.priority or item.priority,
        category=item.category if overlay.category is None else overlay.category,
        from_patient=item.from_patient and not overlay.answered,
        unread=item.unread and not overlay.answered,
        asked=None if overlay.answered else item.asked,
        settled=(overlay.settled or item.settled) if state is State.DONE else None,
        wakes=wakes if state is State.SNOOZED else None,
    ).placed()


def lay_work(work: WorkItem, overlay: Overlay) -> WorkItem:
    """A work item with what is on its way laid over it; `pending` says that something was."""
    if not overlay.moves:
        return work
    owner = work.owner
    if overlay.owner is not None:
        owner = Party(overlay.owner, overlay.owner_name, PartyKind.STAFF) if overlay.owner else None
    state = _state(overlay, work.state, owned=owner is not None)
    until = work.until if overlay.state is None else overlay.until
    return replace(
        work,
        state=state,
        owner=owner,
        pool=work.pool if overlay.pool is None else overlay.pool,
        priority=overlay.priority or work.priority,
        category=work.category if overlay.category is None else overlay.category,
        pending=True,
        holder=work.owner.reference if work.owner else "",
        until=until if state is State.SNOOZED else None,
    )


def _state(overlay: Overlay, held: State, *, owned: bool) -> State:
    """How it stands, as the portal would have it once all has arrived."""
    state = overlay.state or held
    return ours(owned=owned) if overlay.state and state in (State.NEW, State.CLAIMED) else state


def whose_is(owner: str, me: str) -> Whose:
    """To whom a conversation with this owner belongs, seen from who acts."""
    if not owner:
        return Whose.NOBODY
    return Whose.ME if owner == me else Whose.COLLEAGUE
