"""What is read from a portal: changes, conversations, people, the record."""

import asyncio
from datetime import timedelta

import pytest

from client import errors
from client.http import Http
from client.origin import Base
from client.portal import Portal
from client.record import verify
from tests.contract.world import OWN, Recorder, Resource, World, concept, kind, to
from workbench.dialogue.held import Batch, PulledPage, Stream
from workbench.dialogue.people import PartyKind, Role
from workbench.dialogue.work import Priority, State


async def pages(portal: Portal, stream: Stream, since: PulledPage | None = None) -> list[PulledPage]:
    """All pages of what changed, since the latest of an earlier page."""
    found = [await portal.changes(stream, since.latest if since else None, None)]
    while found[-1].next:
        found.append(await portal.changes(stream, None, found[-1].next))
    return found


def together(found: list[PulledPage]) -> Batch:
    return sum((page.batch for page in found), Batch())


async def test_the_portal_says_what_it_offers(world: World) -> None:
    offered = await world.portal.offered()
    assert offered.fhir_version.startswith("4.0")
    assert offered.patch
    assert offered.conditional_create


async def test_a_conversation_is_read_whole(world: World) -> None:
    await world.thread("other")
    await world.post("other", "Hører ikke hit.")
    answer = await world.post("header", "Resepten er sendt.", sender=to(world["doctor"]))
    side = await world.make(
        {
            "resourceType": "Communication",
            "status": "in-progress",
            "category": [kind("internal")],
            "basedOn": [to(world["task"])],
            "about": [to(world["header"])],
            "sender": to(world["secretary"]),
        },
        "side",
    )
    note = await world.make(
        {
            "resourceType": "Communication",
            "status": "in-progress",
            "category": [kind("internal")],
            "partOf": [to(side)],
            "sender": to(world["secretary"]),
            "payload": [{"contentString": "Ringte, ikke svar."}],
        }
    )
    batch = await world.portal.thread(world.id("header"))
    assert {(held.stamp.id, held.internal) for held in batch.threads} == {
        (world.id("header"), False),
        (side["id"], True),
    }
    assert {post.stamp.id for post in batch.posts} == {world.id("question"), answer["id"], note["id"]}
    header = next(held for held in batch.threads if not held.internal)
    assert (header.title, header.patient) == ("Fornye resept", world.ref("patient"))
    assert header.categories == ("reseptfornyelse",)
    assert set(header.recipients) == {world.ref(each) for each in ("patient", "mother", "doctor", "secretary")}
    question = next(post for post in batch.posts if post.stamp.id == world.id("question"))
    assert (question.text, question.sender, question.parent) == (
        "Jeg trenger mer Levaxin.",
        world.ref("patient"),
        world.id("header"),
    )
    assert question.sent.isoformat() == "2026-03-05T07:15:00+00:00"
    held = next(post for post in batch.posts if post.stamp.id == note["id"])
    assert held.internal
    assert next(each for each in batch.threads if each.internal).about == world.id("header")
    (task,) = batch.tasks
    assert (task.state, task.pool, task.priority, task.category) == (
        State.NEW,
        "legekontor",
        Priority.ROUTINE,
        "reseptfornyelse",
    )
    assert task.due
    assert task.due.isoformat() == "2026-03-12T23:59:59+00:00"


async def test_a_header_without_a_mark_is_known_by_having_neither_parent_nor_words(world: World) -> None:
    await world.thread("bare", category=[concept(OWN.category_system, "annet")])
    await world.post("bare", "Hei", category=None)
    await world.task("bare", "bare task", code=concept("https://example.org/codes", "something"))
    await world.task("bare", "receipt", code=concept("https://example.org/codes", "read-receipt"))
    batch = await world.portal.thread(world.id("bare"))
    assert [held.internal for held in batch.threads] == [False]
    assert [post.text for post in batch.posts] == ["Hei"]
    assert [task.stamp.id for task in batch.tasks] == [world.id("bare task")]


async def test_a_conversation_that_is_not_there_says_so(world: World) -> None:
    with pytest.raises((errors.NotFound, errors.Gone)):
        await world.portal.thread(world.id("header") + "0")
    gone = await world.raw.delete(f"/{world.ref('question')}")
    assert gone.status_code in (200, 204)
    assert (await world.portal.thread(world.id("header"))).posts == ()


async def test_changes_come_in_pages_each_once_and_links_are_followed_as_they_stand(world: World) -> None:
    for number in range(7):
        await world.post("header", f"Melding {number}")
    recorder = Recorder()
    async with Portal("small", Http(Base(world.base), transport=recorder), page=3) as portal:
        found = await pages(portal, "Communication")
    assert len(found) > 2
    assert all(page.count <= 3 for page in found)
    identities = [post.stamp.id for page in found for post in page.batch.posts]
    assert len(identities) == len(set(identities))
    mine = [post.text for post in together(found).posts if post.parent == world.id("header")]
    assert mine == ["Jeg trenger mer Levaxin.", *(f"Melding {number}" for number in range(7))]
    followed = {str(request.url) for request in recorder.requests[1:]}
    assert followed == {page.next for page in found if page.next}
    times = [page.latest for page in found if page.latest]
    assert times == sorted(times)
    assert not found[-1].incomplete


async def test_a_round_resumes_where_the_last_one_ended(world: World) -> None:
    before = (await pages(world.portal, "Communication"))[-1]
    await asyncio.sleep(0.002)  # the portal's own clock must pass a millisecond
    await world.post("header", "Ny melding", "news")
    since = before.latest
    assert since
    first = await world.portal.changes("Communication", since + timedelta(milliseconds=1), None)
    assert [post.stamp.id for post in first.batch.posts] == [world.id("news")]
    again = await world.portal.changes("Communication", since, None)
    assert world.id("news") in [post.stamp.id for post in again.batch.posts]
    tasks = together(await pages(world.portal, "Task")).tasks
    assert world.id("task") in [task.stamp.id for task in tasks]


async def test_a_search_made_twice_shows_what_came_between(world: World) -> None:
    since = (await pages(world.portal, "Communication"))[-1].latest
    await world.portal.changes("Communication", since, None)
    await world.post("header", "Kom imellom", "between")
    again = await world.portal.changes("Communication", since, None)
    assert world.id("between") in [post.stamp.id for post in again.batch.posts]


async def test_people_are_fetched_by_reference_and_who_is_not_there_is_absent(world: World) -> None:
    wanted = [world.ref(each) for each in ("patient", "mother", "doctor", "office", "header", "task")]
    batch = await world.portal.fetch([*wanted, "Patient/nobody-here", "Basic/1", "https://example.org/Patient/1", ""])
    (held,) = batch.patients
    assert (held.patient.name, held.patient.birth, held.patient.national_id) == (
        "Ingrid Solberg",
        "1979-03-12",
        "12837916753",
    )
    parties = {each.party.reference: each for each in batch.parties}
    assert parties.keys() == {world.ref("mother"), world.ref("doctor"), world.ref("office")}
    mother = parties[world.ref("mother")]
    assert (mother.party.name, mother.party.detail, mother.patient) == ("Mor Solberg", "mor", world.ref("patient"))
    doctor = parties[world.ref("doctor")].party
    assert (doctor.name, doctor.kind, doctor.detail) == ("Kari Nordmann", PartyKind.STAFF, "Lege")
    assert [each.stamp.id for each in batch.threads] == [world.id("header")]
    assert [each.stamp.id for each in batch.tasks] == [world.id("task")]


async def test_more_people_than_fit_in_one_address_are_fetched(world: World) -> None:
    made = [await world.make({"resourceType": "Patient", "name": [{"family": f"Nr {n}"}]}) for n in range(60)]
    batch = await world.portal.fetch([f"Patient/{each['id']}" for each in made])
    assert {each.patient.name for each in batch.patients} == {f"Nr {n}" for n in range(60)}


async def test_the_directory_names_colleagues_and_pools(world: World) -> None:
    directory = await world.portal.directory()
    colleague = next(each for each in directory.colleagues if each.reference == world.ref("secretary"))
    assert (colleague.name, colleague.title, colleague.pools) == ("Lise Sekretær", "Helsesekretær", ("legekontor",))
    assert {"legekontor", "resept"} <= {pool.code for pool in directory.pools}
    assert next(pool.name for pool in directory.pools if pool.code == "resept") == "Resept"


async def test_who_acts_is_found_by_reference(world: World) -> None:
    doctor = await world.portal.staff_member(world.ref("doctor"))
    assert doctor
    assert (doctor.name, doctor.role, doctor.site, doctor.pools) == (
        "Kari Nordmann",
        Role.CLINICIAN,
        "Prøvelegene",
        ("legekontor", "resept"),
    )
    secretary = await world.portal.staff_member(world.ref("secretary"))
    assert secretary
    assert secretary.role is Role.SUPPORT
    assert await world.portal.staff_member("Practitioner/nobody-here") is None
    assert await world.portal.staff_member(world.ref("patient")) is None
    assert world.ref("doctor") in [each.reference for each in await world.portal.practitioners()]


def document(world: World, name: str, **more: object) -> Resource:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "final",
        "type": concept("urn:oid:2.16.578.1.12.4.1.1.9602", "A03-2", "Epikrise"),
        "subject": to(world["patient"]),
        "date": "2026-02-01T10:00:00Z",
        "description": name,
        "content": [{"attachment": {"contentType": "text/plain", "data": "SGVp", "title": "epikrise.txt"}}],
    } | more


async def test_documents_are_those_of_the_patient(world: World) -> None:
    stranger = await world.make({"resourceType": "Patient", "name": [{"text": "En annen"}]})
    made = await world.make(document(world, "Epikrise"))
    await world.make(document(world, "Fremmed", subject=to(stranger)))
    await world.make(document(world, "Erstattet", status="superseded"))
    (found,) = await world.portal.documents(world.ref("patient"))
    assert (found.reference, found.title, found.type_code, found.final, found.restricted) == (
        f"DocumentReference/{made['id']}",
        "Epikrise",
        "A03-2",
        True,
        False,
    )
    assert await world.portal.download(found.reference) == b"Hei"
    assert found.attachment
    assert await world.portal.download(found.attachment.url) == b"Hei"
    searches = [each for each in world.recorder.requests if "DocumentReference" in str(each.url)]
    assert world.id("patient") not in str(searches[0].url), "who is asked about travels in the body"


async def test_appointments_are_those_of_the_patient_from_a_day_on(world: World) -> None:
    for start in ("2026-03-01T08:00:00Z", "2026-03-14T08:00:00Z"):
        await world.make(
            {
                "resourceType": "Appointment",
                "status": "booked",
                "description": f"Kontroll {start}",
                "start": start,
                "end": start.replace("08:00", "08:30"),
                "participant": [{"actor": to(world["patient"]), "status": "accepted"}],
            }
        )
    since = (await world.portal.changes("Task", None, None)).latest
    assert since
    found = await world.portal.appointments(world.ref("patient"), since.replace(year=2026, month=3, day=5))
    assert [each.text for each in found] == ["Kontroll 2026-03-14T08:00:00Z"]


async def test_a_file_comes_back_as_it_went(world: World) -> None:
    for content_type, data in (("image/png", bytes(range(256)) * 40), ("application/fhir+json", b'{"not": "fhir"}')):
        url = await world.portal.upload(data, content_type)
        assert url.startswith("Binary/")
        assert await world.portal.download(url) == data
    await world.post(
        "header",
        "Se vedlegg",
        "with file",
        payload=[{"contentAttachment": {"contentType": "image/png", "url": url, "title": "bilde.png", "size": 16}}],
    )
    batch = await world.portal.thread(world.id("header"))
    (attachment,) = next(post for post in batch.posts if post.stamp.id == world.id("with file")).attachments
    assert (attachment.url, attachment.title) == (url, "bilde.png")
    with pytest.raises(errors.Incomplete):
        verify(attachment, data)


async def test_a_file_inside_a_message_is_fetched_like_any_other(world: World) -> None:
    inline = {"contentAttachment": {"contentType": "text/plain", "data": "SGVpIQ==", "title": "hei.txt"}}
    await world.post("header", "", "inline", payload=[{"contentString": "Se her"}, inline])
    batch = await world.portal.thread(world.id("header"))
    (attachment,) = next(post for post in batch.posts if post.stamp.id == world.id("inline")).attachments
    assert attachment.size == 4
    verify(attachment, await world.portal.download(attachment.url))
    assert await world.portal.download(attachment.url) == b"Hei!"


async def test_files_of_elsewhere_are_not_fetched(world: World) -> None:
    count = len(world.recorder.requests)
    for url in ("https://evil.example/fhir/x", "//evil.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd"):
        with pytest.raises(errors.Foreign):
            await world.portal.download(url)
    assert len(world.recorder.requests) == count
