"""A tunnel to a server on loopback that a test can cut, without a word to either end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Tunnel:
    """Every connection through it."""

    def __init__(self, base: str) -> None:
        self._target = urlsplit(base)
        self._base = base
        self._open: set[asyncio.StreamWriter] = set()
        self.base = ""

    def cut(self) -> int:
        """Cuts what is open; tells how many ends."""
        cut = len(self._open)
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()
        return cut

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, away = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._open |= {writer, away}
        await asyncio.gather(self._pass(reader, away), self._pass(onward, writer))
        self._open -= {writer, away}

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()


@asynccontextmanager
async def tunnel(base: str) -> AsyncIterator[Tunnel]:
    """A tunnel to the server of a base."""
    made = Tunnel(base)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    made.base = base.replace(f":{urlsplit(base).port}", f":{port}")
    try:
        yield made
    finally:
        made.cut()
        server.close()
        await server.wait_closed()
