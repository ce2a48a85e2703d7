"""The way between one workbench and one portal: it takes time, and does all that networks and portals do wrong."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final
from urllib.parse import parse_qsl, unquote

import httpx

from tests.proofs.simulation.disk import Crash
from tests.proofs.simulation.portal import Portal
from workbench.sandbox.body import FORM_TYPE, understood
from workbench.sandbox.exchange import Call
from workbench.sandbox.faults.exchange import Asked, Delivery, Told
from workbench.sandbox.faults.kinds import KINDS
from workbench.sandbox.faults.plan import Fault, Plan, fault
from workbench.sandbox.outcome import Refusal

SLOW: Final = ("huge", "bomb", "many-headers", "huge-header")
"""Faults that cost much time to make and are held against every call elsewhere."""
BELIEVED: Final = ("404", "410")
"""What a portal says of what is not there has to be believed, so it is not said of what is."""
USED: Final = tuple(kind for name, kind in KINDS.items() if name not in (*SLOW, *BELIEVED))
DONE: Final = tuple(kind for kind in USED if kind.times == 1 and not kind.meets)
"""Faults by which a call is carried out all the same, so that whoever made it may not know."""
WRITES: Final = ("POST", "PUT", "PATCH")
HEADERS: Final = ("if-match", "if-none-match", "if-none-exist", "prefer", "accept")
IDLE: Final = 20.0
"""Seconds without a byte after which a client gives up."""
LATE: Final = 0.1
LATE_WRITES: Final = 0.5
"""How many of the calls that fail are carried out when nobody waits for them any more: by a write so comes a second."""
LATEST: Final = 200.0
"""Seconds after which a portal that was too slow has done what it was asked for."""
PIECE: Final = 64
"""Bytes of a slow body that come at once, so that a history does not take forever."""


@dataclass
class Weather:
    """How bad the way is now."""

    badness: float = 0.0
    """How likely a call meets a fault."""
    out: bool = False
    """The portal is away altogether."""


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The transport of one process's HTTP client to one portal."""

    portal: Portal
    weather: Weather
    dice: Random
    heeds: bool
    """The portal heeds `If-None-Exist`."""
    dies: Callable[[], bool]
    """Whether the process dies at this moment; asked at every call's beginning and end."""
    foreign: list[str]
    """Takes down what was sent to another host."""
    met: Callable[[str], None]
    """Told of every fault."""
    arrived: Callable[[Call, float], None]
    """Told of every call just before the portal carries it out, and when it left: that may be long before."""
    comes: Callable[[Asked, float], None]
    """Told what will be carried out when nobody waits for it any more, and when."""
    plan: Plan = field(default_factory=Plan)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carries a request there and its answer back, or not."""
        if not str(request.url).startswith(self.portal.base):
            self.foreign.append(f"{request.method} {request.url.host}")
            raise httpx.ConnectError("elsewhere")
        self._live()
        asked, left = self._asked(request, await request.aread()), asyncio.get_running_loop().time()
        await asyncio.sleep(self.dice.uniform(0.001, 0.2))
        if self.weather.out:
            raise httpx.ConnectError("away")
        response = await self._answered(asked, left)
        self._live()
        return response

    def _live(self) -> None:
        if self.dies():
            raise Crash

    async def _answered(self, asked: Asked, left: float) -> httpx.Response:
        struck: Fault | None = None
        again = 2 if asked.method in WRITES else 1  # most of what is asked only reads, and must not be all that fails
        if any(self.dice.random() < self.weather.badness for _ in range(again)):
            if self.dice.random() < (LATE_WRITES if asked.method in WRITES else LATE):
                return await self._late(asked, left)
            struck = self._fault(asked)
        told: Told | None = None
        for _ in range(1 if struck is None else struck.kind.times):
            told = self._carry_out(asked, left)
        if struck is not None:
            self.met(f"{struck.kind.name} {asked.method} {asked.path}")
        now = asyncio.get_running_loop().time()
        if told is not None:
            self.plan.memory.saw(told)
        return await _response(self.plan.spoiled(struck, asked, told, now))

    async def _late(self, asked: Asked, left: float) -> httpx.Response:
        """The portal is so slow that nobody waits for it any more when it has done what it was asked for."""
        self.met(f"late {asked.method} {asked.path}")
        loop = asyncio.get_running_loop()
        comes = loop.call_later(self.dice.uniform(0, LATEST), self._carry_out, asked, left)
        self.comes(asked, comes.when())
        await asyncio.sleep(IDLE)
        raise httpx.ReadTimeout("late")

    def _fault(self, asked: Asked) -> Fault | None:
        # Half of what strikes a write comes after it: a write that may have been done is where something goes twice.
        after = asked.method in WRITES and self.dice.random() < 0.5
        kind = self.dice.choice(DONE if after else USED)
        argument = self.dice.choice((None, *kind.samples))
        if kind.name.startswith("cut"):
            argument = str(self.dice.randrange(400))
        chosen = fault(kind.name, argument)
        stale = kind.name == "stubborn-search" and "_lastUpdated" not in asked.query
        # What a network delivers twice to a portal that heeds no identifier is there twice, whatever a client does.
        twice = kind.name == "duplicate" and asked.method == "POST" and not self.heeds
        return chosen if chosen.could_meet(asked) and not stale and not twice else None

    def _carry_out(self, asked: Asked, left: float) -> Told:
        try:
            call = self._call(asked)
        except Refusal as refusal:
            return Told(refusal.status)
        self.arrived(call, left)
        answer = self.portal.ask(call)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        if call.path == ("metadata",) and not self.heeds:
            body = body.replace(b'"conditionalCreate":true', b'"conditionalCreate":false')
        headers = {"content-type": answer.media, **{name.lower(): value for name, value in answer.headers.items()}}
        return Told(answer.status, tuple(headers.items()), body)

    def _asked(self, request: httpx.Request, body: bytes) -> Asked:
        path, _, query = request.url.raw_path.decode().partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Asked(request.method, path.removeprefix("/fhir").strip("/"), query, self.portal.base, headers, body)

    def _call(self, asked: Asked) -> Call:
        """The request as the portal's own door would understand it."""
        path = tuple(unquote(part) for part in asked.path.split("/")) if asked.path else ()
        whole_type = asked.headers.get("content-type", "")
        media = whole_type.partition(";")[0]
        pairs, content = tuple(parse_qsl(asked.query, keep_blank_values=True)), None
        if media == FORM_TYPE:
            pairs += tuple(parse_qsl(asked.body.decode(), keep_blank_values=True))
        elif asked.method in WRITES:
            content = understood(asked.method, path, media, whole_type, asked.body)
        headers = {name: asked.headers[name] for name in HEADERS if name in asked.headers}
        if not self.heeds:
            headers.pop("if-none-exist", None)
        return Call(asked.method, path, self.portal.base, pairs, headers, content)


async def _response(delivery: Delivery) -> httpx.Response:
    """What an HTTP client makes of a delivery.

    Raises:
        httpx.TransportError: It gives up, or cannot read it.
    """
    if delivery.wait > IDLE:
        await asyncio.sleep(IDLE)
        raise httpx.ReadTimeout("nothing comes")
    await asyncio.sleep(delivery.wait)
    if delivery.raw is not None or delivery.cut_head is not None:
        raise httpx.RemoteProtocolError("this is not HTTP")
    if delivery.told is None:
        raise httpx.ReadError("closed")
    length = [] if delivery.lengthless else [("content-length", str(len(delivery.told.body)))]
    headers = [*delivery.told.headers, *length]
    return httpx.Response(delivery.told.status, headers=headers, stream=_Body(delivery))


class _Body(httpx.AsyncByteStream):
    """A body as it comes: at once or slowly, whole or not."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body, pace = self._delivery.body, self._delivery.pace
        size = PIECE if pace else max(len(body), 1)
        for at in range(0, len(body), size):
            if pace:
                await asyncio.sleep(min(pace * size, math.nextafter(IDLE, 0)))
            yield body[at : at + size]
        if not self._delivery.whole:
            raise httpx.RemoteProtocolError("cut")
