"""Dates, JSON, addresses and patience, each by itself."""

import email.utils
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from client import errors
from client.dates import instant, moment
from client.json import JsonError, parse
from client.origin import Base
from client.patience import RESET_EXTENSION, Limits, Patience, asked_wait

NOW = datetime(2026, 3, 5, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-05T12:00:00Z", "2026-03-05T12:00:00+00:00"),
        ("2026-03-05T12:00:00.123456789Z", "2026-03-05T12:00:00.123456+00:00"),
        ("2026-03-05T12:00:00.5+01:00", "2026-03-05T11:00:00.500000+00:00"),
        ("2026-03-05T12:00:00-0330", "2026-03-05T15:30:00+00:00"),
        ("2026-03-05T12:00:00", "2026-03-05T12:00:00+00:00"),
        ("2026-03-05T12:00", "2026-03-05T12:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
    ],
)
def test_times_are_read_as_far_as_they_go(written: str, read: str) -> None:
    found = moment(written)
    assert found
    assert found.isoformat() == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "i går",
        "2026-13-01",
        "2026-02-30",
        "0000-01-01",
        "10000-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-05T25:00:00Z",
        "٢٠٢٦-٠٣-٠٥T12:00:00Z;drop",
        "2026-3-5",
        "1772712000",
    ],
)
def test_what_is_no_date_is_none(written: str | None) -> None:
    assert moment(written) is None


@pytest.fixture(params=["UTC", "Europe/Oslo", "America/New_York"])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """The zone that this machine is in."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-03-12", "2026-03-12", "2026-03-12"),
        ("2026-03-29", "2026-03-29", "2026-03-29"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_is_a_day_where_it_is_read(written: str, first: str, last: str, here: ZoneInfo) -> None:
    began, ended = moment(written), moment(written, end=True)
    assert began
    assert ended
    assert began.astimezone(here).isoformat()[:19] == f"{first}T00:00:00"
    assert ended.astimezone(here).isoformat()[:19] == f"{last}T23:59:59"


def test_a_time_ends_when_it_says() -> None:
    assert moment("2026-03-12T15:00:00Z", end=True) == moment("2026-03-12T15:00:00Z")


def test_an_end_beyond_the_calendar_is_none() -> None:
    assert moment("9999", end=True) is None


def test_an_instant_is_never_later_than_what_it_was_made_of() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    dice = random.Random(seed)
    for _ in range(500):
        when = NOW + timedelta(microseconds=dice.randrange(10**13))
        read = moment(instant(when))
        assert read
        assert timedelta() <= when - read < timedelta(milliseconds=1)


def test_lone_surrogates_become_the_replacement_character_and_pairs_stay() -> None:
    value = parse(rb'{"a\ud800": ["\ud83d\ude00", "x\udfffy", {"b": "\\ud800"}]}')
    assert value == {"a\ufffd": ["\U0001f600", "x\ufffdy", {"b": "\\ud800"}]}
    str(value).encode("utf-8")


def test_numbers_and_nesting_within_bounds_are_kept() -> None:
    assert parse(b"[1.50, -7, 123456789012345678, 0.1e-5, true, null]") == [
        1.5,
        -7,
        123456789012345678,
        1e-6,
        True,
        None,
    ]
    assert parse(b"[" * 64 + b"]" * 64)
    with pytest.raises(JsonError):
        parse(b"[" * 65 + b"]" * 65)


def test_the_message_about_bad_json_holds_nothing_of_it() -> None:
    with pytest.raises(JsonError) as caught:
        parse(b'{"navn": "Ola Nordmann", "navn": "Kari"}')
    assert "Ola" not in str(caught.value)
    assert "navn" not in str(caught.value)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("http://127.0.0.1:8080/fhir?_getpages=1", "http://127.0.0.1:8080/fhir?_getpages=1"),
        ("?_getpages=1%7C2&x=a+b", "http://127.0.0.1:8080/fhir/?_getpages=1%7C2&x=a+b"),
        ("/fhir?p=2", "http://127.0.0.1:8080/fhir?p=2"),
        ("Communication?page=2", "http://127.0.0.1:8080/fhir/Communication?page=2"),
        ("../../admin", "http://127.0.0.1:8080/admin"),
        ("HTTP://127.0.0.1:8080/fhir/x", "http://127.0.0.1:8080/fhir/x"),
    ],
)
def test_links_lead_somewhere_on_the_portal(link: str, address: str) -> None:
    assert Base("http://127.0.0.1:8080/fhir/").resolve(link) == address


@pytest.mark.parametrize(
    "link",
    [
        "",
        "//evil.example/x",
        "https://127.0.0.1:8080/fhir",
        "http://127.0.0.1:8081/fhir",
        "http://127.0.0.1/fhir",
        "http://127.0.0.1:8080@evil.example/",
        "http://user:pw@127.0.0.1:8080/fhir",
        "http://127.0.0.1:8080.evil.example/",
        "\\\\evil.example\\x",
        "http://127.0.0.1:8080\\@evil.example/x",
        "http:\n//evil.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[::1",
        "http://127.0.0.1:99999/",
    ],
)
def test_links_that_lead_elsewhere_are_refused(link: str) -> None:
    with pytest.raises(errors.Foreign):
        Base("http://127.0.0.1:8080/fhir").resolve(link)


def test_a_portal_behind_a_proxy_that_ends_tls_may_write_http() -> None:
    base = Base("https://portal.example/fhir")
    assert base.resolve("http://portal.example/fhir?_getpages=1") == "https://portal.example/fhir?_getpages=1"
    assert base.websocket("ws://portal.example/fhir/ws") == "wss://portal.example/fhir/ws"
    for link in ("http://portal.example:8080/fhir", "http://u@portal.example/fhir", "http://x.example/fhir"):
        with pytest.raises(errors.Foreign):
            base.resolve(link)


def test_the_usual_port_may_be_named_or_not() -> None:
    base = Base("https://portal.example/fhir")
    assert base.resolve("https://PORTAL.example:443/fhir/x")
    for own in ("https://PORTAL.example:443/fhir/Patient/1", "http://portal.example:80/fhir/Patient/1"):
        assert base.relative(own) == "Patient/1"
    for other in ("https://portal.example:444/fhir/Patient/1", "https://portal.example:80/fhir/Patient/1"):
        assert base.relative(other) == other


@pytest.mark.parametrize(
    "address",
    [
        "",
        "portal.example",
        "ftp://portal.example",
        "https://",
        "https://u:p@portal.example/",
        "https://portal.example/?x=1",
    ],
)
def test_what_is_no_address_of_a_portal_is_refused(address: str) -> None:
    with pytest.raises(errors.Foreign):
        Base(address)


@pytest.mark.parametrize("address", ["http://localhost:1/fhir", "http://127.0.0.1/fhir", "http://[::1]:8080/fhir"])
def test_plain_http_is_for_this_machine(address: str) -> None:
    assert Base(address).url == address


def test_plain_http_to_another_machine_must_be_asked_for() -> None:
    with pytest.raises(errors.Tls):
        Base("http://portal.example/fhir")
    assert Base("http://portal.example/fhir/", allow_plain=True).url == "http://portal.example/fhir"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 400, float("9" * 12)),
        (email.utils.format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (email.utils.format_datetime(NOW - timedelta(seconds=90), usegmt=True), None),
        ("Thu, 99 Xxx 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert asked_wait({"retry-after": value}, None, NOW) == seconds


def test_medplum_s_ways_of_asking_are_understood() -> None:
    extension = [{"url": RESET_EXTENSION, "valueUnsignedInt": 12}]
    assert asked_wait({}, {"issue": [{"extension": extension}]}, NOW) == 12
    assert asked_wait({}, {"extension": extension}, NOW) == 12
    limits = '"requests";r=59999;t=60, "fhirInteractions";r=0;t=7'
    assert asked_wait({"ratelimit": limits}, None, NOW) == 7
    assert asked_wait({"ratelimit": '"requests";r=5;t=60'}, None, NOW) is None
    stranger: list[object] = [[], "x", {"issue": 3}, {"issue": [{"extension": {"url": 1}}]}, {"extension": [7]}]
    for strange in stranger:
        assert asked_wait({}, strange, NOW) is None


def test_second_tries_end_with_attempts_and_with_the_budget() -> None:
    patience = Patience(Limits(attempts=3, budget=2.5), random.Random(1))
    assert patience.wait(1, None) is not None
    assert patience.wait(3, None) is None
    assert patience.wait(1, 3600) is None
    assert patience.wait(1, None) is not None
    assert patience.wait(1, None) is None
    for _ in range(5):
        patience.succeeded()
    assert patience.wait(1, None) is not None
