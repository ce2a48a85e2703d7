"""Servers on loopback that say exactly what a test tells them to, byte by byte."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from client.http import Http
from client.origin import Base
from client.patience import Limits

Writer = asyncio.StreamWriter
Behaviour = bytes | Callable[[Writer], Awaitable[None]]
"""An answer as it goes over the wire, after which the connection is closed; or what to do with the connection."""


@dataclass
class Tiny:
    """A server that listens."""

    address: str = ""
    """Base address, without a slash at its end."""
    requests: list[bytes] = field(default_factory=list)
    """What came, head and body."""

    def lines(self) -> list[str]:
        """The first line of each request."""
        return [request.split(b"\r\n")[0].decode() for request in self.requests]


@asynccontextmanager
async def tiny(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[Tiny]:
    """Answer the first request with the first behaviour and so on; the last is kept up."""
    server_side = Tiny()

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
            server_side.requests.append(head + await reader.readexactly(length))
            behaviour = behaviours[min(len(server_side.requests), len(behaviours)) - 1]
            if isinstance(behaviour, bytes):
                writer.write(behaviour.replace(b"{base}", server_side.address.encode()))
                await writer.drain()
            else:
                await behaviour(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    server_side.address = f"{'https' if tls else 'http'}://127.0.0.1:{port}/fhir"
    try:
        yield server_side
    finally:
        server.close()
        await server.wait_closed()


def answer(
    body: bytes | object = b"",
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
    content_type: str = "application/fhir+json",
    length: bool = True,
) -> bytes:
    """An answer; a body that is no bytes is written as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = [("Content-Type", content_type), *headers, *([("Content-Length", str(len(data)))] if length else [])]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode() + data


def outcome(text: str = "", diagnostics: str = "") -> dict[str, object]:
    issue: dict[str, object] = {"severity": "error", "code": "processing"}
    issue |= {"details": {"text": text}} if text else {}
    issue |= {"diagnostics": diagnostics} if diagnostics else {}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


PATIENT = {"resourceType": "Patient", "id": "1"}


@dataclass
class Waits:
    """Stands for sleeping: remembers how long it would have been."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@asynccontextmanager
async def connected(
    server: Tiny, limits: Limits | None = None, waits: Waits | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Http]:
    """Our connection to a server, which does not sleep between tries."""
    async with Http(Base(server.address), limits=limits, sleep=waits or Waits(), tls=tls) as http:
        yield http


def request_headers(request: bytes) -> httpx.Headers:
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return httpx.Headers([(name, value) for name, _, value in (line.partition(b": ") for line in lines)])
