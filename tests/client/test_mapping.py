"""What resources become, the odd and the hostile ones too."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from client.conventions import Conventions
from client.json import parse
from client.mapping import record
from client.mapping.batch import batch, latest
from client.mapping.context import LONG_AGO, Context
from client.models import DocumentReference
from client.origin import Base
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import Batch, HeldPost, HeldTask, HeldThread, Remark
from workbench.dialogue.people import Patient
from workbench.dialogue.work import Priority, State

Resource = dict[str, Any]
BASE = Base("https://portal.example/fhir")
OWN = Conventions()
CONTEXT = Context(OWN, BASE)
META = {"versionId": "v1", "lastUpdated": "2026-03-05T12:00:00.000Z"}


def concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def mapped(*resources: object, own: Conventions = OWN) -> Batch:
    return batch((each for each in resources if isinstance(each, dict)), Context(own, BASE))


def header(**more: object) -> Resource:
    return {"resourceType": "Communication", "id": "h", "meta": META, "status": "in-progress"} | more


def post(**more: object) -> Resource:
    words = {"partOf": [{"reference": "Communication/h"}], "payload": [{"contentString": "Hei"}]}
    return {"resourceType": "Communication", "id": "p", "meta": META, "status": "in-progress"} | words | more


def task(**more: object) -> Resource:
    focus = {"reference": "Communication/h"}
    return {"resourceType": "Task", "id": "t", "meta": META, "status": "requested", "focus": focus} | more


def one_post(**more: object) -> HeldPost:
    (found,) = mapped(post(**more)).posts
    return found


def one_task(**more: object) -> HeldTask:
    (found,) = mapped(task(**more)).tasks
    return found


def one_thread(**more: object) -> HeldThread:
    (found,) = mapped(header(**more)).threads
    return found


def one_patient(**more: object) -> Patient:
    (found,) = mapped({"resourceType": "Patient", "id": "1", "meta": META} | more).patients
    return found.patient


def test_what_was_written_on_a_task_has_author_time_and_words_and_the_odd_cost_nothing_else() -> None:
    lise = {"reference": "Practitioner/lise"}
    found = one_task(
        authoredOn="2026-03-01T08:00:00Z",
        note=[
            {"authorReference": lise, "time": "2026-03-05T10:00:00+01:00", "text": "sjekk øret"},
            {"authorString": "Dr. Fjern", "text": "uten tid"},
            {"authorReference": 7, "time": "i går", "text": "odde"},
            {"text": " "},
            {"text": 3},
        ],
    )
    began = datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert found.notes == (
        Remark("Practitioner/lise", datetime(2026, 3, 5, 9, tzinfo=UTC), "sjekk øret"),
        Remark("", began, "uten tid", "Dr. Fjern"),
        Remark("", began, "odde"),
    )


MARKED, INTERNAL = concept(OWN.kind_system, "thread"), concept(OWN.kind_system, "internal")
WORDS = [{"contentString": "x"}]


@pytest.mark.parametrize(
    ("threads", "resource", "found"),
    [
        ("auto", {"category": [MARKED]}, "thread"),
        ("auto", {"category": [MARKED], "payload": WORDS}, "thread"),
        ("auto", {}, "thread"),
        ("auto", {"payload": WORDS}, ""),
        ("auto", {"category": [INTERNAL]}, "side"),
        ("auto", {"category": [INTERNAL], "payload": WORDS}, ""),
        ("auto", {"category": [MARKED, INTERNAL]}, "side"),
        ("marked", {"category": [MARKED]}, "thread"),
        ("marked", {"category": [MARKED], "payload": WORDS}, "thread"),
        ("marked", {}, ""),
        ("marked", {"category": [INTERNAL]}, "side"),
        ("unmarked", {}, "thread"),
        ("unmarked", {"category": [MARKED]}, "thread"),
        ("unmarked", {"category": [MARKED], "payload": WORDS}, ""),
        ("unmarked", {"category": [INTERNAL]}, "side"),
        ("auto", {"category": [MARKED], "partOf": [{"reference": "Communication/other"}]}, "post"),
        ("unmarked", {"partOf": [{"reference": "Communication/other"}]}, "post"),
        ("auto", {"partOf": [{"reference": "Procedure/1"}]}, ""),
    ],
)
def test_headers_are_told_from_what_is_written_in_them(threads: Any, resource: Resource, found: str) -> None:
    result = mapped(header(**resource), own=Conventions(threads=threads))
    sorts = ["side" if each.internal else "thread" for each in result.threads]
    sorts += ["post" for each in result.posts if each.parent != each.stamp.id]
    assert sorts == ([found] if found else [])
    assert len(result.set_aside) == 0


def test_a_header_has_its_title_people_and_subject_matter() -> None:
    own = concept(OWN.category_system, "skjema")
    local = concept("https://example.org", "R7")
    thread = one_thread(
        category=[MARKED, local, own, {"text": "Fritekst"}, own],
        topic={"coding": [{"code": "x", "display": "Emne"}]},
        subject={"reference": "https://portal.example/fhir/Patient/1/_history/3"},
        recipient=[
            {"reference": "Patient/1"},
            {"reference": "https://other.example/fhir/Patient/2"},
            {"reference": "#contained"},
            {"reference": "urn:uuid:0"},
            {"reference": "Patient/../../x"},
            {"display": "Bare et navn"},
            {"reference": "Patient/1"},
            {"reference": "Practitioner/9"},
        ],
        sent="2026-03-01",
    )
    assert thread.title == "Emne"
    assert thread.patient == "Patient/1"
    assert thread.recipients == ("Patient/1", "RelatedPerson/?", "?", "Practitioner/9")
    assert thread.categories == ("skjema", "R7", "Fritekst")
    assert thread.started == datetime(2026, 3, 1, tzinfo=UTC)
    assert (thread.stamp.version, thread.stamp.updated) == ("v1", datetime(2026, 3, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("status", "closed", "retracted"),
    [
        ("in-progress", False, False),
        ("completed", True, False),
        ("entered-in-error", True, True),
        ("new!", False, False),
    ],
)
def test_a_header_is_open_or_closed(status: str, closed: bool, retracted: bool) -> None:
    thread = one_thread(status=status)
    assert (thread.closed, thread.retracted) == (closed, retracted)


def test_a_subject_who_is_no_patient_is_none() -> None:
    assert one_thread(subject={"reference": "Group/1"}).patient == ""
    assert one_post(subject={"reference": "Practitioner/1"}).patient == ""


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"status": "in-progress"}, MessageState.SENT),
        ({"status": "in-progress", "received": "2026-03-05"}, MessageState.READ),
        ({"status": "completed"}, MessageState.READ),
        ({"status": "preparation"}, MessageState.DRAFT),
        ({"status": "entered-in-error"}, MessageState.RETRACTED),
        ({"status": "unknown"}, MessageState.SENT),
    ],
)
def test_a_message_s_state(more: Resource, state: MessageState) -> None:
    assert one_post(**more).state is state


def test_a_message_without_much_is_still_a_message() -> None:
    bare = one_post(payload=[], meta={})
    assert (bare.text, bare.sender, bare.sent, bare.stamp.version) == ("", "", LONG_AGO, "")
    assert one_post(sent="i går").sent == datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert one_post(payload=[{"contentString": "a"}, None, {}, {"contentString": "b"}]).text == "a\n\nb"


def test_a_modifier_nobody_knows_makes_it_unreadable() -> None:
    unknown = [{"url": "https://example.org/not", "valueBoolean": True}]
    assert one_post(modifierExtension=unknown).unreadable
    assert one_post(implicitRules="https://example.org/rules").unreadable
    assert one_post(payload=[{"contentString": "x", "modifierExtension": unknown}]).unreadable
    assert not one_post(extension=unknown).unreadable
    assert mapped(task(modifierExtension=unknown)).set_aside == ("Task/t",)


def test_attachments_of_every_kind() -> None:
    first, signed, inline, both, away, document, other, untitled = one_post(
        payload=[
            {
                "contentAttachment": {
                    "url": "https://portal.example/fhir/Binary/b-1",
                    "size": 9,
                    "hash": "aGFzaA==",
                    "title": "a",
                }
            },
            {
                "contentAttachment": {
                    "url": "https://storage.example/binary/3f0a1c9e-5b7d-4e21-9c4f-0a1b2c3d4e5f/v1?Signature=x",
                    "contentType": "image/png",
                }
            },
            {"contentAttachment": {"data": "SGVpIQ==", "title": "c"}},
            {"contentAttachment": {"data": "SGVp\r\nSA==\r\n", "url": "https://elsewhere.example/4"}},
            {"contentAttachment": {"url": "https://evil.example/x.exe", "title": "../../d"}},
            {"contentReference": {"reference": "DocumentReference/7", "display": "Epikrise"}},
            {"contentReference": {"reference": "DiagnosticReport/8", "display": "Svar"}},
            {"contentAttachment": {}},
        ]
    ).attachments
    assert (first.url, first.size, first.sha1, first.title) == ("Binary/b-1", 9, "aGFzaA==", "a")
    assert (signed.url, signed.content_type) == ("Binary/3f0a1c9e-5b7d-4e21-9c4f-0a1b2c3d4e5f", "image/png")
    assert (inline.url, inline.size) == ("Communication/p#payload-2", 4)
    assert (both.url, both.size) == ("Communication/p#payload-3", 4), "what is there is not looked for elsewhere"
    assert (away.url, away.title) == ("https://evil.example/x.exe", "../../d")
    assert (document.reference, document.title, document.url) == ("DocumentReference/7", "Epikrise", "")
    assert (other.reference, other.title) == ("", "Svar DiagnosticReport/8")
    assert (untitled.url, untitled.reference, untitled.title) == ("", "", "")


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, State.NEW),
        ({"owner": {"reference": "Practitioner/1"}}, State.CLAIMED),
        ({"status": "accepted"}, State.NEW),
        ({"status": "accepted", "owner": {"reference": "Practitioner/1"}}, State.CLAIMED),
        ({"businessStatus": concept(OWN.business_system, "waiting-patient")}, State.WAITING_PATIENT),
        ({"businessStatus": concept(OWN.business_system, "waiting-colleague")}, State.WAITING_COLLEAGUE),
        ({"businessStatus": concept("https://example.org", "escalated")}, State.ESCALATED),
        ({"businessStatus": {"text": "noe annet"}}, State.NEW),
        ({"status": "completed", "businessStatus": concept(OWN.business_system, "waiting-patient")}, State.DONE),
        ({"status": "cancelled"}, State.DONE),
        ({"status": "rejected"}, State.NEW),
        ({"status": "failed"}, State.NEW),
        ({"status": "on-hold", "owner": {"reference": "Practitioner/1"}}, State.CLAIMED),
    ],
)
def test_where_the_work_stands(more: Resource, state: State) -> None:
    assert one_task(**more).state is state


def test_codes_nobody_knows_are_kept_as_they_are() -> None:
    odd = one_task(
        priority="nå!",
        reasonCode={"text": "Fritekst"},
        performerType=[concept("http://snomed.info/sct", "224535009"), concept(OWN.pool_system, "resept")],
        restriction={"period": {"end": "snart"}},
    )
    assert (odd.priority, odd.category, odd.pool, odd.due) == (Priority.ROUTINE, "Fritekst", "resept", None)
    assert one_task(performerType=[concept("http://snomed.info/sct", "224535009")]).pool == "224535009"
    assert one_task(performerType=[{"text": "Legene"}]).pool == "Legene"


@pytest.mark.parametrize(
    ("threads", "code", "counts"),
    [
        ("auto", concept(OWN.task_system, "respond"), True),
        ("auto", concept(OWN.task_system, "follow-up"), False),
        ("auto", concept("https://medplum.com/task-codes", "read-receipt"), False),
        ("auto", concept("https://medplum.com/task-codes", "respond-to-old-message"), True),
        ("auto", None, True),
        ("marked", None, True),
        ("marked", concept("https://example.org", "x"), False),
        ("unmarked", concept("https://example.org", "x"), True),
    ],
)
def test_which_tasks_are_the_work_on_a_conversation(threads: Any, code: Resource | None, counts: bool) -> None:
    resource = task() | ({"code": code} if code else {})
    assert len(mapped(resource, own=Conventions(threads=threads)).tasks) == counts
    assert not mapped(task(focus={"reference": "Questionnaire/1"})).tasks
    assert not mapped(task(focus=None)).tasks


def test_a_patient_s_name_number_and_telephone() -> None:
    full = one_patient(
        name=[
            {"use": "maiden", "text": "Ikke Denne"},
            {"use": "usual", "text": "Inga"},
            {"use": "official", "given": [None, "Ingrid", "Å"], "family": "Solberg"},
        ],
        identifier=[
            {"system": "https://example.org", "value": "A1"},
            {"system": "urn:oid:2.16.578.1.12.4.1.4.2", "value": "D"},
            {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "gammel", "use": "old"},
            {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "F"},
        ],
        telecom=[
            {"system": "email", "value": "x@example.org"},
            {"system": "phone", "value": "1", "use": "home"},
            {"system": "phone", "value": "2", "use": "mobile"},
        ],
        communication=[
            {"language": {"coding": [{"code": "nb"}]}},
            {"language": {"coding": [{"code": "nn"}]}, "preferred": True},
        ],
        birthDate="1979-03",
        gender="female",
    )
    assert full == Patient("Patient/1", "Ingrid Å Solberg", "1979-03", "F", "female", "nn", phone="2")
    assert one_patient() == Patient("Patient/1", "")
    assert one_patient(identifier=[{"value": "H-123"}]).national_id == "H-123"
    assert one_patient(name=[{"use": "old", "text": "Gammel"}]).name == "Gammel"


def test_a_restricted_record_is_taken_for_a_confidential_address() -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    for code, confidential in (("V", True), ("R", True), ("N", False)):
        labels = META | {"security": [{"system": system, "code": code}]}
        assert one_patient(meta=labels).confidential is confidential


def test_the_dead_are_known() -> None:
    assert one_patient(deceasedBoolean=True).deceased
    assert one_patient(deceasedDateTime="2026-01").deceased
    assert not one_patient(deceasedBoolean=False).deceased


def test_what_cannot_be_read_costs_only_itself() -> None:
    good = post(id="good")
    bad: list[Resource] = [
        {},
        {"resourceType": None},
        {"resourceType": ["Communication"]},
        {"resourceType": "Communication"},
        post(id="../x"),
        post(id=7),
        post(status=None),
        post(payload="x"),
        post(payload=[{"contentString": 7}]),
        post(sender=["Patient/1"]),
        {"resourceType": "Patient", "id": "1", "name": "Ola"},
        {"resourceType": "Practitioner", "id": "1", "qualification": [{"code": "LE"}]},
    ]
    found = mapped(*bad, good, {"resourceType": "Observation", "id": "1"})
    assert [each.stamp.id for each in found.posts] == ["good"]
    assert len(found.set_aside) == len(bad)
    assert not found.patients


def test_what_hurries_more_may_go_before_every_resource() -> None:
    given_way: list[int] = []
    heard = batch([header(), {"id": []}, post()], Context(OWN, BASE, lambda: given_way.append(1)))
    assert (len(heard.threads), len(heard.posts)) == (1, 1)
    assert len(given_way) == 3


def test_the_latest_change_is_known_even_of_what_cannot_be_read() -> None:
    late = {"resourceType": "Task", "meta": {"lastUpdated": "2026-03-06T12:00:00Z"}}
    assert latest([post(), late, {"meta": 7}, {"meta": {"lastUpdated": 7}}, {}]) == datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert latest([]) is None


def test_a_document_that_is_restricted_or_not_final_says_so() -> None:
    def read(**more: object) -> Any:
        raw = {"resourceType": "DocumentReference", "id": "d", "status": "current"} | more
        return record.document(DocumentReference.model_validate(raw), CONTEXT)

    label = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}
    assert read(securityLabel=[label]).restricted
    assert read(securityLabel=[{"coding": [{"code": "V"}]}]).restricted
    assert not read(docStatus="preliminary").final
    bare = read()
    assert (bare.final, bare.restricted, bare.title, bare.attachment, bare.patient) == (True, False, "", None, "")


HOSTILE = [
    "\x1b]52;c;cm0gLXJmIH4K\x1b\\",
    "\x9b2J\x00\x07\x7f",
    "\u202egpj.exe\u2066",
    "[@click=app.quit]x[/]",
    "e" + "\u0301" * 500,
    "\ufeff\u200b\u2060",
    "\U000e0041\U0010ffff",
    "'; DROP TABLE post; --",
    "{{7*7}} ${HOME} %s %n",
    "\r\n" * 100,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_through_as_it_is_and_breaks_nothing(text: str) -> None:
    wire = json.dumps(
        [
            post(payload=[{"contentString": text}, {"contentAttachment": {"title": text, "url": text}}]),
            header(topic={"text": text}, category=[{"text": text}]),
            {"resourceType": "Patient", "id": "1", "name": [{"text": text}], "birthDate": text, "gender": text},
            task(reasonCode={"text": text}, performerType=[{"text": text}], priority=text, authoredOn=text),
            {"resourceType": "Organization", "id": "o", "name": text},
        ]
    )
    found = batch(parse(wire.encode()), CONTEXT)
    assert len(found.set_aside) == 0
    assert found.posts[0].text == text
    assert found.posts[0].attachments[0].title == text
    assert found.threads[0].title == text
    assert found.tasks[0].pool == text
    assert found.patients[0].patient.birth == text


def test_nothing_a_portal_says_breaks_the_mapping() -> None:
    """Whole resources with one value after another replaced by something of another shape."""
    seed = random.randrange(2**32)
    print("seed", seed)
    dice = random.Random(seed)
    shapes: list[object] = [
        None,
        7,
        -0.5,
        True,
        "",
        "x",
        [],
        [None],
        {},
        {"reference": 1},
        [[[]]],
        [{"coding": 3}],
        "\ud800",
    ]
    whole = [
        header(
            category=[MARKED],
            topic={"text": "x"},
            recipient=[{"reference": "Patient/1"}],
            subject={"reference": "Patient/1"},
        ),
        post(sender={"reference": "Patient/1"}, identifier=[{"system": OWN.client_id_system, "value": "u"}]),
        task(code=concept(OWN.task_system, "respond"), restriction={"period": {"end": "2026"}}, note=[{"text": "x"}]),
        {
            "resourceType": "Patient",
            "id": "1",
            "meta": META,
            "name": [{"given": ["a"]}],
            "telecom": [{"system": "phone"}],
        },
        {
            "resourceType": "RelatedPerson",
            "id": "1",
            "patient": {"reference": "Patient/1"},
            "relationship": [{"text": "x"}],
        },
        {"resourceType": "PractitionerRole", "id": "1", "code": [concept("x", "y")]},
        {"resourceType": "Device", "id": "1", "deviceName": [{"name": "x"}]},
    ]
    for resource in whole:
        for path in paths(resource):
            found = mapped(replaced(resource, path, dice.choice(shapes)))
            assert len(found.set_aside) in (0, 1)


def paths(value: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from paths(each, (*at, key))


def replaced(value: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy
