"""Every way an answer can fail to come as it should."""

import asyncio
import gzip
import json
import random
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from client import errors
from client.http import Call, Http
from client.origin import Base
from client.patience import Limits
from tests.client.tiny import PATIENT, Waits, Writer, answer, connected, outcome, request_headers, tiny

READ = Call("GET", "Patient/1")
SEND = Call("POST", "Communication", content=b"{}", writes=True, repeatable=True)
CHANGE = Call("PATCH", "Task/1", content=b"[]", writes=True, repeatable=False)
ONCE = Limits(attempts=1)
GOOD = answer(PATIENT)


async def failure(call: Call, *behaviours: object, limits: Limits = ONCE) -> errors.PortalError:
    """The error a call ends with."""
    async with tiny(*behaviours) as server, connected(server, limits) as http:  # type: ignore[arg-type]
        with pytest.raises(errors.PortalError) as caught:
            await http.send(call)
    return caught.value


async def test_a_good_answer_and_what_was_asked() -> None:
    async with tiny(GOOD) as server, connected(server) as http:
        assert (await http.send(READ)).json == PATIENT
    headers = request_headers(server.requests[0])
    assert headers["accept"] == "application/fhir+json"
    assert headers["cache-control"] == "no-cache"
    assert headers["accept-encoding"] == "gzip, identity"
    assert server.lines() == ["GET /fhir/Patient/1 HTTP/1.1"]


async def test_nobody_listens() -> None:
    async with tiny(GOOD) as server:
        pass
    waits = Waits()
    async with connected(server, waits=waits) as http:
        with pytest.raises(errors.Unreachable) as caught:
            await http.send(CHANGE)
    assert not caught.value.may_have_happened
    assert len(waits.seconds) == 3, "a connection that was never made is tried again, whatever the call"


async def test_a_connection_that_many_servers_would_be_closing_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def keeps(writer: Writer) -> None:
        writer.write(answer(PATIENT).replace(b"Connection: close\r\n", b""))
        await over.wait()

    over, since = asyncio.Event(), time.monotonic()
    async with tiny(keeps) as server, connected(server, Limits(whole=5.0, attempts=1)) as http:
        await http.send(READ)
        later = SimpleNamespace(monotonic=lambda: since + 4.5)
        monkeypatch.setattr("httpcore._async.http11.time", later)
        await http.send(READ)
        over.set()
    assert len(server.requests) == 2


async def test_a_drip_ends_at_the_whole_deadline() -> None:
    async def drip(writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    started = asyncio.get_running_loop().time()
    error = await failure(SEND, drip, limits=Limits(whole=0.3, idle=5, attempts=1))
    assert asyncio.get_running_loop().time() - started < 2
    assert isinstance(error, errors.Deadline)
    assert error.may_have_happened


async def test_silence_ends_at_the_idle_limit() -> None:
    async def silence(writer: Writer) -> None:
        await asyncio.sleep(2)

    error = await failure(READ, silence, limits=Limits(idle=0.1, attempts=1))
    assert isinstance(error, errors.Deadline)
    assert not error.may_have_happened


async def test_headers_that_never_end_are_given_up() -> None:
    async def endless(writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
            await writer.drain()

    assert isinstance(await failure(READ, endless), errors.NotFhir)


async def test_an_answer_cut_anywhere_is_read_again_and_leaves_a_write_unknown() -> None:
    whole = answer(PATIENT)
    for cut in range(len(whole)):
        async with tiny(whole[:cut], GOOD) as server, connected(server) as http:
            assert (await http.send(READ)).json == PATIENT, cut
            assert len(server.requests) == 2
        error = await failure(CHANGE, whole[:cut])
        assert error.may_have_happened, cut
        assert error.word in ("unreachable", "incomplete"), cut


async def test_a_cut_shows_without_a_length_too() -> None:
    whole = answer(PATIENT, length=False)
    assert isinstance(await failure(READ, whole[:-3]), errors.Incomplete)
    chunked = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"res'
    assert isinstance(await failure(READ, chunked), errors.Incomplete)
    packed = gzip.compress(json.dumps(PATIENT).encode())
    cut = answer(packed[:-6], headers=[("Content-Encoding", "gzip")], length=False)
    assert isinstance(await failure(READ, cut), errors.Incomplete)


async def test_a_change_is_not_sent_twice_and_an_identified_send_is() -> None:
    broken = answer(outcome("nede"), 500)
    made = answer(PATIENT, 201)
    async with tiny(broken, made) as server, connected(server) as http:
        with pytest.raises(errors.ServerFault) as caught:
            await http.send(CHANGE)
    assert caught.value.may_have_happened
    assert len(server.requests) == 1
    async with tiny(broken, made) as server, connected(server) as http:
        assert (await http.send(SEND)).status == 201
    assert len(server.requests) == 2


async def test_doubt_from_a_first_try_stays_when_the_second_is_refused() -> None:
    error = await failure(SEND, b"", answer(outcome("nei"), 422), limits=Limits())
    assert isinstance(error, errors.Refused)
    assert error.may_have_happened


async def test_a_packed_answer_is_unpacked_and_a_bomb_is_not() -> None:
    body = json.dumps(PATIENT | {"text": "x" * 200_000}).encode()
    good = answer(gzip.compress(body), headers=[("Content-Encoding", "gzip")])
    async with tiny(good) as server, connected(server) as http:
        assert (await http.send(READ)).data == body
    bomb = answer(gzip.compress(b" " * 50_000_000), headers=[("Content-Encoding", "gzip")])
    tracemalloc.start()
    try:
        assert isinstance(await failure(READ, bomb, limits=Limits(json_bytes=1_000_000)), errors.TooLarge)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd", "deflate", "gzip;q=1", "x-unknown"])
async def test_other_packings_are_refused(packing: str) -> None:
    error = await failure(CHANGE, answer(PATIENT, headers=[("Content-Encoding", packing)]))
    assert isinstance(error, errors.NotFhir)
    assert error.may_have_happened


async def test_packed_nonsense_and_what_hangs_on_behind_are_refused() -> None:
    packed = gzip.compress(json.dumps(PATIENT).encode())
    for body in (b"not gzip at all", packed + b"more", packed + packed):
        error = await failure(READ, answer(body, headers=[("Content-Encoding", "gzip")]))
        assert isinstance(error, errors.NotFhir)


async def test_an_answer_too_large_is_not_read_to_its_end() -> None:
    large = answer(json.dumps(PATIENT).encode() + b" " * 100_000)
    assert isinstance(await failure(READ, large, limits=Limits(json_bytes=50_000)), errors.TooLarge)
    unsaid = answer(json.dumps(PATIENT).encode() + b" " * 100_000, length=False)
    assert isinstance(await failure(READ, unsaid, limits=Limits(json_bytes=50_000)), errors.TooLarge)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html>Logg inn</html>", "text/html"),
        (b"<html>Logg inn</html>", "application/fhir+json"),
        (json.dumps(PATIENT).encode(), "text/html"),
        (json.dumps(PATIENT).encode(), ""),
        (json.dumps(PATIENT).encode(), "application/fhir+xml"),
        (json.dumps(PATIENT).encode("latin-1"), "application/fhir+json; charset=iso-8859-1"),
        (json.dumps(PATIENT).encode("utf-16"), "application/fhir+json"),
        ('{"resourceType": "Æ"}'.encode("latin-1"), "application/fhir+json"),
        (b"\xef\xbb\xbf" + json.dumps(PATIENT).encode(), "application/fhir+json"),
        (b'{"resourceType": "Patient", "id": "1", "id": "2"}', "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": NaN}', "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": -Infinity}', "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": 1e999}', "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": ' + b"9" * 5000 + b"}", "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/fhir+json"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 70 + b"]" * 70 + b"}", "application/fhir+json"),
        (b'["Patient"]', "application/fhir+json"),
        (b'{"id": "1"}', "application/fhir+json"),
        (b'{"resourceType": ["Patient"]}', "application/fhir+json"),
        (b"null", "application/fhir+json"),
    ],
)
async def test_what_is_no_fhir_is_called_so_and_not_asked_for_again(body: bytes, content_type: str) -> None:
    async with tiny(answer(body, content_type=content_type)) as server, connected(server) as http:
        with pytest.raises(errors.NotFhir) as caught:
            await http.send(SEND)
    assert caught.value.may_have_happened
    assert len(server.requests) == 1
    assert "Patient" not in str(caught.value)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
async def test_an_encoding_is_known_by_all_its_names(charset: str) -> None:
    told = answer(json.dumps(PATIENT).encode(), content_type=f"application/fhir+json; charset={charset}")
    async with tiny(told) as server, connected(server) as http:
        assert (await http.send(READ)).json == PATIENT


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_nothing_goes_where_it_points(status: int) -> None:
    async with tiny(GOOD) as elsewhere:
        moved = answer(b"", status, [("Location", f"{elsewhere.address}/Patient/1")])
        error = await failure(CHANGE, moved)
        assert isinstance(error, errors.NotFhir)
        assert "address" in error.text
    assert elsewhere.requests == []


async def test_headers_too_many_or_too_large_or_given_twice_are_refused() -> None:
    for headers in (
        [(f"X-{number}", "1") for number in range(300)],
        [("X-Large", "x" * 40_000)],
        [("X-Large", "x" * 200_000)],
        [("ETag", 'W/"1"'), ("ETag", 'W/"2"')],
        [("Content-Type", "text/html")],
        [("Location", "a"), ("Location", "b")],
    ):
        assert isinstance(await failure(READ, answer(PATIENT, headers=headers)), errors.NotFhir)


@pytest.mark.parametrize(
    "bytes_on_the_wire",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ],
)
async def test_what_is_no_http_is_called_so(bytes_on_the_wire: bytes) -> None:
    error = await failure(CHANGE, bytes_on_the_wire)
    assert isinstance(error, errors.NotFhir)
    assert error.may_have_happened


@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [
        (400, errors.Refused, False),
        (401, errors.Unauthorised, False),
        (403, errors.Forbidden, False),
        (404, errors.NotFound, False),
        (405, errors.Refused, False),
        (408, errors.Deadline, True),
        (409, errors.Conflict, False),
        (410, errors.Gone, False),
        (412, errors.Conflict, False),
        (413, errors.TooLarge, False),
        (415, errors.Refused, False),
        (418, errors.Refused, False),
        (422, errors.Refused, False),
        (429, errors.Throttled, False),
        (500, errors.ServerFault, True),
        (501, errors.Refused, False),
        (502, errors.ServerFault, True),
        (503, errors.ServerFault, True),
        (504, errors.ServerFault, True),
        (206, errors.NotFhir, True),
    ],
)
async def test_each_status_has_its_word(status: int, kind: type[errors.PortalError], unknown: bool) -> None:
    said = await failure(CHANGE, answer(outcome("Ola Prøve, 12837916753, finnes ikke"), status))
    assert type(said) is kind
    assert said.status == status
    assert said.may_have_happened is unknown
    assert said.text.startswith("Ola Prøve")
    assert "Ola" not in str(said) + repr(said), "what a portal says may be about a patient and stays out of logs"


async def test_412_on_a_conditional_create_means_several() -> None:
    call = Call("POST", "Task", content=b"{}", headers={"If-None-Exist": "identifier=x"}, writes=True)
    assert isinstance(await failure(call, answer(outcome(diagnostics="flere"), 412)), errors.SeveralMatches)


async def test_the_portal_s_words_are_taken_from_the_text_or_else_the_diagnostics() -> None:
    assert (await failure(READ, answer(outcome("tekst", "diagnose"), 400))).text == "tekst"
    assert (await failure(READ, answer(outcome(diagnostics="diagnose"), 400))).text == "diagnose"
    assert (await failure(READ, answer(b"<html>Gateway</html>", 502, content_type="text/html"))).text == ""
    assert len((await failure(READ, answer(outcome("x" * 10_000), 400))).text) == errors.TEXT_KEPT
    strange = {"resourceType": "OperationOutcome", "issue": [None, {"details": 3, "diagnostics": ["x"]}, "x"]}
    assert (await failure(READ, answer(strange, 400))).text == ""
    assert (await failure(READ, answer({"resourceType": "OperationOutcome", "issue": 7}, 400))).text == ""


async def test_patience_is_asked_for_and_had() -> None:
    waits = Waits()
    behaviours = (answer(b"", 429, [("Retry-After", "5")]), answer(b"", 503, [("Retry-After", "2")]), GOOD)
    async with tiny(*behaviours) as server, connected(server, waits=waits) as http:
        await http.send(READ)
    assert len(waits.seconds) == 2
    assert waits.seconds[0] >= 5
    assert waits.seconds[1] >= 2


async def test_a_portal_that_asks_for_too_long_is_not_waited_for() -> None:
    waits = Waits()
    busy = answer(b"", 429, [("Retry-After", "99999999")])
    async with tiny(busy) as server, connected(server, waits=waits) as http:
        with pytest.raises(errors.Throttled) as caught:
            await http.send(READ)
    assert caught.value.retry_after == 99999999
    assert waits.seconds == []


async def test_waits_differ_and_their_longest_doubles() -> None:
    waits = Waits()
    async with tiny(answer(b"", 503)) as server:
        dice = random.Random(7)
        async with Http(Base(server.address), limits=Limits(attempts=6, budget=50), dice=dice, sleep=waits) as http:
            with pytest.raises(errors.ServerFault):
                await http.send(READ)
    assert len(waits.seconds) == 5
    assert all(wait <= 0.5 * 2**tries for tries, wait in enumerate(waits.seconds))
    assert len(set(waits.seconds)) == 5


async def test_a_portal_in_trouble_is_not_asked_ever_more_often() -> None:
    async with tiny(answer(b"", 503)) as server, connected(server) as http:
        for _ in range(20):
            with pytest.raises(errors.ServerFault):
                await http.send(READ)
    assert len(server.requests) <= 20 + Limits().budget


async def test_waiting_counts_towards_the_deadline() -> None:
    asks = answer(b"", 429, [("Retry-After", "20")])
    async with tiny(asks) as server, Http(Base(server.address), limits=Limits(whole=0.2)) as http:
        with pytest.raises(errors.Deadline):
            await http.send(READ)


async def test_the_portal_s_clock_is_learnt() -> None:
    now = datetime(2026, 3, 5, 12, 0, 0, tzinfo=UTC)
    late = answer(PATIENT, headers=[("Date", "Thu, 05 Mar 2026 12:07:00 GMT")])
    garbage = answer(PATIENT, headers=[("Date", "garbage")])
    async with tiny(late, garbage) as server, Http(Base(server.address), clock=lambda: now) as http:
        for _ in range(2):
            await http.send(READ)
            assert http.offset == timedelta(minutes=7)


async def test_the_environment_does_not_steer_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with tiny(GOOD) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        async with tiny(GOOD) as server, connected(server) as http:
            await http.send(READ)
        assert len(server.requests) == 1
        assert proxy.requests == []


async def test_who_signs_in_puts_a_token_on_every_try_to_the_portal_and_nowhere_else() -> None:
    class Token(httpx.Auth):
        def auth_flow(self, request: httpx.Request):  # type: ignore[no-untyped-def]
            request.headers["Authorization"] = "Bearer hemmelig"
            yield request

    async with (
        tiny(GOOD) as elsewhere,
        tiny(answer(b"", 503), GOOD) as server,
        Http(Base(server.address), auth=Token(), sleep=Waits()) as http,
    ):
        await http.send(READ)
        with pytest.raises(errors.Foreign):
            await http.send(Call("GET", f"{elsewhere.address}/Patient/1"))
    assert [request_headers(request)["authorization"] for request in server.requests] == ["Bearer hemmelig"] * 2
    assert elsewhere.requests == []


async def test_being_cancelled_leaves_no_connection_open() -> None:
    came, closed = asyncio.Event(), asyncio.Event()

    async def wait(writer: Writer) -> None:
        came.set()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()
        while not writer.transport.is_closing():
            await asyncio.sleep(0.01)
            writer.write(b" ")
        closed.set()

    async with tiny(wait) as server, connected(server) as http:
        sending = asyncio.create_task(http.send(SEND))
        await came.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await asyncio.wait_for(closed.wait(), 5)
