"""A FHIR server in memory whose habits a test bends, and a workbench on it: the real client, store and turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.contract import habits
from tests.contract.world import OWN, concept, kind
from workbench.desk.desk import Desk
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Item
from workbench.dialogue.site import Site
from workbench.dialogue.status import Connection, PortalStatus
from workbench.store.store import Store
from workbench.sync.ports import PortalPort
from workbench.sync.turn import Outcome, Turn, World

Resource = dict[str, Any]
T = TypeVar("T")
HOST: Final = "portal.example"
BASE: Final = f"https://{HOST}/fhir"
CHEST: Final = "Vondt i brystet"
"""Words that raise a flag here."""
SITE: Final = Site("test", flag_of=lambda text: ("chest", text) if CHEST in text else ("", ""))
ME: Final = Me("p", "Practitioner/kari", "Kari", Role.CLINICIAN)


Sit = Callable[["Server"], "Served"]
"""Sits down at a server."""


def iso(when: datetime) -> str:
    """As portals write it."""
    return when.isoformat(timespec="milliseconds")


class Server(habits.Server):
    """One patient, two of staff, and whatever a test puts there; references are not checked, as on many servers."""

    def __init__(self) -> None:
        super().__init__(BASE)
        self.puts({"resourceType": "Patient", "name": [{"text": "Ola Nordmann"}], "birthDate": "1970-01-01"}, "ola")
        for name in ("kari", "lise"):
            self.puts({"resourceType": "Practitioner", "name": [{"text": name.title()}]}, name)

    def puts(self, resource: Resource, identity: str, *, changed: datetime | None = None) -> Resource:
        """Holds a resource, or a new edition of it; `changed` is when, for one that is not of now."""
        ref = f"{resource['resourceType']}/{identity}"
        editions = self.store.editions.setdefault(ref, [])
        updated = iso(changed or datetime.now(UTC))
        meta = {"versionId": str(len(editions) + 1), "lastUpdated": updated}
        editions.append({name: told for name, told in resource.items() if told is not None} | {"id": identity})
        made = editions[-1]
        assert made is not None
        made["meta"] = meta
        self.store.log.append((updated, ref, made, meta["versionId"]))
        return made

    def header(self, identity: str = "h", **more: Any) -> Resource:
        """A conversation of the patient with Kari."""
        own: Resource = {
            "resourceType": "Communication",
            "status": "in-progress",
            "category": [kind("thread")],
            "topic": {"text": "Spørsmål"},
            "subject": {"reference": "Patient/ola"},
            "sender": {"reference": "Patient/ola"},
            "recipient": [{"reference": "Patient/ola"}, {"reference": "Practitioner/kari"}],
        }
        return self.puts(own | more, identity)

    def post(self, identity: str, text: str, parent: str = "h", **more: Any) -> Resource:
        """A message of the patient's, now."""
        own: Resource = {
            "resourceType": "Communication",
            "status": "in-progress",
            "category": [kind("message")],
            "partOf": [{"reference": f"Communication/{parent}"}],
            "subject": {"reference": "Patient/ola"},
            "sender": {"reference": "Patient/ola"},
            "sent": iso(datetime.now(UTC)),
            "payload": [{"contentString": text}],
        }
        return self.puts(own | more, identity)

    def task(self, identity: str = "t", thread: str = "h", *, changed: datetime | None = None, **more: Any) -> Resource:
        """The work on a conversation."""
        own: Resource = {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "code": concept(OWN.task_system, "respond"),
            "focus": {"reference": f"Communication/{thread}"},
            "for": {"reference": "Patient/ola"},
            "authoredOn": "2026-01-01T00:00:00Z",
        }
        return self.puts(own | more, identity, changed=changed)

    def dialogue(self, words: str = "Hei", **task: Any) -> None:
        """A conversation with one message, `m`, and the work on it."""
        self.header()
        self.post("m", words)
        self.task(**task)

    def said(self, text: str) -> list[Resource]:
        """All messages of these words."""
        newest = [editions[-1] for editions in self.store.editions.values() if editions[-1]]
        return [deepcopy(each) for each in newest if each.get("payload") == [{"contentString": text}]]


class Served:
    """A workbench without screen and threads, on a server in memory; its clock is moved by the test."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        self.asked: list[str] = []
        """Method, path and query of every request."""
        self.loop = asyncio.new_event_loop()
        self.seconds = 0.0
        self._began = datetime.now(UTC)
        dice = Random(7)
        self.portal = Portal("p", Http(Base(BASE), transport=self._transport(), sleep=_at_once))
        self.store = Store.open(
            folder / "store", bytes(32), clock=self.clock, uuid=lambda: UUID(int=dice.getrandbits(128)), site=SITE
        )
        self.store.outbox.acquire("test")
        self.desk = Desk(self.store, lambda _: ME, self.clock)
        world = World(
            self.store.cache,
            self.store.outbox,
            self.clock,
            lambda: self.seconds,
            Random(1),
            15.0,
            lambda _: ME,
            _introduce,
        )
        self.turn = Turn(self.portal, world, PortalStatus("p", Connection.CONNECTING))

    def _transport(self) -> httpx.AsyncBaseTransport:
        async def answered(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path}?{request.url.query}")
            return await self.server.answer(request)

        every = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        return httpx.ASGITransport(Starlette(routes=[Route("/fhir{rest:path}", answered, methods=every)]))

    def clock(self) -> datetime:
        return self._began + timedelta(seconds=self.seconds)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def take(self) -> Outcome:
        """One turn."""
        return self.run(self.turn.take(sends=True))

    def sync(self) -> Outcome:
        """Turns until a round of pulling has ended and nothing moves."""
        self.turn.hurry()
        for _ in range(200):
            outcome = self.take()
            if outcome.ended and not outcome.moved:
                return outcome
            self.seconds += outcome.wake
        raise AssertionError(f"it does not come to rest: {outcome.status}")

    def turns(self, count: int = 60) -> Outcome:
        """So many turns, however they go."""
        for _ in range(count):
            outcome = self.take()
            self.seconds += max(outcome.wake, 1)
        return outcome

    def item(self, thread: str = "h") -> Item:
        """Its row in the list."""
        return self.store.cache.rows([Key("p", thread)])[Key("p", thread)]

    def conversation(self, thread: str = "h") -> Conversation:
        found = self.desk.conversation(Key("p", thread))
        assert found is not None
        return found

    def texts(self, thread: str = "h") -> list[str]:
        """What is read in a conversation."""
        return [entry.text for entry in self.conversation(thread).entries]

    def reply(self, text: str, thread: str = "h") -> Outgoing:
        """Puts a reply in the outbox, written by who has just read the conversation."""
        draft = self.desk.save_draft(Draft(Key("p", thread), ME.reference, Kind.REPLY, text))
        return self.desk.send(draft, self.conversation(thread))

    def entry(self, out: Outgoing) -> Outgoing:
        """How it stands now."""
        found = self.store.outbox.get(out.id)
        assert found is not None
        return found

    def close(self) -> None:
        """Once or more often."""
        if self.loop.is_closed():
            return
        self.run(self.portal.close())
        self.store.close()
        self.loop.close()


async def _at_once(_seconds: float) -> None:
    return


async def _introduce(_portal: PortalPort) -> None:
    return
