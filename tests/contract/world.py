"""A small site, made on a portal over plain HTTP, and our client on it with every request written down."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from client.conventions import Conventions
from client.http import KEPT, Http
from client.origin import Base
from client.portal import Portal
from workbench.dialogue.people import Me, Role

Resource = dict[str, Any]
OWN = Conventions()
WHEN = datetime(2026, 3, 5, 12, 30, 15, 250000, UTC)
PERSONNEL = "urn:oid:2.16.578.1.12.4.1.1.9060"


class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on and remembers them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._network = httpx.AsyncHTTPTransport(verify=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


def concept(system: str, code: str, display: str = "") -> Resource:
    return {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}


def kind(code: str) -> Resource:
    return concept(OWN.kind_system, code)


def reference(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def to(resource: Resource) -> Resource:
    return {"reference": reference(resource)}


@dataclass
class World:
    """What stands on the portal."""

    base: str
    raw: httpx.AsyncClient
    recorder: Recorder
    portal: Portal
    things: dict[str, Resource] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Resource:
        return self.things[name]

    def ref(self, name: str) -> str:
        return reference(self.things[name])

    def id(self, name: str) -> str:
        return str(self.things[name]["id"])

    @property
    def me(self) -> Me:
        return Me("here", self.ref("doctor"), "Kari Nordmann", Role.CLINICIAN)

    @property
    def readers(self) -> tuple[str, ...]:
        """Who on the patient's side reads what is answered in the conversation."""
        return self.ref("patient"), self.ref("mother")

    @property
    def colleague(self) -> Me:
        return Me("here", self.ref("secretary"), "Lise Sekretær", Role.SUPPORT)

    async def make(self, resource: Resource, name: str = "") -> Resource:
        """Create a resource over plain HTTP; what is None is left out."""
        resource = {element: value for element, value in resource.items() if value is not None}
        answer = await self.raw.post(
            f"/{resource['resourceType']}",
            json=resource,
            headers={"Content-Type": "application/fhir+json", "Prefer": "return=representation"},
        )
        assert answer.status_code == 201, answer.text
        made: Resource = answer.json()
        if name:
            self.things[name] = made
        return made

    async def now(self, ref: str) -> Resource:
        """A resource as the portal holds it now."""
        answer = await self.raw.get(f"/{ref}")
        assert answer.status_code == 200, answer.text
        held: Resource = answer.json()
        return held

    async def found(self, kind: str, **params: str) -> list[Resource]:
        """What a search gives over plain HTTP, first page."""
        query = {name.replace("__", "-"): value for name, value in params.items()}
        answer = await self.raw.get(f"/{kind}", params=query, headers={"Cache-Control": "no-cache"})
        assert answer.status_code == 200, answer.text
        return [entry["resource"] for entry in answer.json().get("entry", [])]

    async def with_identifier(self, client_id: str) -> list[Resource]:
        return await self.found("Communication", identifier=f"{OWN.client_id_system}|{client_id}")

    async def post(self, thread: str, text: str, name: str = "", **more: Any) -> Resource:
        """A message from the patient in a thread (the name of its header)."""
        return await self.make(
            {
                "resourceType": "Communication",
                "status": "in-progress",
                "category": [kind("message")],
                "partOf": [to(self[thread])],
                "subject": to(self["patient"]),
                "sender": to(self["patient"]),
                "recipient": [to(self["doctor"])],
                "sent": "2026-03-05T08:15:00+01:00",
                "payload": [{"contentString": text}],
            }
            | more,
            name,
        )

    async def kept(self, content: bytes, media: str) -> str:
        """A file at the portal; its address."""
        answer = await self.raw.post("/Binary", content=content, headers={"Content-Type": media})
        assert answer.status_code == 201, answer.text
        where = answer.headers["location"].split("/")
        return f"Binary/{where[where.index('Binary') + 1]}"

    async def discharge(self, file: Resource) -> None:
        """An *epikrise* in the patient's record, which is a file."""
        await self.make(
            {
                "resourceType": "DocumentReference",
                "status": "current",
                "docStatus": "final",
                "subject": to(self["patient"]),
                "description": "Epikrise",
                "content": [{"attachment": file}],
            }
        )

    async def thread(self, name: str, **more: Any) -> Resource:
        """The header of a dialogue between the patient's side and staff."""
        people = ("patient", "mother", "doctor", "secretary")
        return await self.make(
            {
                "resourceType": "Communication",
                "status": "in-progress",
                "category": [kind("thread"), concept(OWN.category_system, "reseptfornyelse")],
                "topic": {"text": "Fornye resept"},
                "subject": to(self["patient"]),
                "sender": to(self["patient"]),
                "recipient": [to(self[each]) for each in people],
            }
            | more,
            name,
        )

    async def task(self, thread: str, name: str, **more: Any) -> Resource:
        """The Task of a thread, unclaimed."""
        return await self.make(
            {
                "resourceType": "Task",
                "status": "requested",
                "intent": "order",
                "priority": "routine",
                "code": concept(OWN.task_system, "respond"),
                "focus": to(self[thread]),
                "for": to(self["patient"]),
                "authoredOn": "2026-03-05T08:15:00+01:00",
                "performerType": [concept(OWN.pool_system, "legekontor")],
                "reasonCode": concept(OWN.category_system, "reseptfornyelse"),
                "restriction": {"period": {"end": "2026-03-12"}},
            }
            | more,
            name,
        )

    async def people(self) -> None:
        """A patient with a mother, an office, a doctor and a secretary with their roles."""
        await self.make(
            {
                "resourceType": "Patient",
                "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "12837916753"}],
                "name": [
                    {"use": "maiden", "family": "Hansen"},
                    {"use": "official", "family": "Solberg", "given": ["Ingrid"]},
                ],
                "birthDate": "1979-03-12",
                "gender": "female",
            },
            "patient",
        )
        await self.make(
            {
                "resourceType": "RelatedPerson",
                "patient": to(self["patient"]),
                "name": [{"text": "Mor Solberg"}],
                "relationship": [{"text": "mor"}],
            },
            "mother",
        )
        await self.make({"resourceType": "Organization", "name": "Prøvelegene"}, "office")
        for name, given, family, code, pools in (
            ("doctor", "Kari", "Nordmann", ("LE", "Lege"), ("legekontor", "resept")),
            ("secretary", "Lise", "Sekretær", ("HE", "Helsesekretær"), ("legekontor",)),
        ):
            job = concept(PERSONNEL, *code)
            await self.make(
                {
                    "resourceType": "Practitioner",
                    "name": [{"family": family, "given": [given]}],
                    "qualification": [{"code": job}],
                },
                name,
            )
            await self.make(
                {
                    "resourceType": "PractitionerRole",
                    "active": True,
                    "practitioner": to(self[name]),
                    "organization": to(self["office"]),
                    "code": [job, *(concept(OWN.pool_system, pool, pool.capitalize()) for pool in pools)],
                },
                f"{name}'s role",
            )


@pytest_asyncio.fixture
async def world(portal_base: str) -> AsyncIterator[World]:
    """A site with one conversation of one message and its Task.

    Afterwards every request our client made is looked at: none uses `:missing`, and none is a PUT.
    """
    async with AsyncExitStack() as stack:
        headers = {"Accept": "application/fhir+json"}
        raw = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=portal_base,
                headers=headers,
                trust_env=False,
                verify=False,
                limits=httpx.Limits(keepalive_expiry=KEPT),
            )
        )
        recorder = Recorder()
        http = Http(Base(portal_base), transport=recorder)
        portal = await stack.enter_async_context(Portal("here", http))
        made = World(portal_base, raw, recorder, portal)
        await made.people()
        await made.thread("header")
        await made.post("header", "Jeg trenger mer Levaxin.", "question")
        await made.task("header", "task")
        yield made
        for request in recorder.requests:
            assert ":missing" not in str(request.url) + request.content.decode("latin-1")
            assert request.method in ("GET", "POST", "PATCH")


def unique() -> str:
    return str(uuid4())
