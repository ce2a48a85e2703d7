"""What must be so at the end of a history, told from what was acknowledged and what stands on the portals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.proofs.simulation.ledger import Ledger
from tests.proofs.simulation.portal import THREADS, Portal, Sent, sent
from tests.proofs.simulation.seat import Seat
from tests.proofs.verdict import COUNTS
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.work import Verb

WORDS = (Verb.REPLY, Verb.NOTE)


@dataclass
class Findings:
    """What was found, by the count it belongs to."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misdirected: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Every finding, with its count's name."""
        return [f"{name}: {each}" for name in COUNTS for each in getattr(self, name)]


def judge(portals: Sequence[Portal], seats: Sequence[Seat], ledger: Ledger, found: Findings) -> None:
    """Compares what was acknowledged with what is there; the seats are open and at rest."""
    there = [one for portal in portals for one in sent(portal)]
    stores = {seat.folder: seat for seat in seats}.values()
    entries = {entry.id: entry for seat in stores for entry in seat.store.outbox.all()}
    drafts = [draft for seat in stores for draft in seat.store.drafts.list()]
    _words(there, entries, [(draft.key, draft.kind, draft.text) for draft in drafts], ledger, found)
    _sends(there, entries, ledger, found)
    for seat in stores:
        for portal in portals:
            _held(seat, portal, found)
        found.unreadable += seat.wrong


def _words(
    there: Sequence[Sent],
    entries: dict[str, Outgoing],
    drafts: Sequence[tuple[Key, Kind, str]],
    ledger: Ledger,
    found: Findings,
) -> None:
    """Every word is where it belongs, once on the portals at most, and nowhere else."""
    on_portals: Counter[str] = Counter()
    somewhere: set[str] = set()
    for one in there:
        for text in dict.fromkeys(one.words.split()):
            on_portals[text] += 1
            word = ledger.words.get(text)
            kind = Kind.NOTE if one.internal else Kind.REPLY
            if (
                word is None
                or (word.key, word.kind) != (Key(one.portal, one.thread), kind)
                or word.author != one.author
            ):
                found.misdirected.append(f"{text} stands in {one.portal}/{one.thread} as a {kind} of {one.author}")
    waiting = [(entry.key, Kind(entry.verb), entry.text) for entry in entries.values() if entry.verb in WORDS]
    for key, kind, text in [*drafts, *waiting]:
        for each in text.split():
            somewhere.add(each)
            word = ledger.words.get(each)
            if word is None or (word.key, word.kind) != (key, kind):
                found.misdirected.append(f"{each} lies in {key} as a {kind}")
    found.doubled += [f"{text} stands on the portals {times} times" for text, times in on_portals.items() if times > 1]
    gone = ledger.kept - ledger.dropped - somewhere - on_portals.keys()
    found.lost += [f"{text} was saved and is nowhere ({ledger.words[text]})" for text in sorted(gone)]


def _sends(there: Sequence[Sent], entries: dict[str, Outgoing], ledger: Ledger, found: Findings) -> None:
    """Everything that was sent is there once, or the outbox says that it is not."""
    copies = Counter(one.client_id for one in there)
    for identity, queued in ledger.queued.items():
        entry = entries.get(identity)
        if entry is None:
            if identity not in ledger.touched:
                found.lost.append(f"{queued.verb} {identity} left the outbox by itself")
            elif copies[identity] and identity not in ledger.thrown_away:
                found.doubled.append(f"{identity} was taken back and is on the portal")
    for entry in entries.values():
        if entry.state in (Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN):
            found.lost.append(f"{entry.verb} {entry.id} still stands at {entry.state} ({entry.reason})")
        if entry.verb not in WORDS:
            continue
        if entry.state is Sending.SENT and not copies[entry.id]:
            found.lost.append(f"{entry.id} is said to be sent and is not there")
        if entry.state is Sending.NEEDS_YOU and copies[entry.id]:
            found.doubled.append(f"{entry.id} is there although it is said to have stopped ({entry.reason})")
    found.doubled += [f"{identity} is there {times} times" for identity, times in copies.items() if times > 1]


def _held(seat: Seat, portal: Portal, found: Findings) -> None:
    """What a workbench shows is what the portal holds."""
    for thread in THREADS:
        header = portal.read("Communication", thread)
        held = seat.store.cache.conversation(Key(portal.name, thread))
        if header is None or header["status"] == "entered-in-error":
            continue
        if held is None:
            found.lost.append(f"{seat.name} does not hold {portal.name}/{thread}")
            continue
        parent = [{"reference": f"Communication/{thread}"}]
        real = {
            each["id"]: each["status"] == "entered-in-error"
            for each in portal.now("Communication")
            if each.get("partOf") == parent
        }
        shown = {each.id: each.state is MessageState.RETRACTED for each in held.entries if isinstance(each, Message)}
        if real != shown:
            odd = sorted(set(real.items()) ^ set(shown.items()))
            found.lost.append(f"{seat.name} holds other messages of {portal.name}/{thread} than are there: {odd}")
