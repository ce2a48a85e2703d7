"""FHIR's interactions with servers that keep to the letter, to half of it, or to none of it."""

import pytest

from client import errors
from client.patience import Limits
from client.rest import Rest
from tests.client.tiny import PATIENT, Tiny, answer, connected, outcome, request_headers, tiny

MADE = {"resourceType": "Communication", "id": "m1", "status": "in-progress"}
OFFERED = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "rest": [
        {
            "resource": [
                {"type": "Communication", "conditionalCreate": True},
                {"type": "Task", "interaction": [{"code": "patch"}]},
            ]
        }
    ],
}
ID = "https://x.example/id|7f"


def bundle(*resources: object, following: str = "", total: int | None = None) -> dict[str, object]:
    links = [{"relation": "next", "url": following}] if following else []
    page: dict[str, object] = {"resourceType": "Bundle", "link": links}
    page["entry"] = [{"resource": each} for each in resources]
    return page | ({"total": total} if total is not None else {})


def patient(identity: str) -> dict[str, str]:
    return PATIENT | {"id": identity}


async def test_pages_are_followed_as_the_portal_gives_them() -> None:
    first = answer(bundle(patient("a"), following="{base}?_getpages=x%7Cy&z=1+2"))
    second = answer(bundle(patient("b"), following="?_getpages=2"))
    third = answer(bundle(patient("c"), outcome("advarsel")))
    # {base} is filled in by the server, so the length it announced would be wrong
    async with tiny(relength(first), relength(second), third) as server, connected(server) as http:
        found = await Rest(http).find("Patient", [("name", "Æ & b|c")])
    assert [each["id"] for each in found.resources] == ["a", "b", "c"]
    assert found.missing == 0
    assert server.lines() == [
        "GET /fhir/Patient?name=%C3%86+%26+b%7Cc HTTP/1.1",
        "GET /fhir?_getpages=x%7Cy&z=1+2 HTTP/1.1",
        "GET /fhir/?_getpages=2 HTTP/1.1",
    ]


def relength(raw: bytes) -> bytes:
    """The same answer without a length."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return b"\r\n".join(x for x in head.split(b"\r\n") if not x.startswith(b"Content-Length")) + b"\r\n\r\n" + body


@pytest.mark.parametrize("link", ["https://evil.example/fhir?page=2", "//evil.example/x", "http://127.0.0.1:9/fhir"])
async def test_a_page_elsewhere_is_not_asked_for(link: str) -> None:
    async with tiny(answer(bundle(patient("a"), following=link))) as server, connected(server) as http:
        with pytest.raises(errors.Foreign):
            await Rest(http).find("Patient", [])
    assert len(server.requests) == 1


async def test_pages_in_a_circle_end() -> None:
    a = answer(bundle(patient("a"), following="?page=b"))
    b = answer(bundle(patient("b"), following="?page=a"))
    async with tiny(a, b, a, b, a, b) as server, connected(server) as http:
        with pytest.raises(errors.NotFhir):
            await Rest(http).find("Patient", [])
    assert len(server.requests) <= 4


async def test_a_total_is_only_ever_a_warning() -> None:
    for total, missing in ((2, 0), (1, 0), (0, 0), (5, 3), (-1, 0)):
        page = answer(bundle(patient("a"), patient("b"), total=total))
        async with tiny(page) as server, connected(server) as http:
            found = await Rest(http).find("Patient", [])
        assert len(found.resources) == 2
        assert found.missing == missing


@pytest.mark.parametrize(
    "page",
    [
        PATIENT,
        {"resourceType": "Bundle", "entry": {"resource": PATIENT}},
        {"resourceType": "Bundle", "entry": "x"},
    ],
)
async def test_what_is_no_bundle_is_called_so(page: object) -> None:
    async with tiny(answer(page)) as server, connected(server) as http:
        with pytest.raises(errors.NotFhir):
            await Rest(http).find("Patient", [])


async def test_entries_that_are_nothing_cost_only_themselves() -> None:
    strange = {"resourceType": "Bundle", "entry": [None, "x", {}, {"resource": [1]}, {"resource": PATIENT}], "link": 7}
    async with tiny(answer(strange)) as server, connected(server) as http:
        found = await Rest(http).search("Patient", [])
    assert found.count == 5
    assert [each for each in found.resources if each] == [PATIENT]


async def test_another_resource_than_the_one_asked_for_is_refused() -> None:
    for wrong in (patient("2"), {"resourceType": "Practitioner", "id": "1"}, outcome("hei")):
        async with tiny(answer(wrong)) as server, connected(server) as http:
            with pytest.raises(errors.NotFhir):
                await Rest(http).read("Patient", "1")


async def test_an_id_cannot_climb_out_of_its_place() -> None:
    async with tiny(answer(b"", 404)) as server, connected(server) as http:
        with pytest.raises(errors.NotFound):
            await Rest(http).read("Patient", "../Practitioner/1?x=1#y")
    assert server.lines() == ["GET /fhir/Patient/..%2FPractitioner%2F1%3Fx%3D1%23y HTTP/1.1"]


async def create(*behaviours: bytes, limits: Limits | None = None) -> tuple[object, Tiny]:
    """What a create ends with, and what the server saw."""
    async with tiny(*behaviours) as server, connected(server, limits) as http:
        try:
            return await Rest(http).create({"resourceType": "Communication"}, unless=ID), server
        except errors.PortalError as error:
            return error, server


async def test_a_create_carries_its_condition_as_it_stands() -> None:
    made, server = await create(answer(MADE, 201))
    assert made == MADE
    assert request_headers(server.requests[0])["if-none-exist"] == f"identifier={ID}"
    assert server.requests[0].endswith(b'{"resourceType":"Communication"}')


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("body", [b"", outcome("opprettet")])
async def test_a_create_whose_answer_holds_no_resource_is_read_back(status: int, body: object) -> None:
    if status == 204 and body:
        return
    told = answer(body, status, [("Location", "http://elsewhere.example/fhir/Communication/m1/_history/1")])
    made, server = await create(told, answer(MADE))
    assert made == MADE
    assert server.lines()[-1] == "GET /fhir/Communication/m1 HTTP/1.1"
    made, server = await create(answer(body, status), answer(bundle(MADE)))
    assert made == MADE
    assert server.lines()[-1].startswith("GET /fhir/Communication?identifier=https")


async def test_a_create_that_cannot_be_read_back_stays_unknown() -> None:
    for behaviours in ((answer(b"", 200), answer(bundle())), (answer(b"", 201), answer(outcome("nede"), 400))):
        error, _ = await create(*behaviours)
        assert isinstance(error, errors.PortalError)
        assert error.may_have_happened


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_a_create_that_may_still_be_carried_out_is_not_made_twice(status: int) -> None:
    """Not even on a portal that creates on condition: it may look before the first one is written."""
    error, server = await create(answer(outcome("nede"), status), answer(MADE, 201))
    assert isinstance(error, errors.PortalError)
    assert error.may_have_happened
    assert [line.split()[0] for line in server.lines()] == ["POST"]


async def test_a_portal_of_another_version_is_called_so() -> None:
    for version in ("3.0.2", "5.0.0", "", None, 4):
        async with (
            tiny(answer({"resourceType": "CapabilityStatement", "fhirVersion": version})) as server,
            connected(server) as http,
        ):
            with pytest.raises(errors.NotFhir):
                await Rest(http).offered()
    async with tiny(answer(OFFERED)) as server, connected(server) as http:
        offered = await Rest(http).offered()
    assert (offered.patch, offered.conditional_create, offered.sign_in) == (True, True, False)


@pytest.mark.parametrize(
    ("security", "sign_in"),
    [
        ({"description": "None: synthetic data."}, False),
        ({"cors": True, "service": [{"text": "OAuth is planned"}]}, False),
        ({"service": [{"coding": [{"code": "Basic"}]}]}, False),
        ({"service": [{"coding": [{"code": "SMART-on-FHIR"}]}]}, True),
        ({"service": [{"coding": [{"code": "OAuth"}]}]}, True),
        ({"extension": [{"url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"}]}, True),
        ("OAuth", False),
    ],
)
async def test_sign_in_is_what_a_named_service_asks_for(security: object, sign_in: bool) -> None:
    statement = OFFERED | {"rest": [{"mode": "server", "security": security}]}
    async with tiny(answer(statement)) as server, connected(server) as http:
        assert (await Rest(http).offered()).sign_in is sign_in


@pytest.mark.parametrize("status", [405, 415, 501])
async def test_a_portal_without_patch_is_told_so_and_nothing_is_put(status: int) -> None:
    async with tiny(answer(outcome("nei"), status)) as server, connected(server) as http:
        with pytest.raises(errors.Refused) as caught:
            await Rest(http).patch("Task", "1", [], "7")
    assert "Patch" in caught.value.text
    assert [line.split()[0] for line in server.lines()] == ["PATCH"]
    assert request_headers(server.requests[0])["if-match"] == 'W/"7"'


async def test_a_patch_without_a_body_in_its_answer_is_read_again() -> None:
    task = {"resourceType": "Task", "id": "1"}
    async with tiny(answer(b"", 200), answer(task)) as server, connected(server) as http:
        assert await Rest(http).patch("Task", "1", [], "7") == task


async def test_an_upload_is_wrapped_only_where_raw_bytes_are_refused() -> None:
    binary = {"resourceType": "Binary", "id": "b1"}
    located = answer(b"", 201, [("Location", "Binary/b2/_history/1")])
    async with tiny(answer(binary, 201), located) as server, connected(server) as http:
        assert await Rest(http).upload(b"\x00\xff", "image/png") == "b1"
        assert await Rest(http).upload(b"\x00\xff", "image/png") == "b2"
    assert server.requests[0].endswith(b"\r\n\r\n\x00\xff")
    assert request_headers(server.requests[0])["content-type"] == "image/png"
    async with tiny(answer(outcome("nei"), 415), answer(binary, 201)) as server, connected(server) as http:
        assert await Rest(http).upload(b"\x00\xff", "image/png") == "b1"
    assert b'"data":"AP8="' in server.requests[1]
    async with tiny(answer(b"", 201)) as server, connected(server) as http:
        with pytest.raises(errors.NotFhir) as caught:
            await Rest(http).upload(b"x", "image/png")
    assert caught.value.may_have_happened


async def test_a_private_search_keeps_its_words_out_of_the_address() -> None:
    async with tiny(answer(bundle())) as server, connected(server) as http:
        await Rest(http).search("Patient", [("identifier", "urn:oid:2.16|12837916753")], private=True)
    assert server.lines() == ["POST /fhir/Patient/_search HTTP/1.1"]
    assert server.requests[0].endswith(b"identifier=urn%3Aoid%3A2.16%7C12837916753")


async def test_nothing_is_changed_whose_version_nobody_knows() -> None:
    async with tiny(answer(PATIENT)) as server, connected(server) as http:
        with pytest.raises(errors.Conflict):
            await Rest(http).patch("Task", "1", [], "")
    assert server.requests == []


async def test_a_version_may_be_told_in_the_header_alone() -> None:
    for etag in ('W/"7"', '"7"'):
        async with tiny(answer(PATIENT, headers=[("ETag", etag)])) as server, connected(server) as http:
            assert (await Rest(http).read("Patient", "1"))["meta"] == {"versionId": "7"}
    full = PATIENT | {"meta": {"versionId": "3", "lastUpdated": "2026"}}
    async with tiny(answer(full, headers=[("ETag", 'W/"7"')])) as server, connected(server) as http:
        assert await Rest(http).read("Patient", "1") == full
