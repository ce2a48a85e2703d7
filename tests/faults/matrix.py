"""Faults against calls, over real HTTP: what a call does under a fault, and whether everything is whole afterwards."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import httpx

from client.errors import PortalError
from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.contract.world import Recorder, World
from tests.faults.calls import CALLS, PATIENT, SOON, Cell, PortalCall, anew, cell_of, filled
from tests.sandbox.conftest import fresh_store, running
from workbench.sandbox.faults.kinds import ELSEWHERE
from workbench.sandbox.faults.plan import Fault, Plan, samples
from workbench.sandbox.faults.spelling import spelled
from workbench.sandbox.faults.switchboard import switchboard
from workbench.sandbox.subscriptions import Subscriptions

WELL: Final = "well"
"""Instead of a word: the call did what it is for."""
NOT_MET: Final = "-"
"""Instead of a word: the fault strikes no request of the call."""
SLOW: Final = ("hang", "hang-done", "delay", "drip")
"""Kinds that only a deadline ends."""
ARGUMENTS: Final = {"huge": "2", "bomb": "2", "drip": "0.1"}
"""Megabytes, twice what the client takes here; and seconds so few that only the deadline of the whole call ends it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one call under one fault."""

    fault: str
    call: str
    word: str
    """Of the error; `WELL` or `NOT_MET`; or the name of an exception that is none of the client's: a crash."""
    doubtful: bool = False
    """The error says that it may have happened."""
    afterwards: str = ""
    """What was wrong once the fault had gone; empty when nothing was."""


@dataclass(frozen=True, slots=True)
class Site:
    """A filled portal with its switchboard."""

    base: str
    plan: Plan
    elsewhere: socket.socket
    """Listens where the faults point to; nobody is to come."""

    @property
    def away(self) -> str:
        """The address there."""
        return f"http://127.0.0.1:{self.elsewhere.getsockname()[1]}/fhir"

    def anonymous(self, fault: Fault) -> Fault:
        """The fault with an address that is the same in every run."""
        return replace(fault, argument=ELSEWHERE) if fault.argument == self.away else fault

    @property
    def visited(self) -> bool:
        """Whether somebody followed a fault to another address."""
        try:
            self.elsewhere.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    @asynccontextmanager
    async def world(self) -> AsyncIterator[World]:
        """The site as `tests.contract.world` has it, filled anew."""
        headers = {"Accept": "application/fhir+json"}
        async with (
            httpx.AsyncClient(base_url=self.base, headers=headers, trust_env=False, verify=False) as raw,
            Portal("here", Http(Base(self.base))) as portal,
        ):
            world = World(self.base, raw, Recorder(), portal)
            await filled(world)
            yield world


@contextmanager
def site() -> Iterator[Site]:
    """A portal in this process, on loopback."""
    plan = Plan()
    with (
        fresh_store() as store,
        running(store, around=[switchboard(plan)], subscriptions=Subscriptions(store)) as portal,
        socket.create_server(("127.0.0.1", 0)) as elsewhere,
    ):
        elsewhere.setblocking(False)
        yield Site(portal.base, plan, elsewhere)


def faults(elsewhere: str = ELSEWHERE) -> tuple[Fault, ...]:
    """Every kind with every argument worth a try, pointing to an address where it points anywhere."""
    return tuple(
        replace(
            each, argument=elsewhere if each.argument == ELSEWHERE else ARGUMENTS.get(each.kind.name, each.argument)
        )
        for each in samples()
    )


async def row(site: Site, world: World, fault: Fault, wanted: Sequence[PortalCall] = CALLS) -> list[Found]:
    """Calls under one fault: calls that read with all their requests, calls that write with those that write."""
    limits = SOON if fault.kind.name in SLOW else PATIENT
    name = spelled(site.anonymous(fault))
    found: list[Found] = []
    for writes in (False, True):
        calls = [call for call in wanted if call.writes is writes]
        cells = [await cell_of(world, call, limits) for call in calls]
        if fault.kind.remembers:
            site.plan.set([replace(fault, calls="reads")])
            await _all(calls, cells)
        site.plan.set([replace(fault, calls="writes" if writes else "")])
        told = await _all(calls, cells)
        struck = bool(site.plan.struck)
        site.plan.set(())
        for cell in cells:
            await cell.portal.close()
        cells = [anew(cell) for cell in cells]
        again = await _all(calls, cells)
        for call, cell, under, after in zip(calls, cells, told, again, strict=True):
            word, doubtful = under if struck else (NOT_MET, False)
            found.append(Found(name, call.name, word, doubtful, await _wrong(call, cell, after[0])))
            await cell.portal.close()
    return found


async def _all(calls: Sequence[PortalCall], cells: Sequence[Cell]) -> list[tuple[str, bool]]:
    return list(await asyncio.gather(*(_word(call, cell) for call, cell in zip(calls, cells, strict=True))))


async def _word(call: PortalCall, cell: Cell) -> tuple[str, bool]:
    try:
        await call.do(cell)
    except PortalError as error:
        return error.word, error.may_have_happened
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        return f"{type(error).__name__}: {error}", False
    return WELL, False


async def _wrong(call: PortalCall, cell: Cell, word: str) -> str:
    """What is wrong after the fault has gone and the call was made again; empty for nothing."""
    if word != WELL:
        return f"called again: {word}"
    try:
        if call.works is not None:
            await call.works(cell)
    except (AssertionError, LookupError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
