"""On the last working day before a weekend or a holiday, what falls due over it stands in a queue of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.contract.world import World
from tests.session.live import KEY, NAME, Live, portals
from workbench.dialogue.people import Me, Role
from workbench.office_config import default_rules
from workbench.session import Session
from workbench.store.store import Store

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("now", "listed", "later"),
    [
        pytest.param(
            "2026-03-06T10:00",
            ("2026-03-06T09:00", "2026-03-08T12:00", "2026-03-09T08:00", "2026-03-09T15:30"),
            "2026-03-09T15:31",
            id="Friday",
        ),
        pytest.param(
            "2026-04-01T10:00",
            ("2026-04-01T15:30", "2026-04-03T12:00", "2026-04-07T08:00", "2026-04-07T15:30"),
            "2026-04-07T15:31",
            id="Easter",
        ),
        pytest.param("2026-03-05T10:00", (), "2026-03-06T15:30", id="Thursday"),
    ],
)
async def test_what_falls_due_before_work_goes_on_is_listed(
    world: World, tmp_path: Path, now: str, listed: tuple[str, ...], later: str
) -> None:
    for due in (*listed, later):
        end = datetime.fromisoformat(due).replace(tzinfo=OSLO).isoformat()
        await world.thread(due, topic={"text": due})
        await world.post(due, "Hei")
        await world.task(due, f"task {due}", restriction={"period": {"end": end}})
    shown = ["overdue", "guard", "waiting"] if listed else ["overdue", "waiting"]
    moment = datetime.fromisoformat(now).replace(tzinfo=OSLO)
    store = Store.open(tmp_path, KEY, clock=lambda: moment, uuid=uuid4)
    people = {NAME: Me(NAME, world.ref("doctor"), "", Role.SUPPORT)}
    session = Session(
        store, portals({NAME: world.base}), people, clock=lambda: moment, poll=0.5, deadlines=default_rules()
    )
    live = Live(session, store)
    await session.start()
    try:
        for due in (*listed, later):
            await live.held(world.id(due), entries=1)
        queues = await session.queues()
        assert [queue.name for queue in queues if queue.name in ("overdue", "guard", "waiting")] == shown
        for query in (queue.query for queue in queues if queue.name == "guard"):
            page = await session.page(query, 0, 1000)
            threads = {item.key.thread for item in page.items}
            assert [due for due in (*listed, later) if world.id(due) in threads] == list(listed)
            assert await session.counts([query]) == (page.total,) == (len(page.items),)
        coming = next(line.figure for line in (await session.handover()).lines if line.name == "due")
        threads = {item.key.thread for item in (await session.page(coming.query, 0, 1000)).items}
        told = list(listed) or [later]
        assert [each for each in (*listed, later) if world.id(each) in threads] == told, "the next shift is told of it"
        assert coming.n == len(threads)
    finally:
        await session.close()
