"""A proxy on loopback that passes requests on and cuts the connection instead of giving the answer back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Cuts:
    """What is cut."""

    answers_to: bytes = b""
    """How requests begin whose answers are lost; empty for none."""
    made: int = 0


@asynccontextmanager
async def cutting_proxy(base: str) -> AsyncIterator[tuple[str, Cuts]]:
    """Gives the address of the same base behind the proxy, and the switch."""
    target, cuts = urlsplit(base), Cuts()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, away = await asyncio.open_connection(target.hostname, target.port)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
                away.write(head + await reader.readexactly(length))
                await away.drain()
                answer = await onward.readuntil(b"\r\n\r\n")
                if cuts.answers_to and head.startswith(cuts.answers_to):
                    cuts.made += 1
                    return
                writer.write(answer)
                await _body(answer, onward, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
            away.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield base.replace(f":{target.port}", f":{port}"), cuts
    finally:
        server.close()
        await server.wait_closed()


async def _body(head: bytes, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass a body on: of a told length, or in chunks."""
    fields = dict(line.split(b": ", 1) for line in head.lower().strip().split(b"\r\n")[1:])
    if b"content-length" in fields:
        sink.write(await source.readexactly(int(fields[b"content-length"])))
        return
    while True:
        size = await source.readuntil(b"\r\n")
        sink.write(size + await source.readexactly(int(size, 16) + 2))
        if int(size, 16) == 0:
            return
