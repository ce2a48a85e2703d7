"""Runs the portal: fills it, listens on loopback, says when it is ready, and stops cleanly.

python -m workbench.sandbox.run --port 8080 --conversations 50 --seed 1 --data DIR
"""

import argparse
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from workbench.sandbox.ending import FAILED, IN_USE, TAKEN
from workbench.sandbox.faults.plan import Fault, Plan
from workbench.sandbox.faults.spelling import LIST, SHAPE, faults_of, manual
from workbench.sandbox.faults.switchboard import Handing, switchboard
from workbench.sandbox.live import live as arriving
from workbench.sandbox.load import apart, prepared
from workbench.sandbox.scene import resources
from workbench.sandbox.server import BASE, create_app
from workbench.sandbox.store import Clock, InUse, Store, Unusable
from workbench.sandbox.subscriptions import Subscriptions

MANY = 2000
"""From so many conversations on, a second process pays."""
HOST = "127.0.0.1"
FILE = "portal.db"
"""What the data folder holds."""


def serve(
    *,
    port: int,
    conversations: int,
    seed: int,
    data: Path | None,
    now: datetime | None,
    live: bool,
    subscriptions: bool = True,
    faults: Sequence[Fault] | None = None,
    until_stdin_closes: bool = False,
) -> int:
    """Run the portal until SIGTERM or SIGINT; print `READY http://127.0.0.1:P/fhir` once it listens.

    Args:
        port: 0 for any free one.
        conversations: how many the scene has; of no account when the folder holds a portal already.
        seed: of the scene and of the ids.
        data: the folder to keep everything in; None for one that is gone afterwards.
        now: the clock of the scene, with a time zone, at which the server's clock then stands: each change comes one
            millisecond later. With `live` it runs on from there. None for the real time.
        live: new patient messages keep arriving.
        subscriptions: live updates over WebSocket are offered; else clients have to ask again and again.
        faults: what goes wrong from the start; unless it is None, that can be changed at `faults.control.PLACE`.
        until_stdin_closes: stop as well when standard input ends, so that no portal outlives who started it.

    Returns:
        The exit code: 0, or after one sentence on standard error one of `workbench.sandbox.ending`.
    """
    server = _Server()
    with _stopping(server, until_stdin_closes):
        try:
            # asyncio turns Nagle's delay (40 ms an answer) off only where the protocol is named.
            with socket.socket(proto=socket.IPPROTO_TCP) as listener, _folder(data) as folder:
                _bind(listener, port)
                clock = _clock(now, running=live)
                store = _filled(folder, clock, conversations, seed)
                try:
                    lifespan = arriving(store, seed) if live else None
                    around = () if faults is None else (switchboard(Plan(tuple(faults)), controlled=True),)
                    updates = Subscriptions(store) if subscriptions else None
                    app = create_app(store, around=around, lifespan=lifespan, subscriptions=updates)
                    server.run_on(listener, _config(app))
                finally:
                    store.close()
        except (Unusable, OSError) as error:
            print(f"The portal cannot run: {error}.", file=sys.stderr)  # noqa: T201 - its one sentence
            return TAKEN if isinstance(error, Taken) else IN_USE if isinstance(error, InUse) else FAILED
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the portal alone."""
    parser = argparse.ArgumentParser(prog="python -m workbench.sandbox.run", description="The sandbox portal alone.")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--conversations", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="folder to keep the portal in")
    parser.add_argument("--now", type=_moment, help="clock of the data: 2026-03-02T12:00:00+01:00")
    parser.add_argument("--live", action="store_true", help="new patient messages keep arriving")
    parser.add_argument(
        "--no-subscriptions", action="store_false", dest="subscriptions", help="offer no live updates over WebSocket"
    )
    parser.add_argument("--fault", action="append", dest="faults", metavar=SHAPE, help=f"“{LIST}” tells of all")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    options = vars(parser.parse_args(arguments))
    if options["faults"]:
        if LIST in options["faults"]:
            print(manual(), end="")  # noqa: T201 - what was asked for
            return 0
        try:
            options["faults"] = faults_of(options["faults"])
        except ValueError as error:
            parser.error(f"--fault: {error}")
    return serve(**options)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Handing,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )


class _Server:
    """A uvicorn server that can be told to stop before it runs."""

    def __init__(self) -> None:
        self._running: uvicorn.Server | None = None

    def run_on(self, listener: socket.socket, config: uvicorn.Config) -> None:
        self._running = _Announcing(config)
        self._running.run(sockets=[listener])

    def stop(self) -> None:
        if self._running is None:
            raise SystemExit(0)
        self._running.should_exit = True


class _Announcing(uvicorn.Server):
    """Says when it listens, and leaves the signals to us: uvicorn would raise them again and end with their code."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if sockets and not self.should_exit:
            print(f"READY http://{HOST}:{sockets[0].getsockname()[1]}{BASE}", flush=True)  # noqa: T201 - the protocol

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _stopping(server: _Server, until_stdin_closes: bool) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch_stdin() -> None:
    with suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is None:
        with tempfile.TemporaryDirectory(prefix="portal-") as made:
            yield Path(made)
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield data


class Taken(OSError):  # noqa: N818 - the name says what is wrong
    """Another program listens on the port."""


def _bind(listener: socket.socket, port: int) -> None:
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise Taken(f"port {port} is taken ({error.strerror}); choose another with --port, or 0 for any") from error


def _filled(folder: Path, clock: Clock, conversations: int, seed: int) -> Store:
    """The store in this folder, with a scene in it if it is new."""
    path, fresh = folder / FILE, folder / f"{FILE}.new"
    if not path.exists():
        fresh.unlink(missing_ok=True)
        store = Store(fresh, clock, seed)
        try:
            told = (conversations, seed, clock())
            store.load(apart(resources, *told) if conversations >= MANY else prepared(resources(*told)))
        finally:
            store.close()
        fresh.rename(path)
    return Store(path, clock, seed)


def _clock(now: datetime | None, *, running: bool) -> Clock:
    if now is None:
        return lambda: datetime.now(UTC)
    ahead = now - datetime.now(UTC)
    return (lambda: datetime.now(UTC) + ahead) if running else (lambda: now)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(main())
