"""A whole session pulls from a portal whose lists and clock lead astray all the time: everything is held in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.sandbox.conftest import Portal as Sandbox
from tests.sandbox.conftest import Resource, concept, fresh_store, running
from tests.session.live import KEY, NAME, Live, now
from workbench.dialogue.key import Key
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Query
from workbench.dialogue.work import State
from workbench.sandbox.codes import KIND
from workbench.sandbox.faults.plan import Plan
from workbench.sandbox.faults.spelling import faults_of
from workbench.sandbox.faults.switchboard import switchboard
from workbench.session import Session
from workbench.store.store import Store

FAULTS = (
    "shifting",
    "reused-search:60",
    "stubborn-search:1",
    "truncated",
    "looping@search-Communication",
    "duplicate",
    "skew:3600",
    "skew:-3600",
)
PAGE = 3
"""Resources a page, so that there are many."""


@contextmanager
def portal(fault: str) -> Iterator[Sandbox]:
    plan = Plan(tuple(faults_of([fault])))
    with fresh_store() as store, running(store, around=[switchboard(plan)]) as made:
        yield made


def conversation(sandbox: Sandbox, number: int) -> str:
    """A conversation with two messages, made behind the back of the switchboard."""
    who = _made(sandbox, {"resourceType": "Patient", "name": [{"family": f"Nordmann {number}"}]})
    me = {"reference": f"Patient/{who}"}
    common = {"resourceType": "Communication", "status": "in-progress", "subject": me, "sender": me}
    header = _made(sandbox, common | {"category": [concept("thread", KIND)], "topic": {"text": f"Sak {number}"}})
    for text in ("først", "så"):
        write(sandbox, header, f"{text} {number}", common)
    return header


def write(sandbox: Sandbox, thread: str, text: str, common: Resource) -> str:
    parent = [{"reference": f"Communication/{thread}"}]
    return _made(sandbox, common | {"partOf": parent, "payload": [{"contentString": text}]})


def _made(sandbox: Sandbox, resource: Resource) -> str:
    store = sandbox.store
    with store.transaction():
        return store.write(resource | {"id": store.next_id()}, None, "POST").id


@pytest.mark.parametrize("fault", FAULTS)
async def test_everything_comes_and_what_is_deleted_goes(tmp_path: Path, fault: str) -> None:
    with portal(fault) as sandbox:
        threads = [conversation(sandbox, number) for number in range(8)]
        store = Store.open(tmp_path, KEY, clock=now, uuid=uuid4)
        doctor = _made(sandbox, {"resourceType": "Practitioner", "name": [{"family": "Lege"}]})
        people = {NAME: Me(NAME, f"Practitioner/{doctor}", "", Role.CLINICIAN)}
        make = lambda: [Portal(NAME, Http(Base(sandbox.base)), page=PAGE)]  # noqa: E731
        session = Session(store, make, people, clock=now, poll=0.1)
        live = Live(session, store)
        await session.start()
        try:
            for thread in threads:
                await live.held(thread, entries=2)
            threads += [conversation(sandbox, number) for number in range(8, 12)]
            for thread in threads:
                await live.held(thread, entries=2)
            for gone in (threads.pop(2), threads.pop(-1)):
                found = sandbox.store.read("Communication", gone)
                assert found
                sandbox.store.delete(found)

            async def look() -> bool:
                page = await session.page(Query(frozenset(State)), 0, 100)
                return {item.key.thread for item in page.items} == set(threads)

            assert await live.until(look)
            for thread in threads:
                shown = await session.conversation(Key(NAME, thread))
                assert shown
                assert len(shown.entries) == 2
        finally:
            await session.close()
            store.close()
