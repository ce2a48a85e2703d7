"""The switchboard: an ASGI wrapper around a portal that carries a plan of faults out, with a real clock and connection.

    create_app(store, around=[switchboard(plan)])

What goes wrong on a connection needs the connection, which uvicorn gives to the application when it runs with
`uvicorn.Config(http=Handing)`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from workbench.sandbox.faults import control
from workbench.sandbox.faults.exchange import NEVER, Asked, Delivery, Told
from workbench.sandbox.faults.plan import Fault, Plan
from workbench.sandbox.faults.wire import pieces
from workbench.sandbox.server import BASE, Around

CONNECTION: Final = "connection"
"""Where in the state of a request its connection is."""
_UNTOLD: Final = ("content-length", "connection", "transfer-encoding")


class Handing(H11Protocol):
    """uvicorn's HTTP, which gives each request its connection along."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remembers the connection."""
        self.app_state = {**self.app_state, CONNECTION: transport}
        super().connection_made(transport)


def switchboard(plan: Plan, *, controlled: bool = False) -> Around:
    """What goes around a portal so that a plan strikes it.

    Args:
        plan: The faults; they may be set anew while the portal runs.
        controlled: The plan can be read and set at `control.PLACE`, beside the FHIR base.
    """
    return lambda app: _Switchboard(app, plan, controlled=controlled)


class _Switchboard:
    def __init__(self, app: ASGIApp, plan: Plan, *, controlled: bool) -> None:
        self._app = app
        self._plan = plan
        self._controlled = controlled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if self._controlled and request.url.path == control.PLACE:
            status, text = control.answered(self._plan, request.method, (await request.body()).decode(errors="replace"))
            await PlainTextResponse(text, status)(scope, receive, send)
            return
        asked = _asked(request)
        fault = None if asked is None else self._plan.strikes(asked)
        if asked is None or (fault is None and not self._plan.remembers):
            await self._app(scope, receive, send)
            return
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        told = await self._carried_out(scope, body, fault)
        asked = Asked(asked.method, asked.path, asked.query, asked.base, asked.headers, body)
        delivery = self._plan.spoiled(fault, asked, told, time.monotonic())
        await _deliver(delivery, scope["state"][CONNECTION], receive, bodiless=asked.method == "HEAD")

    async def _carried_out(self, scope: Scope, body: bytes, fault: Fault | None) -> Told | None:
        """The portal's own answer, the last one when it is asked more than once; None when it is not asked."""
        told = None
        for _ in range(1 if fault is None else fault.kind.times):
            told = await _told(self._app, scope, body)
        return told


def _asked(request: Request) -> Asked | None:
    """The request as a value, without its body; None for one that is not to the FHIR base."""
    raw = (request.scope.get("raw_path") or request.url.path.encode()).decode("ascii", "replace").partition("?")[0]
    if raw != BASE and not raw.startswith(f"{BASE}/"):
        return None
    headers = {name.lower(): value for name, value in request.headers.items()}
    base = f"{request.url.scheme}://{headers.get('host', '')}{BASE}"
    return Asked(request.method, raw[len(BASE) :].strip("/"), request.url.query, base, headers)


async def _told(app: ASGIApp, scope: Scope, body: bytes) -> Told:
    """What an application answers to a request whose body has been read."""
    messages: list[Message] = []
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return unread.pop() if unread else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    await app({**scope, "method": "GET" if scope["method"] == "HEAD" else scope["method"]}, receive, send)
    start: dict[str, Any] = dict(messages[0])
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"]]
    whole = b"".join(message.get("body", b"") for message in messages[1:])
    return Told(start["status"], tuple(pair for pair in headers if pair[0] not in _UNTOLD), whole)


async def _deliver(delivery: Delivery, connection: asyncio.Transport, receive: Receive, *, bodiless: bool) -> None:
    """Writes to the connection and closes it; stops when the client leaves."""
    left = asyncio.create_task(_left(receive))
    try:
        async for piece in _timed(delivery, left, bodiless=bodiless):
            connection.write(piece)
        if not left.done():
            connection.close()
            await left
    finally:
        left.cancel()


async def _timed(delivery: Delivery, left: asyncio.Task[None], *, bodiless: bool) -> AsyncIterator[bytes]:
    for wait, piece in pieces(delivery, bodiless=bodiless):
        if wait:
            await asyncio.wait([left], timeout=None if wait == NEVER else wait)
        if left.done():
            return
        yield piece


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
