"""Live updates over real HTTP and WebSocket: events are told, nothing else is believed, no token goes elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.websockets import WebSocket

from client import errors
from client.http import Http
from client.live import Pace
from client.origin import Base
from client.portal import Portal
from tests.client.teller import Teller, confirmed, counting, handshake, telling, told
from tests.contract.world import Recorder
from tests.sandbox.conftest import fresh_store, message, running
from workbench.sandbox.subscriptions import Subscriptions

WITHIN = 60.0
QUICK = Pace(connect=5.0, ping=0.05, silence=0.4, renew_least=0.05)


@asynccontextmanager
async def on(base: str, pace: Pace | None = None) -> AsyncIterator[tuple[Portal, Recorder]]:
    recorder = Recorder()
    async with Portal("p", Http(Base(base), transport=recorder), pace=pace) as portal:
        yield portal, recorder


async def forever(line: WebSocket) -> None:
    while True:
        await line.receive_text()


async def ended(portal: Portal) -> tuple[int, errors.PortalError]:
    """How often a line said something, and how it ended."""
    count = 0
    async with asyncio.timeout(WITHIN):
        try:
            async for _ in portal.listen():
                count += 1
        except errors.PortalError as error:
            return count, error
    raise AssertionError("it ended without a word")


async def test_every_listener_is_told_of_what_is_written() -> None:
    with fresh_store() as store, running(store, subscriptions=Subscriptions(store)) as sandbox:
        patient = sandbox.create("Patient", name=[{"family": "Nordmann"}])["id"]
        async with on(sandbox.base) as (one, _), on(sandbox.base) as (other, _), asyncio.timeout(WITHIN):
            lines = [one.listen(), other.listen()]
            for line in lines:
                await anext(line)
            for kind in ("Communication", "Task", "Communication"):
                more: dict[str, Any] = (
                    {"status": "requested", "intent": "order"} if kind == "Task" else message(patient)
                )
                more.pop("resourceType", None)
                await asyncio.to_thread(sandbox.create, kind, **more)
                for line in lines:
                    await anext(line)
            await asyncio.to_thread(sandbox.create, "Patient", name=[{"family": "Uvedkommende"}])
            waits = [asyncio.ensure_future(anext(line)) for line in lines]
            await asyncio.to_thread(sandbox.create, "Task", status="requested", intent="order")
            await asyncio.gather(*waits)
            for line in lines:
                await line.aclose()  # type: ignore[attr-defined]


async def test_a_line_outlives_its_token() -> None:
    with fresh_store() as store, running(store, subscriptions=Subscriptions(store, lifetime=1.0)) as sandbox:
        async with on(sandbox.base, Pace(renew_least=0.05)) as (portal, recorder), asyncio.timeout(WITHIN):
            line = portal.listen()
            await anext(line)
            heard = asyncio.ensure_future(anext(line))
            while sum("binding-token" in str(request.url) for request in recorder.requests) < 8:
                await asyncio.wait([heard], timeout=0.05)
            assert not heard.done(), "a new token is no event"
            await asyncio.to_thread(sandbox.create, "Task", status="requested", intent="order")
            await heard
            await line.aclose()  # type: ignore[attr-defined]
    posts = [request for request in recorder.requests if request.method == "POST"]
    assert len(posts) == 2, "the Subscriptions stay; only their tokens are new"


async def test_a_subscription_goes_with_its_line() -> None:
    with fresh_store() as store, running(store, subscriptions=Subscriptions(store)) as sandbox:
        async with on(sandbox.base) as (portal, recorder), asyncio.timeout(WITHIN):
            line = portal.listen()
            await anext(line)
            paths = {request.url.path for request in recorder.requests if "binding-token" in request.url.path}
            made = [path.removeprefix("/fhir/").rpartition("/")[0] for path in paths]
            assert [sandbox.ask("GET", one).status_code for one in made] == [200, 200]
            await line.aclose()  # type: ignore[attr-defined]
            while any(sandbox.ask("GET", one).status_code != 404 for one in made):
                await asyncio.wait([asyncio.create_task(asyncio.sleep(0.01))])
        statement = sandbox.ask("GET", "metadata").json()["rest"][0]
        assert statement["extension"][0]["valueUri"] == sandbox.base.replace("http", "ws") + "/ws/subscriptions-r4"
        assert statement["resource"][-1]["type"] == "Subscription"


async def test_a_portal_that_offers_none_is_not_asked() -> None:
    with fresh_store() as store, running(store) as sandbox:
        async with on(sandbox.base) as (portal, recorder):
            _, error = await ended(portal)
            assert isinstance(error, errors.NotOffered)
            assert [request.method for request in recorder.requests] == ["GET"]


@pytest.mark.parametrize("status", [400, 404, 405, 422, 501])
async def test_a_portal_with_subscriptions_of_another_sort_is_left_as_it_was(status: int) -> None:
    with telling(Teller(forever, token_status=status)) as teller:
        async with on(teller.base) as (portal, _):
            _, error = await ended(portal)
        assert isinstance(error, errors.NotOffered)
        assert teller.calls == ["create", "create", "token", "delete", "delete"]


@pytest.mark.parametrize(
    "address",
    [
        "ws://127.0.0.1:{port}/fhir/ws",
        "ws://localhost:{port}/fhir/ws",
        "ws://127.0.0.1:{own}@127.0.0.1:{port}/",
        "ws://user@127.0.0.1:{own}/fhir/ws",
        "wss://127.0.0.1:{own}/fhir/ws",
        "http://127.0.0.1:{own}/fhir/ws",
        "//127.0.0.1:{port}/ws",
        "/fhir/ws",
        "ws:\\\\127.0.0.1:{port}/ws",
        "ws://127.0.0.1:{own}\t.evil/ws",
        "ws://[::1]:{port}/ws",
    ],
)
async def test_an_address_elsewhere_is_refused_and_nothing_is_sent_there(address: str) -> None:
    async with counting() as (port, came):
        with telling(Teller(forever)) as teller:
            own = teller.base.rpartition(":")[2].partition("/")[0]
            teller.address = address.format(port=port, own=own)
            async with on(teller.base) as (portal, _):
                count, error = await ended(portal)
        assert (count, type(error)) == (0, errors.Foreign)
        assert came == []
        assert "line" not in teller.calls


async def test_a_line_that_leads_on_to_elsewhere_is_not_followed() -> None:
    async with counting() as (port, came):
        for where in (f"ws://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/", "/fhir/other"):
            with telling(Teller(forever, elsewhere=where)) as teller:
                async with on(teller.base) as (portal, _):
                    count, error = await ended(portal)
            assert (count, type(error)) == (0, errors.Unreachable)
            assert teller.calls.count("line") == 1
        assert came == []


def bundle(resource: Any) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": resource}]})


@pytest.mark.parametrize(
    "said",
    [
        "",
        "not JSON",
        "[]",
        "null",
        '{"a":1,"a":2}',
        '{"resourceType":"Patient"}',
        '{"resourceType":"Bundle"}',
        '{"resourceType":"Bundle","entry":{}}',
        '{"resourceType":"Bundle","entry":[]}',
        bundle({"resourceType": "Communication"}),
        bundle(["SubscriptionStatus"]),
        '{"resourceType":"OperationOutcome","issue":[]}',
        "[" * 100_000,
        b"\x00\xff",
        b"{}",
        json.dumps(told("event-notification") | {"x": "y" * 2_000_000}),
    ],
    ids=lambda said: repr(said[:30]),
)
@pytest.mark.parametrize("before", [True, False])
async def test_what_makes_no_sense_ends_the_line(said: str | bytes, before: bool) -> None:
    async def play(line: WebSocket) -> None:
        if not before:
            await confirmed(line)
        await (line.send_text(said) if isinstance(said, str) else line.send_bytes(said))
        await forever(line)

    with telling(Teller(play)) as teller:
        async with on(teller.base) as (portal, _):
            count, error = await ended(portal)
    assert count == (0 if before else 1)
    assert isinstance(error, (errors.NotFhir, errors.Unreachable))


async def test_words_that_are_not_known_and_heartbeats_are_no_events() -> None:
    async def play(line: WebSocket) -> None:
        await confirmed(line)
        for said in ({"type": "pong"}, {"type": "news"}, {}, told("heartbeat"), handshake("1"), handshake("9")):
            await line.send_json(said)
        await line.send_json(told("event-notification"))
        await line.close()

    with telling(Teller(play)) as teller:
        async with on(teller.base) as (portal, _):
            count, error = await ended(portal)
    assert (count, type(error)) == (2, errors.Unreachable)


async def test_a_silent_line_is_asked_and_then_given_up() -> None:
    heard: list[Any] = []

    async def play(line: WebSocket) -> None:
        await confirmed(line)
        while True:
            heard.append(await line.receive_json())

    with telling(Teller(play)) as teller:
        async with on(teller.base, QUICK) as (portal, _):
            count, error = await ended(portal)
    assert (count, type(error)) == (1, errors.Unreachable)
    assert heard
    assert all(said == {"type": "ping"} for said in heard)


async def test_a_line_on_which_nothing_happens_stays() -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def play(line: WebSocket) -> None:
        await confirmed(line)
        for _ in range(30):  # far longer than silence may last
            assert await line.receive_json() == {"type": "ping"}
            await line.send_json({"type": "pong"})
        loop.call_soon_threadsafe(asked.set)
        await line.send_json(told("event-notification"))
        await forever(line)

    with telling(Teller(play)) as teller:
        async with on(teller.base, QUICK) as (portal, _), asyncio.timeout(WITHIN):
            line = portal.listen()
            await anext(line)
            await anext(line)
            assert asked.is_set()
            await line.aclose()  # type: ignore[attr-defined]
    assert teller.calls.count("line") == 1


async def test_tokens_that_are_not_taken_are_not_waited_for_for_ever() -> None:
    with telling(Teller(forever)) as teller:
        async with on(teller.base, Pace(connect=0.2)) as (portal, _):
            count, error = await ended(portal)
        assert (count, type(error)) == (0, errors.Deadline)
        assert teller.calls[-2:] == ["delete", "delete"]


async def test_neither_token_nor_content_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    async def play(line: WebSocket) -> None:
        await confirmed(line)
        await line.send_json(told("event-notification") | {"x": "hemmelig"})
        await line.close()

    with telling(Teller(play)) as teller:
        async with on(teller.base) as (portal, _):
            await ended(portal)
    written = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    assert not [line for line in written if "token-" in line or "hemmelig" in line]
