"""HTTP towards one portal: one origin, no redirects, a whole deadline, bounded answers, careful second tries."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

import certifi
import httpx

from client import answers, errors
from client.body import ACCEPTED, check_headers, read_body
from client.json import JsonError, parse
from client.origin import Base
from client.patience import Limits, Patience

FHIR_JSON = "application/fhir+json"
KEPT = 4.0
"""Seconds for which an idle connection is used again. Node and uvicorn close theirs after 5 (their documentation): what
is sent at that moment meets a closing line, and of a reply nobody knows whether it arrived."""
_JSON_TYPES = (FHIR_JSON, "application/json")
_UTF8 = re.compile(r"charset\s*=\s*[\"']?utf-?8\b")


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    """Relative to the base, or an absolute address that has been through `Base.resolve`."""
    params: Sequence[tuple[str, str]] = ()
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False
    """It changes something on the portal."""
    repeatable: bool = True
    """Doing it twice does what doing it once does, also while the first may still be under way: reads."""
    binary: bool = False
    """The answer is a file of any type."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A success (200, 201 or 204)."""

    status: int
    headers: httpx.Headers
    content_type: str
    """Without its parameters, in lower case."""
    data: bytes
    json: dict[str, Any] | None
    """The body read as a FHIR resource; None when it is empty or another type of file."""


class Http:
    """The connection to one portal. Use it as an async context manager, or call `aclose()`."""

    def __init__(
        self,
        base: Base,
        *,
        auth: httpx.Auth | None = None,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        dice: random.Random | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare, without connecting.

        Args:
            base: The portal.
            auth: Puts a token on each request; None for a portal without sign-in.
            limits: Seconds, bytes and attempts.
            clock: The time now, aware.
            dice: Spreads the waits between tries.
            sleep: Waits so many seconds.
            transport: Instead of the network.
            tls: Trust other than the system's, for a portal with its own certificate authority.
        """
        self.base = base
        self.clock = clock
        self.offset = timedelta()
        """How far the portal's clock is ahead of ours, by its last answer; exact to a second."""
        self._dated = False
        self._limits = limits or Limits()
        self._patience = Patience(self._limits, dice or random.Random())  # noqa: S311  spreads load, keeps no secret
        self._sleep = sleep
        self.tls = tls or (trust() if base.url.startswith("https") else None)
        """How its certificate is judged; None for a portal on this machine without TLS."""
        self._client = httpx.AsyncClient(
            auth=auth,
            transport=transport,
            verify=self.tls or False,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=KEPT),
            timeout=httpx.Timeout(self._limits.idle, connect=self._limits.connect),
            headers={
                "Accept": FHIR_JSON,
                "Accept-Encoding": ACCEPTED,
                "Cache-Control": "no-cache",
                "User-Agent": "clinician-dialogue-workbench",
            },
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    @property
    def portal_now(self) -> datetime | None:
        """The time by the portal's clock, exact to a second; None while it has not told any."""
        return self.clock() + self.offset if self._dated else None

    async def send(self, call: Call) -> Answer:
        """Make a call, again where that is safe and helps.

        Raises:
            PortalError: It failed; `may_have_happened` tells whether a write's outcome is unknown.
        """
        tries, doubtful = 0, False
        try:
            async with asyncio.timeout(self._limits.whole_binary if call.binary else self._limits.whole):
                while True:
                    tries += 1
                    try:
                        answer = await self._once(call)
                    except errors.PortalError as error:
                        doubtful = doubtful or error.may_have_happened
                        wait = self._patience.wait(tries, error.retry_after) if _helps(call, error) else None
                        if wait is None:
                            error.may_have_happened = doubtful
                            raise
                        await self._sleep(wait)
                    else:
                        self._patience.succeeded()
                        return answer
        except TimeoutError:
            raise errors.Deadline(may_have_happened=call.writes) from None

    async def _once(self, call: Call) -> Answer:
        request = self._client.build_request(
            call.method,
            self.base.resolve(call.path) if "://" in call.path else self.base.under(call.path),
            params=list(call.params) or None,
            content=call.content,
            headers=call.headers,
        )
        try:
            response = await self._client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise answers.for_connecting(error) from None
        except httpx.HTTPError as error:
            raise answers.for_transport(error, writes=call.writes, answering=False) from None
        try:
            return await self._read(call, response)
        except httpx.HTTPError as error:
            raise answers.for_transport(error, writes=call.writes, answering=True) from None
        except (errors.NotFhir, errors.TooLarge, errors.Incomplete) as error:
            error.may_have_happened = call.writes and response.status_code != 413
            raise
        finally:
            await response.aclose()

    async def _read(self, call: Call, response: httpx.Response) -> Answer:
        check_headers(response.headers)
        self._learn_clock(response.headers.get("date", ""))
        if response.status_code not in (200, 201, 204):
            raise await self._refusal(call, response)
        data = await read_body(response, self._limits.binary_bytes if call.binary else self._limits.json_bytes)
        content_type, _, rest = response.headers.get("content-type", "").lower().partition(";")
        content_type = content_type.strip()
        if call.binary and content_type != FHIR_JSON:
            return Answer(response.status_code, response.headers, content_type, data, None)
        if not data:
            return Answer(response.status_code, response.headers, content_type, data, None)
        if content_type not in _JSON_TYPES or ("charset" in rest and not _UTF8.search(rest)):
            raise errors.NotFhir("The portal did not answer in FHIR's JSON.", status=response.status_code)
        return Answer(response.status_code, response.headers, content_type, data, _resource(response, data))

    async def _refusal(self, call: Call, response: httpx.Response) -> errors.PortalError:
        try:
            body = await read_body(response, answers.OUTCOME_BYTES)
        except (httpx.HTTPError, errors.PortalError):
            body = b""
        conditional = "If-None-Exist" in call.headers
        return answers.for_status(
            response.status_code,
            response.headers,
            body,
            writes=call.writes,
            conditional=conditional,
            now=self.clock() + self.offset,
        )

    def _learn_clock(self, date: str) -> None:
        try:
            when = parsedate_to_datetime(date)
            self.offset = when.replace(tzinfo=when.tzinfo or UTC) - self.clock()
            self._dated = True
        except (ValueError, TypeError, OverflowError, IndexError):
            return


def trust() -> ssl.SSLContext:
    """TLS 1.2 or later with the system's roots, and certifi's where the system names none in a file.

    Made by hand because `ssl.create_default_context` writes session keys to the file SSLKEYLOGFILE names.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(certifi.where())
    return context


def _helps(call: Call, error: errors.PortalError) -> bool:
    """Whether a second try can do good and cannot do harm."""
    if isinstance(error, errors.Tls):
        return False
    if isinstance(error, errors.Throttled) or (isinstance(error, errors.Unreachable) and not error.may_have_happened):
        return True
    passing = (errors.Unreachable, errors.ServerFault, errors.Incomplete, errors.Deadline)
    return call.repeatable and isinstance(error, passing)


def _resource(response: httpx.Response, data: bytes) -> dict[str, Any]:
    try:
        value = parse(data)
    except JsonError as error:
        unbounded = "content-length" not in response.headers and "transfer-encoding" not in response.headers
        if unbounded:
            raise errors.Incomplete("The answer stopped before its end.", status=response.status_code) from None
        raise errors.NotFhir(f"The portal's JSON is not readable: {error}.", status=response.status_code) from None
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        raise errors.NotFhir("The portal's answer is no FHIR resource.", status=response.status_code)
    return value
