"""What a store has acknowledged, and whether it is kept: the oracle of the kill proof.

It knows only what children told before they were killed, what the next child finds in the store, and what the portal
holds. Every text has a name of its own, so a text can be told wherever it turns up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.proofs.killing.forks import Told
from tests.proofs.killing.portal import Arrived, Shelf
from tests.proofs.killing.words import parts_of, words
from tests.proofs.verdict import COUNTS, Verdict
from workbench.dialogue.outgoing import Reason

WORDS = ("reply", "note")


@dataclass(slots=True)
class Text:
    """One text and what is promised about it."""

    thread: str
    kind: str
    patient: str
    saved: int = 0
    """Characters that were acknowledged."""
    sent: dict[str, int] = field(default_factory=dict)
    """Identifiers under which it was acknowledged to be queued, with how many characters it had."""
    files: list[str] = field(default_factory=list)
    """SHA-1 of each attachment that was acknowledged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text was found in a store."""

    thread: str
    kind: str
    text: str
    entry: str = ""
    """Identifier, for one in the outbox."""
    patient: str = ""


class Ledger:
    """All promises made by one store, and what was found to be broken."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        """How much was lost, doubled, misdirected, unreadable."""
        self.notes: list[str] = []
        self.recovered = 0
        """Sends that a kill left under way."""
        self._texts: dict[str, Text] = {}
        self._verbs: set[str] = set()
        self._acted: set[str] = set()
        """Conversations whose urgency was acknowledged to be on its way."""
        self._wishes: dict[str, list[str]] = defaultdict(list)
        """What each conversation's urgency may be now: the last that was acknowledged, and all wished since."""
        self._back: set[str] = set()
        """Identifiers that somebody began to take back."""
        self._known: set[tuple[str, str]] = set()

    def find(self, what: str, subject: str, words_: str) -> None:
        """Notes a broken promise, each but once."""
        if (what, subject) in self._known:
            return
        self._known.add((what, subject))
        self.found[what] += 1
        self.notes.append(f"{what}: {words_}")

    def verdict(self, proof: str, runs: int, seed: int, where: str) -> Verdict:
        """What was found, as a proof tells it; `where` names the life it was found in."""
        notes = tuple(f"{where}: {note}" for note in self.notes)
        return Verdict(proof, runs, seed, notes=notes, **{what: self.found[what] for what in COUNTS})

    # -- what is told

    def take(self, told: list[Told]) -> None:
        """Takes in what a child said, in its order."""
        for each in told:
            take = getattr(self, f"_take_{each.what.replace('-', '_')}", None)
            if take is not None:
                take(**each.values)

    def _take_begun(self, name: str, thread: str, kind: str, patient: str) -> None:
        self._texts.setdefault(name, Text(thread, kind, patient))

    def _take_saved(self, name: str, length: int) -> None:
        self._texts[name].saved = max(length, self._texts[name].saved)

    def _take_attached(self, name: str, sha1: str) -> None:
        self._texts[name].files.append(sha1)

    def _take_queued(self, id: str, lengths: dict[str, int]) -> None:  # noqa: A002 - as it is told
        for name, length in lengths.items():
            self._texts[name].sent[id] = length

    def _take_taking_back(self, id: str) -> None:  # noqa: A002
        self._back.add(id)

    def _take_left(self, id: str) -> None:  # noqa: A002
        self._back.discard(id)

    def _take_wished(self, thread: str, priority: str) -> None:
        self._wishes[thread].append(priority)

    def _take_acted(self, thread: str, priority: str, id: str) -> None:  # noqa: A002
        self._wishes[thread] = [priority]
        self._acted.add(thread)
        self._verbs.add(id)

    def _take_broken(self, trace: str) -> None:
        self.find("unreadable", trace, trace)

    def _take_stuck(self, status: str, entries: list[dict[str, Any]], **_: Any) -> None:
        left = [
            (each["id"], each["verb"], each["state"], each["reason"]) for each in entries if each["state"] != "sent"
        ]
        self.find("lost", status, f"the outbox did not empty: {left}, {status}")

    def _take_drained(self, checks: list[str], **held: Any) -> None:
        for check in checks:
            self.find("unreadable", check, check)
        self._take_opened(**held)

    def _take_opened(self, drafts: list[dict[str, str]], entries: list[dict[str, str]], **_: Any) -> None:
        """Looks whether a store holds every word that was acknowledged, each in one place."""
        self.recovered += sum(each["state"] == "unknown" for each in entries)
        places: dict[str, list[Place]] = defaultdict(list)
        for draft in drafts:
            for name, part in parts_of(draft["text"]).items():
                places[name].append(Place(draft["thread"], draft["kind"], part))
        for entry in entries:
            for name, part in parts_of(entry["text"]).items():
                place = Place(entry["thread"], entry["verb"], part, entry["id"], entry["patient"])
                places[name].append(place)
        there = {each["id"] for each in entries}
        for name, text in self._texts.items():
            self._check_place(name, text, places[name])
            for identity in text.sent.keys() - there - self._back:
                self.find("lost", identity, f"{name} was queued as {identity} and is not in the outbox")
        for identity in self._verbs - there - self._back:
            self.find("lost", identity, f"the verb {identity} was queued and is not in the outbox")

    def _check_place(self, name: str, text: Text, places: list[Place]) -> None:
        if not places:
            if text.saved:
                self.find("lost", name, f"{name} was saved with {text.saved} characters and is nowhere")
            return
        if len(places) > 1:
            self.find("doubled", name, f"{name} stands in {len(places)} places: {places}")
        for place in places:
            owed = max(text.saved, text.sent.get(place.entry, 0))
            if place.text != words(name, len(place.text)) or len(place.text) < owed:
                self.find("lost", name, f"{name} was saved with {owed} characters and is {place.text!r}")
            if (place.thread, place.kind) != (text.thread, text.kind) or (
                place.entry and place.patient != text.patient
            ):
                self.find("misdirected", name, f"{name} was written in {text} and is in {place}")

    # -- what the portal holds

    def check_portal(self, shelf: Shelf, drained: dict[str, Any]) -> None:
        """Looks whether a portal holds what was sent, once each and where it belongs, after everything has left.

        Args:
            shelf: What it holds.
            drained: What the child told that saw it leave.
        """
        arrived: dict[str, list[Arrived]] = defaultdict(list)
        for each in shelf.arrived:
            for name in each.parts:
                arrived[name].append(each)
        drafts = {name for draft in drained["drafts"] for name in parts_of(draft["text"])}
        sent = {e["id"]: e for e in drained["entries"] if e["verb"] in WORDS and e["state"] == "sent"}
        stuck = {each["thread"] for each in drained["entries"] if each["state"] == "needs-you"}
        stopped = {
            e["id"] for e in drained["entries"] if e["thread"] in stuck and e["state"] in ("needs-you", "queued")
        }
        copies = Counter(each.client_id for each in shelf.arrived)
        for identity, entry in sent.items():
            if copies[identity] != 1:
                what = "doubled" if copies[identity] else "lost"
                self.find(what, identity, f"{identity} is called sent, and {copies[identity]} are there: {entry}")
        for name, there in arrived.items():
            if len(there) + (name in drafts) > 1:
                also = " and as a draft" if name in drafts else ""
                self.find("doubled", name, f"{name} is there {len(there)} times{also}: {there}")
        for each in shelf.arrived:
            self._check_arrived(each, sent.get(each.client_id))
        for name, text in self._texts.items():
            if text.sent.keys() - self._back - stopped and name not in arrived:
                self.find("lost", name, f"{name} was queued and is not on the portal")
        for thread, wishes in self._wishes.items():
            urgency = shelf.priorities.get(thread)
            if urgency not in (*wishes, None) and thread in self._acted:
                self.find("lost", thread, f"{thread} was to be {wishes} and is {urgency}")
        unseen = shelf.ids - set(drained["pulled"])
        if unseen:
            self.find("lost", "pull", f"{len(unseen)} things of the portal are not held: {sorted(unseen)[:5]}")

    def check_stops(self, shelf: Shelf, drained: dict[str, Any]) -> None:
        """Looks, where nobody but one user is at work, whether all that stopped had to.

        Only a reply that was written before all of its conversation had come does not know the last word.
        """
        for each in drained["entries"]:
            unseen = shelf.others.get(each["thread"], frozenset()) - set(each["seen"])
            rightly = each["verb"] == "reply" and each["reason"] == Reason.NEW_ACTIVITY and unseen
            if each["state"] == "needs-you" and not rightly:
                self.find("lost", each["id"], f"{each} stopped without cause")

    def _check_arrived(self, one: Arrived, entry: dict[str, str] | None) -> None:
        if entry is None or not one.parts.keys() <= self._texts.keys():
            self.find("doubled", one.client_id, f"{one} came under an identifier that no sent entry has")
            return
        if one.text != entry["text"]:
            self.find("lost", one.client_id, f"{one} arrived with other words than {entry['text']!r}")
        texts = [self._texts[name] for name in one.parts]
        for text in texts:
            right = (text.thread, text.kind, text.patient if text.kind == "reply" else "")
            if (one.thread, one.kind, one.subject) != right:
                self.find("misdirected", one.client_id, f"{one} was written in {text}")
        owed = Counter(file for text in texts for file in text.files)
        if owed - Counter(one.files):
            self.find("lost", one.client_id, f"{one} should have the attachments {dict(owed)}")
