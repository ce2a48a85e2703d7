"""A portal of its own for each test module, on loopback, over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from workbench.sandbox.faults.switchboard import Handing
from workbench.sandbox.server import Around, Lifespan, create_app
from workbench.sandbox.store import Store
from workbench.sandbox.subscriptions import Subscriptions

FHIR = "application/fhir+json"
PATCH = "application/json-patch+json"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SYSTEM = "urn:example:test"

Resource = dict[str, Any]


class Portal:
    """A running portal, and the few calls that every test needs."""

    def __init__(self, base: str, store: Store) -> None:
        self.base = base
        self.store = store
        self.http = httpx.Client(timeout=30, headers={"Accept": FHIR}, trust_env=False, verify=False)

    def ask(self, method: str, path: str = "", body: Any = None, kind: str = FHIR, **headers: str) -> httpx.Response:
        content = body if isinstance(body, str | bytes | None) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if content is not None:
            named["Content-Type"] = kind
        url = path if path.startswith("http") else f"{self.base}/{path}".rstrip("/")
        return self.http.request(method, url, content=content, headers=named)

    def create(self, kind: str, **elements: Any) -> Resource:
        answer = self.ask("POST", kind, {"resourceType": kind, **elements})
        assert answer.status_code == 201, answer.text
        made: Resource = answer.json()
        return made

    def batch(self, entries: Sequence[Resource]) -> list[Resource]:
        """The entries that answer a batch of any length."""
        told: list[Resource] = []
        for start in range(0, len(entries), 500):
            body = {"resourceType": "Bundle", "type": "batch", "entry": entries[start : start + 500]}
            answer = self.ask("POST", "", body)
            assert answer.status_code == 200, answer.text
            told += answer.json()["entry"]
        return told

    def all_found(self, queries: Sequence[str]) -> None:
        """Assert that each of these searches is answered."""
        answers = self.batch([{"request": {"method": "GET", "url": query}} for query in queries])
        for query, answer in zip(queries, answers, strict=True):
            assert answer["response"]["status"] == "200 OK", (query, answer)

    def found(self, query: str, mode: str = "match") -> list[str]:
        """The ids a search finds, in order."""
        answer = self.ask("GET", query)
        assert answer.status_code == 200, answer.text
        return ids(answer, mode)


def ids(answer: httpx.Response, mode: str = "match") -> list[str]:
    entries = answer.json().get("entry", [])
    return [entry["resource"]["id"] for entry in entries if entry["search"]["mode"] == mode]


def refused(answer: httpx.Response, status: int) -> Resource:
    """The first issue of the OperationOutcome that a refusal must carry."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"].startswith(FHIR)
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    issue: Resource = outcome["issue"][0]
    assert issue["severity"] == "error"
    assert issue["code"]
    assert len(issue["details"]["text"]) > 10
    return issue


@contextmanager
def running(
    store: Store,
    around: Sequence[Around] = (),
    lifespan: Lifespan | None = None,
    subscriptions: Subscriptions | None = None,
) -> Iterator[Portal]:
    """The portal over a store, for as long as the block lasts."""
    # asyncio turns Nagle's delay (40 ms an answer) off only where the protocol is named.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        app = create_app(store, around=around, lifespan=lifespan, subscriptions=subscriptions)
        config = uvicorn.Config(
            app,
            http=Handing,
            log_level="warning",
            date_header=False,
            timeout_keep_alive=75,  # as the portal itself has it: no test meets a connection that is being closed
            ws="websockets-sansio" if subscriptions else "none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        portal = Portal(f"http://127.0.0.1:{listener.getsockname()[1]}/fhir", store)
        try:
            yield portal
        finally:
            portal.http.close()
            server.should_exit = True
            thread.join()


@contextmanager
def fresh_store(path: Path | None = None, seed: int = 1) -> Iterator[Store]:
    store = Store(path, lambda: NOW, seed)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with fresh_store() as store, running(store) as made:
        yield made


@pytest.fixture(scope="module")
def patient(portal: Portal) -> str:
    """The id of a patient."""
    return str(portal.create("Patient", name=[{"family": "Nordmann", "given": ["Kari"]}])["id"])


def message(patient: str, **more: Any) -> Resource:
    """A message of a patient, to be created."""
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": {"reference": f"Patient/{patient}"},
        "sender": {"reference": f"Patient/{patient}"},
        "payload": [{"contentString": "Hei ✉"}],
        **more,
    }


def concept(code: str, system: str = SYSTEM) -> Resource:
    return {"coding": [{"system": system, "code": code}]}
