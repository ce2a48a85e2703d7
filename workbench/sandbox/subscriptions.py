"""Live updates: FHIR R4 Subscriptions over WebSocket, by the protocol that Medplum documents.

Create a Subscription with `channel.type` = `websocket`, ask for its `$get-ws-binding-token`, connect to the address
that comes with it, and send `{"type": "bind-with-token", "payload": {"token": ...}}`. What is told are Bundles that
begin with a SubscriptionStatus: `handshake`, `heartbeat`, or an event with the resource. A Subscription lives in
memory, and no longer than the connection that it is bound to.
Source: https://www.medplum.com/docs/subscriptions/websocket-subscriptions.
"""

import asyncio
import json
import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from workbench.sandbox import dates
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.exchange import Answer, Call, as_json
from workbench.sandbox.outcome import refuse
from workbench.sandbox.store import Store, Version

KIND = "Subscription"
PLACE = "ws/subscriptions-r4"
"""Where one connects, below the base."""
TOKEN = "$get-ws-binding-token"  # noqa: S105 - the name of an operation
MOST = 500
"""Subscriptions at once."""
WAITING = 1000
"""Messages that may wait for a client that does not read; then it is left."""


@dataclass(slots=True)
class _Subscription:
    resource: dict[str, Any]
    tokens: dict[str, float] = field(default_factory=dict)
    """Monotonic seconds until which each holds."""
    told: int = 0
    """Events so far."""


@dataclass(slots=True, eq=False)
class _Line:
    """One connection."""

    loop: asyncio.AbstractEventLoop
    out: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(WAITING))
    bound: dict[str, float] = field(default_factory=dict)
    """Subscriptions, with the monotonic seconds until which their tokens hold."""


class Subscriptions:
    """All that are there, and the connections they are bound to."""

    def __init__(self, store: Store, *, heartbeat: float = 10.0, lifetime: float = 3600.0) -> None:
        """Watches a store.

        Args:
            store: What changes.
            heartbeat: Seconds without a word on a connection after which it gets one.
            lifetime: Seconds that a token holds.
        """
        self._store = store
        self._heartbeat = heartbeat
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._all: dict[str, _Subscription] = {}
        self._lines: set[_Line] = set()
        store.watch(self._changed)

    def answer(self, call: Call) -> Answer:
        """Do what a call on Subscriptions asks.

        Raises:
            Refusal: 4xx, saying what is wrong.
        """
        with self._lock:
            match call.method, call.path[1:]:
                case "POST", ():
                    return self._create(call)
                case "GET", (id_,):
                    return Answer(200, as_json(self._one(id_).resource))
                case "DELETE", (id_,):
                    self._drop((id_,))
                    return Answer(204)
                case "GET", (id_, operation) if operation == TOKEN:
                    return self._token(call, self._one(id_))
        raise refuse(405, "not-supported", f"a Subscription can be created, read and deleted, and asked for {TOKEN}")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its beginning to its end."""
        socket = WebSocket(scope, receive, send)
        line = _Line(asyncio.get_running_loop())
        await socket.accept()
        with self._lock:
            self._lines.add(line)
        telling = asyncio.create_task(self._tell(socket, line))
        try:
            with suppress(WebSocketDisconnect, KeyError):  # the latter: bytes instead of text
                while not telling.done():
                    self._heard(line, await socket.receive_text())
        finally:
            telling.cancel()
            with self._lock:
                self._lines.discard(line)
                self._drop(tuple(line.bound))

    def _create(self, call: Call) -> Answer:
        sent = call.content
        if not isinstance(sent, dict) or sent.get("resourceType") != KIND:
            raise refuse(400, "invalid", f"the address is for {KIND}")
        channel = sent.get("channel")
        if not isinstance(channel, dict) or channel.get("type") != "websocket":
            raise refuse(422, "not-supported", "only channel.type = websocket is offered", f"{KIND}.channel.type")
        if sent.get("criteria") not in RESOURCES:
            text = "the criteria of this server is the name of one type, without parameters"
            raise refuse(422, "not-supported", text, f"{KIND}.criteria")
        for name in ("status", "reason"):
            if not isinstance(sent.get(name), str):
                raise refuse(422, "required", f"{name!r} is required", f"{KIND}.{name}")
        if len(self._all) >= MOST:
            raise refuse(429, "throttled", f"there are {MOST} Subscriptions; delete some")
        id_ = str(uuid.uuid4())
        meta = {"versionId": "1", "lastUpdated": self._now()}
        self._all[id_] = _Subscription({**sent, "id": id_, "meta": meta, "status": "active"})
        return Answer(201, as_json(self._all[id_].resource), headers={"Location": f"{call.base}/{KIND}/{id_}"})

    def _token(self, call: Call, one: _Subscription) -> Answer:
        token = secrets.token_urlsafe(32)
        one.tokens[token] = time.monotonic() + self._lifetime
        until = dates.instant(dates.milliseconds(self._store.now() + timedelta(seconds=self._lifetime)))
        address = f"ws{call.base.removeprefix('http')}/{PLACE}"
        told = [
            {"name": "token", "valueString": token},
            {"name": "expiration", "valueDateTime": until},
            {"name": "websocket-url", "valueUrl": address},
        ]
        return Answer(200, as_json({"resourceType": "Parameters", "parameter": told}))

    def _one(self, id_: str) -> _Subscription:
        if id_ not in self._all:
            raise refuse(404, "not-found", f"there is no {KIND}/{id_}; it goes with its connection")
        return self._all[id_]

    def _drop(self, ids: Sequence[str]) -> None:
        for id_ in ids:
            self._all.pop(id_, None)
            for line in self._lines:
                line.bound.pop(id_, None)

    def _heard(self, line: _Line, text: str) -> None:
        """Takes in what a client says; what is not understood is passed over."""
        try:
            said = json.loads(text)
        except ValueError:
            return
        payload = said.get("payload") if isinstance(said, dict) else None
        token = payload.get("token") if isinstance(payload, dict) else None
        match said.get("type") if isinstance(said, dict) else None:
            case "ping":
                self._put(line, '{"type":"pong"}')
            case "bind-with-token":
                with self._lock:
                    self._bind(line, str(token))
            case "unbind-from-token":
                with self._lock:
                    for id_ in [id_ for id_, one in self._all.items() if str(token) in one.tokens]:
                        line.bound.pop(id_, None)

    def _bind(self, line: _Line, token: str) -> None:
        now = time.monotonic()
        for id_, one in self._all.items():
            if one.tokens.get(token, 0.0) > now:
                line.bound[id_] = one.tokens[token]
                self._put(line, self._bundle(id_, "handshake"))
                return
        self._put(line, as_json({"resourceType": "OperationOutcome", "issue": [_ISSUE]}))

    async def _tell(self, socket: WebSocket, line: _Line) -> None:
        while True:
            try:
                async with asyncio.timeout(self._heartbeat):
                    text = await line.out.get()
            except TimeoutError:
                with self._lock:
                    for id_ in self._bound(line):
                        self._put(line, self._bundle(id_, "heartbeat"))
                continue
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.send_text(text)
            if line.out.full():
                with suppress(RuntimeError):
                    await socket.close(1013)
                return

    def _bound(self, line: _Line) -> list[str]:
        now = time.monotonic()
        return [id_ for id_, until in line.bound.items() if until > now]

    def _changed(self, versions: Sequence[Version]) -> None:
        """Tells every connection what was written; called by whoever wrote it, on any thread."""
        with self._lock:
            for version in versions:
                if version.is_deleted:
                    continue  # as Medplum does
                for line in self._lines:
                    for id_ in self._bound(line):
                        one = self._all.get(id_)
                        if one is not None and one.resource["criteria"] == version.kind:
                            one.told += 1
                            text = self._bundle(id_, "event-notification", version)
                            with suppress(RuntimeError):  # its loop has ended
                                line.loop.call_soon_threadsafe(self._put, line, text)

    def _put(self, line: _Line, text: str) -> None:
        with suppress(asyncio.QueueFull):
            line.out.put_nowait(text)

    def _bundle(self, id_: str, what: str, version: Version | None = None) -> str:
        status: dict[str, Any] = {
            "resourceType": "SubscriptionStatus",
            "id": str(uuid.uuid4()),
            "status": "active",
            "type": what,
            "eventsSinceSubscriptionStart": str(self._all[id_].told),
            "subscription": {"reference": f"{KIND}/{id_}"},
        }
        entries = [as_json({"resource": status})]
        if version is not None:
            entries.append(f'{{"resource":{version.body}}}')
        head = {"resourceType": "Bundle", "type": "history", "timestamp": self._now()}
        return f'{as_json(head)[:-1]},"entry":[{",".join(entries)}]}}'

    def _now(self) -> str:
        return dates.instant(dates.milliseconds(self._store.now()))


_ISSUE = {"severity": "error", "code": "login", "details": {"text": "this token is unknown, or too old"}}
