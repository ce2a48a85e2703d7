"""Live updates: a portal's FHIR Subscriptions over WebSocket, by the protocol that Medplum documents.

What is told is taken as a hint that something changed, and nothing of it is kept or shown: the pull brings it. So a
message that is missed, forged or sent twice can neither lose anything nor put anything on the screen.
The token goes to the portal's own origin or nowhere. Source:
https://www.medplum.com/docs/subscriptions/websocket-subscriptions.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from client import errors
from client.dates import instant, moment
from client.http import Call
from client.json import JsonError, parse
from client.rest import NOT_OFFERED, Resource, Rest

KIND = "Subscription"
CRITERIA = ("Communication", "Task")
"""What changes are wanted of; one Subscription each, all on one connection."""
LONGEST = 8192
"""Characters of a token or an address."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds and bytes of a connection."""

    connect: float = 10.0
    """Seconds to make it, and again for the portal to say that it heard the tokens."""
    ping: float = 25.0
    """Seconds without a word after which the portal is asked whether it is there."""
    silence: float = 60.0
    """Seconds without a word after which it is not."""
    frame: int = 1024 * 1024
    """Bytes of one message; an event carries a whole resource, attachments lie elsewhere."""
    renew: float = 0.8
    """The part of a token's life after which another one is asked for."""
    renew_least: float = 10.0
    """Seconds; no token is replaced sooner."""
    life: float = 12 * 3600.0
    """Seconds after which the connection is made anew."""


@dataclass(slots=True)
class _Line:
    """One connection and what is bound to it."""

    socket: ClientConnection
    unheard: set[str]
    """Subscriptions that have not been confirmed."""
    heard: float
    """Loop seconds of the last word."""
    renewal: float = field(default=0.0)
    """Loop seconds at which new tokens are due."""


class Live:
    """The live updates of one portal."""

    def __init__(self, rest: Rest, pace: Pace | None = None) -> None:
        self._rest = rest
        self._pace = pace or Pace()

    async def listen(self) -> AsyncIterator[None]:
        """Says once that the line is open, and then whenever something may have changed, for as long as it holds.

        Raises:
            NotOffered: The portal offers no live updates, or not to us.
            Foreign: It wants its token sent elsewhere; nothing was sent.
            PortalError: It could not be reached, or the line was cut, or what came makes no sense.
        """
        await self._check_offered()
        made: list[str] = []
        bound = False
        try:
            for criteria in CRITERIA:
                made.append(await self._subscribe(criteria))  # noqa: PERF401 - should the next one fail, this is there
            tokens = [await self._token(identity) for identity in made]
            async with await self._connect(tokens[0].address) as socket:
                line = _Line(socket, set(made), self._time())
                await self._bind(line, tokens)
                await self._confirmed(line)
                bound = True
                yield
                async for _ in self._events(line, made):
                    yield
        except WebSocketException:
            raise errors.Unreachable("The line for live updates was cut.") from None
        except OSError:
            raise errors.Unreachable from None
        except errors.PortalError:
            if not bound:
                await self._forget(made)  # else the portal drops them with the connection
            raise

    async def _check_offered(self) -> None:
        try:
            offered = (await self._rest.offered()).subscriptions
        except (errors.Refused, errors.Forbidden, errors.NotFound, errors.Gone, errors.NotFhir):
            offered = False
        if not offered:
            raise errors.NotOffered("The portal offers no live updates.")

    async def _subscribe(self, criteria: str) -> str:
        """A new Subscription's id; it ends by itself should nobody be there to end it."""
        now = self._rest.http.portal_now or self._rest.http.clock()
        wish = {
            "resourceType": KIND,
            "status": "active",
            "reason": "Clinician dialogue workbench: what changes in the inbox",
            "criteria": criteria,
            "end": instant(now + timedelta(seconds=2 * self._pace.life)),
            "channel": {"type": "websocket"},
        }
        content = json.dumps(wish).encode()
        headers = {"Content-Type": "application/fhir+json", "Prefer": "return=representation"}
        call = Call("POST", KIND, content=content, headers=headers, writes=True, repeatable=False)
        made = await self._asked(call, KIND)
        identity = made.get("id")
        if not isinstance(identity, str) or not identity or len(identity) > 64:
            raise errors.NotFhir("The portal did not say which Subscription it made.")
        return identity

    async def _token(self, identity: str) -> _Token:
        """What opens the line for a Subscription, and where.

        Raises:
            Foreign: Somewhere else than on the portal.
        """
        told = await self._asked(Call("GET", f"{KIND}/{identity}/$get-ws-binding-token"), "Parameters")
        token, address = _parameter(told, "token"), _parameter(told, "websocket-url")
        if not token or not address:
            raise errors.NotFhir("The portal gave no token for live updates.")
        until = moment(_parameter(told, "expiration"))
        now = self._rest.http.portal_now or self._rest.http.clock()
        left = self._pace.life if until is None else (until - now).total_seconds()
        return _Token(token, self._rest.http.base.websocket(address), left)

    async def _asked(self, call: Call, kind: str) -> Resource:
        try:
            answer = await self._rest.http.send(call)
        except (errors.Refused, errors.Forbidden, errors.NotFound, errors.Gone, errors.NotFhir) as error:
            if error.status in (*NOT_OFFERED, 422):
                raise errors.NotOffered(error.text, status=error.status) from None
            raise
        if answer.json is None or answer.json.get("resourceType") != kind:
            raise errors.NotOffered(f"The portal's answer is no {kind}.", status=answer.status)
        return answer.json

    async def _forget(self, identities: list[str]) -> None:
        for identity in identities:
            try:
                await self._rest.http.send(Call("DELETE", f"{KIND}/{identity}", writes=True, repeatable=False))
            except errors.PortalError:
                return

    async def _connect(self, address: str) -> ClientConnection:
        quiet = logging.getLogger(f"{__name__}.wire")
        quiet.disabled = True  # it would write tokens and resources down
        try:
            async with asyncio.timeout(self._pace.connect):
                return await _Straight(
                    address,
                    proxy=None,
                    compression=None,
                    open_timeout=None,
                    close_timeout=0.3,  # leaving the program waits for it
                    max_size=self._pace.frame,
                    max_queue=64,
                    user_agent_header="clinician-dialogue-workbench",
                    logger=quiet,
                    ssl=self._rest.http.tls,  # None exactly where the address is one without TLS
                )
        except ssl.SSLError:
            raise errors.Tls from None
        except (OSError, WebSocketException):  # TimeoutError is an OSError
            raise errors.Unreachable from None

    async def _bind(self, line: _Line, tokens: list[_Token]) -> None:
        for one in tokens:
            await line.socket.send(json.dumps({"type": "bind-with-token", "payload": {"token": one.token}}))
        left = min(one.left for one in tokens) * self._pace.renew
        line.renewal = self._time() + max(left, self._pace.renew_least)

    async def _confirmed(self, line: _Line) -> None:
        """Waits until the portal has taken every token."""
        try:
            async with asyncio.timeout(self._pace.connect):
                while line.unheard:
                    self._understood(line, await line.socket.recv())
        except TimeoutError:
            raise errors.Deadline("The portal did not answer to its own tokens.") from None

    async def _events(self, line: _Line, identities: list[str]) -> AsyncIterator[None]:
        """Yields at every event, and keeps the line open meanwhile."""
        ends = self._time() + self._pace.life
        asked = self._time()
        while (now := self._time()) < ends:
            if now >= line.renewal:
                await self._bind(line, [await self._token(identity) for identity in identities])
            if now - line.heard > self._pace.silence:
                raise errors.Unreachable("The line for live updates was silent.")
            due = max(line.heard, asked) + self._pace.ping
            if now >= due:
                asked = now
                await line.socket.send('{"type":"ping"}')
            try:
                async with asyncio.timeout(max(0.0, min(due, line.renewal, ends) - now)):
                    said = await line.socket.recv()
            except TimeoutError:
                continue
            if self._understood(line, said):
                yield

    def _understood(self, line: _Line, said: str | bytes) -> bool:
        """Takes in one message; tells whether it is an event.

        Raises:
            NotFhir: It makes no sense.
        """
        line.heard = self._time()
        try:
            value = parse(said.encode()) if isinstance(said, str) else None
        except JsonError:
            value = None
        if not isinstance(value, dict):
            raise errors.NotFhir("What came over the line for live updates makes no sense.")
        kind = value.get("resourceType")
        if kind is None:
            return False  # a pong, or a word we do not know
        status = _status(value) if kind == "Bundle" else None
        if status is None:
            raise errors.NotFhir("What came over the line for live updates is no event.")
        if status.get("type") == "handshake":
            subscription = status.get("subscription")
            reference = subscription.get("reference") if isinstance(subscription, dict) else None
            line.unheard.discard(str(reference).rpartition("/")[2])
            return False
        return status.get("type") != "heartbeat"

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class _Token:
    token: str
    address: str
    """Checked to lie on the portal."""
    left: float
    """Seconds it holds."""


class _Straight(connect):
    """A connection that is made to the address that was asked for, or not at all."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follows nowhere."""
        return exc


def _parameter(parameters: Resource, name: str) -> str:
    """A value of a Parameters resource that is a string of any sort; empty when there is none."""
    given: Any = parameters.get("parameter")
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict) and one.get("name") == name:
            values = [value for key, value in one.items() if key.startswith("value")]
            if len(values) == 1 and isinstance(values[0], str) and len(values[0]) <= LONGEST:
                return values[0]
    return ""


def _status(bundle: Resource) -> Resource | None:
    """The SubscriptionStatus that a Bundle begins with."""
    entries = bundle.get("entry")
    first = entries[0] if isinstance(entries, list) and entries else None
    resource = first.get("resource") if isinstance(first, dict) else None
    if not isinstance(resource, dict) or resource.get("resourceType") != "SubscriptionStatus":
        return None
    return resource
