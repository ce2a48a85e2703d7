"""A portal that offers live updates and then does what a test tells it: sends anything, nothing, or us elsewhere."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

FHIR = "application/fhir+json"
Play = Callable[[WebSocket], Awaitable[None]]


def handshake(identity: str) -> dict[str, Any]:
    return told("handshake", subscription={"reference": f"Subscription/{identity}"})


def told(what: str, **more: Any) -> dict[str, Any]:
    status = {"resourceType": "SubscriptionStatus", "type": what, **more}
    return {"resourceType": "Bundle", "type": "history", "entry": [{"resource": status}]}


async def confirmed(line: WebSocket) -> None:
    """Takes both tokens, as a portal does."""
    for _ in range(2):
        said = await line.receive_json()
        await line.send_json(handshake(said["payload"]["token"].removeprefix("token-")))


@dataclass
class Teller:
    """What it does, and what it has seen."""

    play: Play
    """On the line."""
    address: str = ""
    """Of the line; its own when empty."""
    elsewhere: str = ""
    """Where the line's own address sends one."""
    offered: bool = True
    token_status: int = 200
    base: str = ""
    calls: list[str] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/fhir/metadata", self._metadata),
                Route("/fhir/Subscription", self._create, methods=["POST"]),
                Route("/fhir/Subscription/{id}", self._delete, methods=["DELETE"]),
                Route("/fhir/Subscription/{id}/$get-ws-binding-token", self._token),
                WebSocketRoute("/fhir/ws", self._line),
            ]
        )

    async def _metadata(self, _: Request) -> Response:
        kinds = [{"type": "Subscription", "interaction": [{"code": "create"}]}] if self.offered else []
        statement = {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": [{"resource": kinds}]}
        return JSONResponse(statement, media_type=FHIR)

    async def _create(self, request: Request) -> Response:
        self.calls.append("create")
        made = await request.json() | {"id": str(self.calls.count("create"))}
        return JSONResponse(made, 201, media_type=FHIR)

    async def _delete(self, _: Request) -> Response:
        self.calls.append("delete")
        return Response(status_code=204)

    async def _token(self, request: Request) -> Response:
        self.calls.append("token")
        if self.token_status != 200:
            return JSONResponse({"resourceType": "OperationOutcome"}, self.token_status, media_type=FHIR)
        given = {
            "token": ("valueString", f"token-{request.path_params['id']}"),
            "websocket-url": ("valueUrl", self.address or self.base.replace("http", "ws") + "/ws"),
        }
        parameters = [{"name": name, kind: value} for name, (kind, value) in given.items()]
        return JSONResponse({"resourceType": "Parameters", "parameter": parameters}, media_type=FHIR)

    async def _line(self, line: WebSocket) -> None:
        self.calls.append("line")
        if self.elsewhere:
            await line.send_denial_response(RedirectResponse(self.elsewhere, 307))
            return
        await line.accept()
        try:
            await self.play(line)
        except (WebSocketDisconnect, RuntimeError):
            return


@contextmanager
def telling(teller: Teller, certificate: tuple[Path, Path] | None = None) -> Iterator[Teller]:
    """Runs it on loopback, with TLS when there is a certificate and its key."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if certificate else "http"
        teller.base = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/fhir"
        config = uvicorn.Config(
            teller.app(),
            log_level="critical",
            ws="websockets-sansio",
            lifespan="off",
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate and certificate[0],
            ssl_keyfile=certificate and str(certificate[1]),
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield teller
        finally:
            server.should_exit = True
            thread.join()


@asynccontextmanager
async def counting() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A listener that writes down what anybody sends it; gives its port."""
    came: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came
    finally:
        server.close()
        await server.wait_closed()
