"""One simulated portal: the sandbox's own interactions, without a socket, and what really stands on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workbench.sandbox import codes
from workbench.sandbox.exchange import Answer, Call
from workbench.sandbox.load import prepared
from workbench.sandbox.portal import answer
from workbench.sandbox.store import Store

Resource = dict[str, Any]
STAFF = {"kari": "Kari Nordmann", "lise": "Lise Sekretær", "nils": "Nils Berg"}
PATIENTS = {"ola": "Ola Hansen", "eva": "Eva Lie"}
THREADS = {"t0": "ola", "t1": "eva", "t2": "ola"}
"""Conversations, with whom they are; named alike on every portal, so that nothing but the portal tells them apart."""


class Portal:
    """A portal that can be put back to how it began."""

    def __init__(self, name: str, start: datetime) -> None:
        self.name = name
        self.base = f"http://{name}.localhost/fhir"
        self.clock: Callable[[], datetime] = lambda: start
        self.store = Store(None, lambda: self.clock(), 1)
        self.store.load(prepared(scene(start)))

    def do(self, method: str, *path: str, content: object = None, **headers: str) -> Resource:
        """What somebody does there by other means than a workbench; it must go well."""
        told = self.ask(Call(method, path, self.base, (), headers, content))
        assert told.status < 300, (method, path, told.body)
        return json.loads(told.body) if told.body else {}

    def ask(self, call: Call) -> Answer:
        """What the portal says to a call."""
        return answer(self.store, call)

    def now(self, kind: str) -> list[Resource]:
        """Everything of a type that stands there, in the order of its last change."""
        rows = self.store.select(f'SELECT v.body FROM "{kind}" r JOIN version v ON v.seq = r.seq ORDER BY v.seq')
        return [json.loads(body) for (body,) in rows]

    def read(self, kind: str, identity: str) -> Resource | None:
        """One resource as it stands there, None when it is not there."""
        version = self.store.read(kind, identity)
        return json.loads(version.body) if version and not version.is_deleted else None

    def versions(self, kind: str, identity: str) -> list[Resource]:
        """All that a resource ever was, oldest first."""
        version = self.store.read(kind, identity)
        past = self.store.history(version) if version else []
        return [json.loads(one.body) for one in reversed(past) if one.body]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or note of ours as it stands on a portal."""

    portal: str
    thread: str
    """The header it is under; for a note the conversation that its side thread is about."""
    internal: bool
    words: str
    author: str
    readers: frozenset[str]
    identity: str
    client_id: str
    receipt: bool = False


def sent(portal: Portal) -> list[Sent]:
    """All that staff wrote on a portal through a workbench."""
    found = portal.now("Communication")
    about = {each["id"]: each["about"][0]["reference"].split("/")[1] for each in found if each.get("about")}
    made = []
    for each in found:
        names = [one["value"] for one in each.get("identifier", []) if one["system"] == codes.CLIENT_ID]
        if not names or not each.get("partOf"):
            continue
        parent = each["partOf"][0]["reference"].split("/")[1]
        people = frozenset(one["reference"] for one in each.get("recipient", []))
        words = " ".join(part.get("contentString", "") for part in each.get("payload", []))
        author = each["sender"]["reference"]
        outside = frozenset(who for who in people if not who.startswith("Practitioner/"))
        receipt = codes.KINDS["receipt"] in each["category"]
        thread = about.get(parent, parent)
        made.append(Sent(portal.name, thread, parent in about, words, author, outside, each["id"], names[0], receipt))
    return made


def scene(start: datetime) -> list[Resource]:
    """A small clinic, complete, as of an hour before the start."""
    made: list[Resource] = []

    def add(kind: str, identity: str, **more: Any) -> None:
        moment = start - timedelta(hours=1) + timedelta(seconds=len(made))
        stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        made.append({"resourceType": kind, "id": identity, "meta": {"lastUpdated": stamp}, **more})

    for name, whole in {**STAFF, **PATIENTS}.items():
        given, family = whole.split()
        add("Practitioner" if name in STAFF else "Patient", name, name=[{"given": [given], "family": family}])
    add(
        "RelatedPerson",
        "mor",
        patient={"reference": "Patient/ola"},
        name=[{"given": ["Mari"], "family": "Hansen"}],
        active=True,
    )
    for thread, patient in THREADS.items():
        whose = {"reference": f"Patient/{patient}"}
        recipient = [whose, {"reference": "Practitioner/kari"}]
        recipient += [{"reference": "RelatedPerson/mor"}] if thread == "t2" else []
        add(
            "Communication",
            thread,
            status="in-progress",
            category=[codes.KINDS["thread"], codes.CATEGORIES["e-kontakt"]],
            topic={"text": f"Sak {thread}"},
            subject=whose,
            sender=whose,
            recipient=recipient,
        )
        add("Communication", f"{thread}-m0", **message(thread, patient, f"hei {thread}", start))
        add("Task", f"{thread}-task", **task(thread, patient, start))
    return made


def message(thread: str, patient: str, text: str, when: datetime) -> Resource:
    """What a patient writes, without type and id."""
    whose = {"reference": f"Patient/{patient}"}
    return {
        "status": "in-progress",
        "category": [codes.KINDS["message"]],
        "partOf": [{"reference": f"Communication/{thread}"}],
        "subject": whose,
        "sender": whose,
        "recipient": [{"reference": "Practitioner/kari"}],
        "sent": when.isoformat(timespec="milliseconds"),
        "payload": [{"contentString": text}],
    }


def task(thread: str, patient: str, when: datetime) -> Resource:
    """The work on a conversation, without type and id."""
    return {
        "status": "requested",
        "intent": "order",
        "priority": "routine",
        "code": codes.TASKS["respond"],
        "businessStatus": codes.BUSINESS["new"],
        "focus": {"reference": f"Communication/{thread}"},
        "for": {"reference": f"Patient/{patient}"},
        "performerType": [codes.POOLS["legekontor"]],
        "authoredOn": when.isoformat(timespec="milliseconds"),
    }
