"""Live mode: new patient messages keep arriving while the portal runs."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from workbench.sandbox import codes, index
from workbench.sandbox.scene import arrivals
from workbench.sandbox.search import run, understand
from workbench.sandbox.server import Lifespan
from workbench.sandbox.store import Store

_log = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two arrivals, on average."""
LEAST = 0.15
"""The shortest pause, as a part of the average."""
THREADS = "200"
"""So many conversations, the latest, may get one more message."""


def live(store: Store, seed: int, every: float = EVERY) -> Lifespan:
    """What lets messages arrive as long as the application runs.

    Args:
        store: where they are put.
        seed: of the scene; the same one gives the same messages in the same order.
        every: seconds between two of them, on average.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_arriving(store, seed, every))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan


def arrive(store: Store, seed: int) -> int:
    """Let the next message arrive.

    Returns:
        How many resources came with it.
    """
    with store.transaction():
        number = int(store.recall("arrivals") or 0)
        fresh = arrivals(seed, store.now(), number, _threads(store))
        for resource in fresh:
            store.write(resource, None, "POST")
        store.remember("arrivals", str(number + 1))
    return len(fresh)


async def _arriving(store: Store, seed: int, every: float) -> None:
    dice = random.Random(f"{seed}/pauses")  # noqa: S311 - a pause is no secret
    while True:
        await asyncio.sleep(every * max(LEAST, dice.expovariate(1)))
        try:
            await run_in_threadpool(arrive, store, seed)
        except Exception:
            _log.exception("no more messages arrive")
            raise


def _threads(store: Store) -> list[tuple[str, str]]:
    """The latest open conversations: id of the header, id of the patient."""
    asked = (("category", f"{codes.KIND}|thread"), ("status", "in-progress"), ("_sort", "-_lastUpdated"))
    page = run(understand("Communication", (*asked, ("_count", THREADS)), "", store), store)
    marks = ",".join("?" * len(page.seqs))
    rows = store.select(f"SELECT body FROM version WHERE seq IN ({marks}) ORDER BY seq", page.seqs)  # noqa: S608
    headers = [json.loads(body) for (body,) in rows]
    known = [(header["id"], index.reference_of(header.get("subject"))) for header in headers]
    return [(id_, who.removeprefix("Patient/")) for id_, who in known if who.startswith("Patient/")]
