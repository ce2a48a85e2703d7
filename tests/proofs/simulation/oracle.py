"""What must be so at the end of a history, told from what was acknowledged and what stands on the portals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.proofs.simulation.ledger import Ledger
from tests.proofs.simulation.portal import THREADS, Portal, Resource, Sent, sent
from tests.proofs.simulation.seat import Seat
from tests.proofs.verdict import COUNTS
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation, Message, MessageState
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.queue import Query
from workbench.dialogue.work import WORDS, State, Verb
from workbench.sandbox import codes


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
    _words(there, entries, [(draft.key, Verb(draft.kind), draft.text) for draft in drafts], ledger, found)
    _sends(there, entries, ledger, found)
    _receipts(portals, there, entries, ledger, found)
    for portal in portals:
        _snoozes(portal, entries, ledger, found)
        _ties(portal, found)
    for seat in stores:
        for portal in portals:
            _held(seat, portal, found)
        found.unreadable += seat.wrong


def _words(
    there: Sequence[Sent],
    entries: dict[str, Outgoing],
    drafts: Sequence[tuple[Key, Verb, str]],
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
            kind = Verb.NOTE if one.internal else Verb.RECEIPT if one.receipt else Verb.REPLY
            if (
                word is None
                or (word.key, word.kind) != (Key(one.portal, one.thread), kind)
                or word.author != one.author
            ):
                found.misdirected.append(f"{text} stands in {one.portal}/{one.thread} as a {kind} of {one.author}")
    waiting = [(entry.key, entry.verb, entry.text) for entry in entries.values() if entry.verb in WORDS]
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


def _receipts(
    portals: Sequence[Portal], there: Sequence[Sent], entries: dict[str, Outgoing], ledger: Ledger, found: Findings
) -> None:
    """Nobody gave two for the same words of the patient, and none was told to a Task or took a conversation."""
    staff = {
        (portal.name, each["id"])
        for portal in portals
        for each in portal.now("Communication")
        if each["sender"]["reference"].startswith("Practitioner/")
    }
    given: Counter[tuple[str, str, str, frozenset[str]]] = Counter()
    for one in there:
        made = entries.get(one.client_id) or ledger.queued.get(one.client_id)
        if one.receipt and made is not None and one.client_id not in ledger.thrown_away:
            seen = Seen.read(made.basis).messages
            words = frozenset(each for each in seen if (one.portal, each) not in staff)
            given[one.portal, one.thread, one.author, words] += 1
    found.doubled += [
        f"{times} receipts were given for the words {which}" for which, times in given.items() if times > 1
    ]
    for portal in portals:
        receipts = {f"Communication/{one.identity}" for one in there if one.receipt and one.portal == portal.name}
        for task in portal.now("Task"):
            told = [each["valueReference"]["reference"] for each in task.get("output", [])]
            found.misdirected += [f"a task was told that {each} answers it" for each in told if each in receipts]


def _snoozes(portal: Portal, entries: dict[str, Outgoing], ledger: Ledger, found: Findings) -> None:
    """What is snoozed hides no message that was there when it was put to sleep and that nobody had seen then.

    By the portal's own times; where somebody took a snooze out of the outbox by hand, what became of it is theirs.
    """
    for task in portal.now("Task"):
        if task["status"] != "on-hold":
            continue
        thread = task["focus"]["reference"].partition("/")[2]
        key = Key(portal.name, thread)
        put = [one for one in ledger.queued.values() if one.key == key and one.verb is Verb.SNOOZE]
        known = [entries[one.id] for one in put if one.id in entries and entries[one.id].state is Sending.SENT]
        if not known or any(one.id in ledger.touched for one in put):
            continue
        asleep = _since_when(portal.versions("Task", task["id"]))
        seen = {message for one in known for message in Seen.read(one.basis).messages}
        for each in portal.now("Communication"):
            mine = each.get("partOf") == [{"reference": f"Communication/{thread}"}]
            began = portal.versions("Communication", each["id"])[0]["meta"]["lastUpdated"]
            if (
                mine
                and each["sender"]["reference"].startswith("Patient/")
                and began < asleep
                and each["id"] not in seen
            ):
                found.lost.append(f"a snooze of {key} hides {each['id']}, which nobody had seen")


def _since_when(editions: Sequence[Resource]) -> str:
    """When a Task that is asleep was put to sleep, by the portal's clock."""
    when = ""
    for one in reversed(editions):
        if one["status"] != "on-hold":
            break
        when = one["meta"]["lastUpdated"]
    return when


def _came(portal: Portal, message: Resource) -> datetime:
    """When a message came to the portal: what it says itself is told by a clock that may be wrong."""
    first: str = portal.versions("Communication", message["id"])[0]["meta"]["lastUpdated"]
    return datetime.fromisoformat(first)


def _passed(portal: Portal, said: Sequence[Resource], last: datetime) -> bool:
    """Whether the last word is staff's and was written before the patient's last came: then it answers nothing."""
    came = [_came(portal, each) for each in said if each["sender"]["reference"].startswith("Patient/")]
    late = [each["sent"] for each in said if _came(portal, each) == last]
    return any(datetime.fromisoformat(sent) < max(came) < last for sent in late)


def _unanswered(seat: Seat, portal: Portal, thread: str, found: Findings) -> None:
    """A conversation whose last word is the patient's is shown so, whatever receipts were given."""
    parent = [{"reference": f"Communication/{thread}"}]
    said = [
        each
        for each in portal.now("Communication")
        if each.get("partOf") == parent
        and each["status"] != "entered-in-error"
        and codes.KINDS["receipt"] not in each["category"]
    ]
    times = sorted((_came(portal, each), each["sender"]["reference"]) for each in said)
    if not times or (len(times) > 1 and times[-1][0] == times[-2][0]):
        return
    items = seat.store.cache.page(Query(frozenset(State), portal=portal.name), 0, 100).items
    shown = next((item.from_patient for item in items if item.key.thread == thread), None)
    if shown and _passed(portal, said, times[-1][0]):
        return
    if shown is not times[-1][1].startswith("Patient/"):
        found.lost.append(f"{seat.name} shows {portal.name}/{thread} as {'un' if shown else ''}answered, and it is not")


def _ties(portal: Portal, found: Findings) -> None:
    """Whatever ties conversations together, they are of one patient: only workbenches have tied any."""
    for task in portal.now("Task"):
        here = task["focus"]["reference"].partition("/")[2]
        for each in task.get("input", []):
            other = each["valueReference"]["reference"].partition("/")[2]
            if THREADS[other] != THREADS[here] or other == here:
                found.misdirected.append(f"{portal.name}/{here} is tied to {other}, which is another patient's")


def _merged(seat: Seat, portal: Portal, held: Conversation, found: Findings) -> None:
    """What is done because it was merged is read in another conversation, every message of it."""
    thread = held.key.thread
    says = {
        each["valueReference"]["reference"].partition("/")[2]
        for task in portal.now("Task")
        if task["focus"]["reference"] == f"Communication/{thread}" and task["status"] == "completed"
        for each in task.get("input", [])
        if each["type"]["coding"][0]["code"] == "merged-into"
    }
    if not says or held.work.state is not State.DONE:
        return
    mine = {each.id for each in held.entries if isinstance(each, Message)}
    for kept in says:
        other = seat.store.cache.conversation(Key(portal.name, kept))
        read = next((one for one in other.merged if one.key.thread == thread), None) if other else None
        if read is not None and {each.id for each in read.entries if isinstance(each, Message)} == mine:
            return
    found.lost.append(f"{seat.name} reads {portal.name}/{thread} nowhere, which was merged into {says}")


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
        _unanswered(seat, portal, thread, found)
        _merged(seat, portal, held, found)
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
