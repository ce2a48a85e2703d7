"""The portal's calls where the portal answers more, less or other than was asked."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from client import errors, outgoing, patches
from client.conventions import Conventions
from client.mapping.context import Context
from client.origin import Base
from client.portal import Portal
from client.record import verify
from tests.client.test_mapping import META, concept, header, post, task
from tests.client.test_rest import bundle
from tests.client.tiny import Tiny, answer, connected, outcome, tiny
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.people import Me, Role
from workbench.dialogue.work import Change, Priority, Verb

Resource = dict[str, Any]
OWN = Conventions()
ME = Me("here", "Practitioner/9", "Kari", Role.CLINICIAN)
WHEN = datetime(2026, 3, 5, 12, tzinfo=UTC)
OTHER = [{"reference": "Communication/other"}]


@asynccontextmanager
async def portal(*bodies: bytes | object) -> AsyncIterator[tuple[Portal, Tiny]]:
    """Our client on a server that gives these answers, in order."""
    behaviours = [body if isinstance(body, bytes) else answer(body) for body in bodies]
    async with tiny(*behaviours) as server, connected(server) as http:
        yield Portal("here", http), server


async def test_a_portal_that_overlooks_what_was_asked_brings_nothing_foreign_in() -> None:
    """It gives everything it has, whatever the parameters: other people's messages must not appear here."""
    mine, foreign = post(id="mine"), post(id="foreign", partOf=OTHER)
    my_task = task(id="my")
    their_task = task(id="their", focus=OTHER[0])
    side = header(id="side", category=[concept(OWN.kind_system, "internal")], basedOn=[{"reference": "Task/their"}])
    async with portal(
        header(), bundle(mine, foreign), bundle(mine), bundle(my_task, their_task), bundle(side, mine)
    ) as (here, _):
        batch = await here.thread("h")
    assert [each.stamp.id for each in batch.posts] == ["mine"]
    assert [each.stamp.id for each in batch.tasks] == ["my"]
    assert [each.stamp.id for each in batch.threads] == ["h"]
    async with portal(bundle(my_task, their_task)) as (here, _):
        found = await here.task_of("h")
    assert found
    assert found.stamp.id == "my"
    async with portal(bundle(mine, foreign)) as (here, _):
        assert await here.find("0000") is None
    people = [{"resourceType": "Patient", "id": identity, "meta": META} for identity in ("1", "2")]
    async with portal(bundle(*people)) as (here, _):
        assert [each.patient.reference for each in (await here.fetch(["Patient/1"])).patients] == ["Patient/1"]
    papers = [
        {"resourceType": "DocumentReference", "id": f"d{n}", "subject": {"reference": f"Patient/{n}"}} for n in (1, 2)
    ]
    async with portal(bundle(*papers)) as (here, _):
        assert [each.reference for each in await here.documents("Patient/1")] == ["DocumentReference/d1"]
    times: list[Resource] = [
        {"resourceType": "Appointment", "id": f"a{n}", "participant": [{"actor": {"reference": f"Patient/{n}"}}]}
        for n in (1, 2)
    ]
    async with portal(bundle(*times)) as (here, _):
        assert [each.reference for each in await here.appointments("Patient/1", WHEN)] == ["Appointment/a1"]


async def test_a_thread_that_comes_short_says_how_much_is_missing() -> None:
    async with portal(header(), bundle(post(), total=4), bundle()) as (here, _):
        batch = await here.thread("h")
    assert (batch.set_aside, batch.missing) == ((), 3)


async def test_a_total_is_a_number_and_no_more_however_large() -> None:
    async with portal(header(), bundle(post(), total=10**12), bundle()) as (here, _):
        batch = await here.thread("h")
    assert batch.missing == 10**12 - 1


async def test_changes_that_come_short_are_incomplete() -> None:
    async with portal(bundle(task(), total=7)) as (here, _):
        page = await here.changes("Task", None, None)
    assert page.incomplete
    pages = (bundle(task(), total=2, following="?page=2"), bundle(task(id="u"), total=2))
    async with portal(*pages) as (here, server):
        first = await here.changes("Task", WHEN, None)
        assert not first.incomplete
        assert not (await here.changes("Task", None, first.next)).incomplete
    assert server.lines()[0] == (
        "GET /fhir/Task?_lastUpdated=ge2026-03-05T12%3A00%3A00.000Z&_sort=_lastUpdated&_count=500 HTTP/1.1"
    )


async def test_the_next_page_of_changes_is_checked_when_it_is_handed_back() -> None:
    async with portal(bundle(task())) as (here, server):
        for page in ("https://evil.example/fhir?x", "//evil.example/"):
            with pytest.raises(errors.Foreign):
                await here.changes("Task", None, page)
    assert server.requests == []


async def test_people_are_read_one_by_one_where_they_cannot_be_searched() -> None:
    one = {"resourceType": "Practitioner", "id": "1", "meta": META, "name": [{"text": "Kari"}]}
    answers: Sequence[object] = (answer(outcome("nei"), 400), one, answer(b"", 404), answer(b"", 410), answer(b"", 403))
    async with portal(*answers) as (here, server):
        batch = await here.fetch([f"Practitioner/{number}" for number in (1, 2, 3, 4)])
    assert [each.party.name for each in batch.parties] == ["Kari"]
    assert batch.gone == ("Practitioner/3",)
    assert len(server.requests) == 5


async def test_a_site_without_roles_lists_its_practitioners() -> None:
    people = [
        {"resourceType": "Practitioner", "id": "1", "name": [{"text": "Åse"}]},
        {"resourceType": "Practitioner", "id": "2", "name": [{"text": "Borte"}], "active": False},
        {"resourceType": "Practitioner", "id": "3", "name": "Ola"},
    ]
    async with portal(bundle(), bundle(*people)) as (here, _):
        directory = await here.directory()
    assert [each.name for each in directory.colleagues] == ["Åse"]
    assert directory.pools == ()


async def test_pools_of_a_site_with_codes_of_its_own() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/1"}}
    nurse = {"coding": [{"system": "http://snomed.info/sct", "code": "224535009", "display": "Registered nurse"}]}
    person = {"resourceType": "Practitioner", "id": "1", "name": [{"text": "Åse"}]}
    async with portal(bundle(role | {"code": [nurse]}), bundle(person)) as (here, server):
        directory = await here.directory()
    assert [(each.code, each.name) for each in directory.pools] == [("224535009", "Registered nurse")]
    assert directory.colleagues[0].pools == ("224535009",)
    assert directory.colleagues[0].title == "Registered nurse"
    assert "_id=1" in server.lines()[1], "who was not included is fetched"


async def test_a_role_that_has_ended_does_not_count() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/1"}}
    ended = role | {"active": False, "code": [concept(OWN.pool_system, "resept")]}
    person = {"resourceType": "Practitioner", "id": "1", "name": [{"text": "Åse"}]}
    async with portal(person, bundle(ended)) as (here, _):
        me = await here.staff_member("Practitioner/1")
    assert me
    assert me.pools == ()


@pytest.mark.parametrize(
    ("job", "role"),
    [
        ({"coding": [{"code": "HE"}]}, Role.SUPPORT),
        ({"text": "Helsesekretær"}, Role.SUPPORT),
        ({"coding": [{"display": "Medical SECRETARY"}]}, Role.SUPPORT),
        ({"coding": [{"code": "LE", "display": "Lege"}]}, Role.CLINICIAN),
        (None, Role.CLINICIAN),
    ],
)
async def test_who_works_at_the_front_desk(job: Resource | None, role: Role) -> None:
    person: Resource = {"resourceType": "Practitioner", "id": "1", "name": [{"text": "Åse"}]}
    person["qualification"] = [{"code": job}]
    async with portal(person, bundle()) as (here, _):
        me = await here.staff_member("Practitioner/1")
    assert me
    assert me.role is role


async def test_files_that_are_wrapped_badly_or_not_there() -> None:
    binary: Resource = {"resourceType": "Binary", "id": "b", "contentType": "text/plain"}
    for data in ("SGVp", "SGVp\r\n", " SG\nVp "):
        async with portal(binary | {"data": data}) as (here, _):
            assert await here.download("Binary/b") == b"Hei"
    for wrong, error in (("not base64!", errors.NotFhir), ("", errors.Incomplete), (7, errors.Incomplete)):
        async with portal(binary | {"data": wrong}) as (here, _):
            with pytest.raises(error):
                await here.download("Binary/b")
    async with portal(post(id="p", payload=[None, {"contentAttachment": {"data": "SGVp"}}])) as (here, _):
        assert await here.download("Communication/p#payload-0") == b"Hei", "counted as it is read"
    for place in ("payload-9", "payload-x", "payload-", "payload-0"):
        async with portal(post(id="p", payload=[{"contentString": "x"}])) as (here, _):
            with pytest.raises(errors.NotFound):
                await here.download(f"Communication/p#{place}")


async def test_a_file_is_unwrapped_whatever_its_wrapping_is_called() -> None:
    binary = b'{"resourceType": "Binary", "id": "b", "contentType": "text/plain", "data": "SGVp"}'
    async with portal(answer(binary, content_type="application/json")) as (here, _):
        assert await here.download("Binary/b") == b"Hei"


async def test_what_a_portal_says_in_the_place_of_a_file_is_none() -> None:
    no: Resource = {"resourceType": "OperationOutcome", "issue": [{"details": {"text": "Not kept any more"}}]}
    async with portal(no) as (here, _):
        with pytest.raises(errors.NotFound) as told:
            await here.download("Binary/b")
    assert told.value.text == "Not kept any more"


async def test_a_document_whose_file_lies_elsewhere_is_not_fetched() -> None:
    for url in ("https://evil.example/x", "DocumentReference/d"):
        paper = {"resourceType": "DocumentReference", "id": "d", "content": [{"attachment": {"url": url}}]}
        async with portal(paper) as (here, server):
            with pytest.raises(errors.Foreign):
                await here.download("DocumentReference/d")
        assert len(server.requests) == 1


async def test_json_that_is_a_file_is_not_read_as_anything() -> None:
    async with portal(answer(b'{"a": 1, "a": 2}', content_type="application/json")) as (here, _):
        assert await here.download("Binary/b") == b'{"a": 1, "a": 2}'


def test_a_file_is_compared_with_what_was_said_of_it() -> None:
    verify(Attachment("a"), b"anything")
    verify(Attachment("a", size=3, sha1="qZk+NkcGgWq6PiVxeFDCbJzQ2J0="), b"abc")
    for told in ("a9993e364706816aba3e25717850c26c9cd0d89d", "A9993E364706816ABA3E25717850C26C9CD0D89D"):
        verify(Attachment("a", sha1=told), b"abc")
        verify(Attachment("a", sha1=b64encode(told.lower().encode()).decode()), b"abc")
        with pytest.raises(errors.Incomplete):
            verify(Attachment("a", sha1=told), b"abd")
    for wrong in (Attachment("a", size=4), Attachment("a", sha1="qZk+NkcGgWq6PiVxeFDCbJzQ2J1=")):
        with pytest.raises(errors.Incomplete):
            verify(wrong, b"abc")


def test_a_network_s_web_page_is_not_taken_for_the_file() -> None:
    page = b"\n<!DOCTYPE html><title>Gjestenett</title>"
    verify(Attachment("a.html", "text/html"), page)
    with pytest.raises(errors.Incomplete):
        verify(Attachment("a.pdf", "application/pdf"), page)


def test_nor_is_it_where_only_the_file_s_name_tells_what_it_is() -> None:
    page = b"<!DOCTYPE html><title>Logg inn</title>"
    with pytest.raises(errors.Incomplete):
        verify(Attachment("svar.pdf"), page)
    verify(Attachment("svar.html"), page)
    verify(Attachment("svar"), page)


async def test_an_answer_without_the_file_is_not_an_empty_file() -> None:
    for status in (200, 204):
        async with portal(answer(b"", status, content_type="application/pdf")) as (here, _):
            with pytest.raises(errors.Incomplete):
                await here.download("Binary/b")


async def test_a_header_that_is_odd_is_refused_not_guessed_at() -> None:
    for odd in (header(recipient="alle"), header(status=None), header(payload=7)):
        async with portal(odd) as (here, server):
            with pytest.raises(errors.Refused):
                await here.send_message("u", "h", (), ME, "Hei", (), WHEN)
        assert len(server.requests) == 1


async def test_a_task_that_is_odd_is_not_changed() -> None:
    async with portal(bundle(task())) as (here, _):
        held = await here.task_of("h")
    assert held
    for odd in (task(output="x"), task(note=[7]), task(focus=OTHER), task(modifierExtension=[{"url": "x"}])):
        async with portal(odd) as (here, server):
            with pytest.raises(errors.PortalError) as caught:
                await here.change_task(held, Change(Verb.CLAIM), ME, when=WHEN)
        assert not caught.value.may_have_happened or odd["focus"] == OTHER
        assert [line.split()[0] for line in server.lines()] in (["GET"], ["GET", "PATCH"])


async def test_verbs_that_lack_what_they_need_are_refused() -> None:
    async with portal(bundle(task())) as (here, _):
        held = await here.task_of("h")
    assert held
    for change in (Change(Verb.HAND_OVER), Change(Verb.PRIORITY), Change(Verb.CATEGORY), Change(Verb.REPLY)):
        async with portal(task()) as (here, server):
            with pytest.raises(errors.Refused):
                await here.change_task(held, change, ME, when=WHEN)
        assert len(server.requests) == 1


async def test_a_note_cannot_be_made_by_or_about_a_patient() -> None:
    patient = Me("here", "Patient/1", "Ola", Role.CLINICIAN)
    relative = Me("here", "RelatedPerson/1", "Mor", Role.CLINICIAN)
    for somebody in (patient, relative):
        with pytest.raises(errors.Refused):
            outgoing.note(OWN, "u", "side", somebody, "x", (), WHEN)
        with pytest.raises(errors.Refused):
            outgoing.side_thread(OWN, "notes-h", "h", "t", somebody)


async def test_a_side_thread_that_turns_out_to_be_a_dialogue_gets_no_note() -> None:
    """Somebody put our identifier on a patient's thread: the note stays here."""
    wrong = header(id="side", recipient=[{"reference": "Patient/1"}])
    async with portal(answer(wrong)) as (here, server):
        with pytest.raises(errors.Refused):
            await here.send_note("u", "h", "t", ME, "Hemmelig", (), WHEN)
    assert all(b"Hemmelig" not in request for request in server.requests)


async def test_a_side_thread_that_names_a_patient_gets_no_note() -> None:
    internal = [concept(OWN.kind_system, "internal")]
    for leak in ({"recipient": [{"reference": "RelatedPerson/1"}]}, {"subject": {"reference": "Patient/1"}}):
        async with portal(answer(header(id="side", category=internal) | leak)) as (here, server):
            with pytest.raises(errors.Refused):
                await here.send_note("u", "h", "t", ME, "Hemmelig", (), WHEN)
        assert all(b"Hemmelig" not in request for request in server.requests)


def test_patches_only_ever_add_or_remove_what_they_mean() -> None:
    plain, full = task(), task(owner={"reference": "Practitioner/1"}, note=[{"text": "x"}], output=[{"type": {}}])
    changes = [
        (Change(Verb.CLAIM), {"/owner", "/status", "/businessStatus"}),
        (Change(Verb.RELEASE), {"/owner", "/status", "/businessStatus"}),
        (
            Change(Verb.HAND_OVER, pool="p", note="n"),
            {"/performerType", "/owner", "/status", "/businessStatus", "/note"},
        ),
        (Change(Verb.DONE), {"/status", "/businessStatus", "/executionPeriod"}),
        (Change(Verb.REOPEN), {"/status", "/businessStatus"}),
        (Change(Verb.PRIORITY, priority=Priority.STAT), {"/priority"}),
        (Change(Verb.CATEGORY, category="annet"), {"/reasonCode"}),
    ]
    for raw in (plain, full):
        before = json.dumps(raw)
        for change, paths in changes:
            wanted = patches.operations(raw, change, ME, OWN, WHEN)
            assert {each["op"] for each in wanted} <= {"add", "remove"}
            assert {each["path"].removesuffix("/-") for each in wanted} <= paths
            removed = [each for each in wanted if each["op"] == "remove"]
            assert not removed or "owner" in raw
        assert patches.answer(raw, "m", ME, OWN)
        assert json.dumps(raw) == before


def test_the_portal_s_own_codes_are_used_where_they_are_set() -> None:
    own = Conventions(task_system="https://x.example/t", business_system="https://x.example/b", business_claimed="tatt")
    wanted = patches.operations(task(), Change(Verb.CLAIM), ME, own, WHEN)
    business = next(each["value"] for each in wanted if each["path"] == "/businessStatus")
    assert business == {"coding": [{"system": "https://x.example/b", "code": "tatt"}]}
    assert Context(own, Base("https://portal.example/fhir")).conventions is own


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_portal_without_staff_tells_of_none_and_does_not_call_anybody_unknown(status: int) -> None:
    no = answer(outcome("no such type"), status)
    async with portal(no) as (here, _):
        assert (await here.directory()).colleagues == ()
        with pytest.raises(errors.PortalError):
            await here.practitioners()
    async with portal(answer(outcome(), 404), no) as (here, _):
        with pytest.raises(errors.Refused):
            await here.staff_member("Practitioner/1")
    async with portal(answer(outcome(), 404), bundle()) as (here, _):
        assert await here.staff_member("Practitioner/1") is None


async def test_a_portal_without_tasks_gives_its_conversations_and_says_why_there_is_no_work() -> None:
    no = answer(outcome("unknown type Task"), 404)
    async with portal(header(), bundle(post()), bundle(), no) as (here, _):
        batch = await here.thread("h")
    assert (len(batch.threads), len(batch.posts), batch.tasks) == (1, 1, ())
    async with portal(no) as (here, _):
        with pytest.raises(errors.Refused) as caught:
            await here.task_of("h")
    assert "Tasks" in caught.value.text


async def test_pages_that_are_too_large_are_asked_for_smaller() -> None:
    huge = answer(b"", 413)
    async with portal(huge, huge, bundle(task(), following="?page=2"), huge, bundle(task()), huge) as (here, server):
        page = await here.changes("Task", None, None)
        assert len(page.batch.tasks) == 1
        with pytest.raises(errors.Incomplete):
            await here.changes("Task", None, page.next)
        await here.changes("Task", None, None)
        with pytest.raises(errors.TooLarge):
            await here.changes("Task", None, None)
    asked = [line.partition("_count=")[2].split()[0] for line in server.lines() if "_count" in line]
    assert asked == ["500", "250", "125", "62", "62", "31", "15", "7", "3", "1"]
