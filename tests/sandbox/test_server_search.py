"""Searches: every kind of parameter, what goes with the answer, and what is no search."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.sandbox.conftest import SYSTEM, Portal, Resource, concept, fresh_store, ids, refused, running
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.parameters import parameters

POOL, CATEGORY = f"{SYSTEM}/pool", f"{SYSTEM}/category"


class Scene:
    """A few resources that refer to each other, by name."""

    def __init__(self, portal: Portal) -> None:
        make = portal.create
        self.portal = portal
        self.names: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        site = self.keep("site", make("Organization", name="Sørenga legesenter", alias=["Legene"]))
        kari = self.keep("kari", make("Practitioner", name=[{"family": "Ås", "given": ["Kari"]}], active=True))
        self.keep("role", make("PractitionerRole", practitioner=kari, organization=site, active=True))
        number = {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "12037934567"}
        name = [{"family": "Bjørnsen-Ødegård", "given": ["Ingrid", "Élise"], "text": "Ingrid B. Ødegård"}]
        phone = [{"system": "phone", "value": "99887766"}, {"system": "email", "value": "i@example.no"}]
        ingrid = self.keep(
            "ingrid",
            make("Patient", name=name, identifier=[number], gender="female", birthDate="1979-03-12", telecom=phone),
        )
        ola = self.keep("ola", make("Patient", name=[{"family": "Hansen", "given": ["Ola"]}], birthDate="1979"))
        self.keep("mother", make("RelatedPerson", patient=ola, relationship=[concept("MTH")]))
        self.keep(
            "team", make("CareTeam", status="active", subject=ola, participant=[{"member": kari}, {"member": ola}])
        )
        head = self.keep("head", self.said(ingrid, kari, "2026-03-01T10:00:00+02:00", category=self.marked("thread")))
        for day in (4, 2, 5, 3):
            self.keep(f"m{day}", self.said(ingrid, kari, f"2026-03-0{day}T10:00:00Z", partOf=[head]))
        self.keep("draft", make("Communication", status="preparation", sender=kari, subject=ingrid))
        todo = {"focus": head, "for": ingrid, "code": concept("respond"), "performerType": [concept("resept", POOL)]}
        urgent = make("Task", status="requested", intent="order", priority="urgent", authoredOn="2026-03-02", **todo)
        task = self.keep("urgent", urgent)
        todo |= {"for": ola, "performerType": [concept("time", POOL)], "owner": kari}
        self.keep(
            "taken",
            make(
                "Task", status="accepted", intent="order", authoredOn="2026-03-01", businessStatus=concept("x"), **todo
            ),
        )
        self.keep("note", make("Communication", status="completed", basedOn=[task], category=self.marked("internal")))
        booked = {"status": "booked", "start": "2026-03-14T09:00:00+01:00", "end": "2026-03-14T09:30:00+01:00"}
        both = [{"actor": one, "status": "accepted"} for one in (ingrid, kari)]
        self.keep("visit", make("Appointment", participant=both, **booked))
        file = [{"attachment": {"contentType": "application/pdf"}}]
        letter = {
            "type": concept("A03-2"),
            "category": [concept("samvalg")],
            "content": file,
            "date": "2026-01-02T03:04:05Z",
        }
        self.keep("letter", make("DocumentReference", status="current", subject=ingrid, **letter))
        form = self.keep("form", make("Questionnaire", status="active", url="urn:form", title="Søvn"))
        answers = make(
            "QuestionnaireResponse",
            status="completed",
            questionnaire="urn:form|2",
            subject=ola,
            source=ola,
            authored="2026-02-03",
        )
        self.keep("answers", answers)
        agent = [{"who": kari}]
        self.keep("why", make("Provenance", target=[task, form], recorded="2026-03-02T12:00:00Z", agent=agent))

    def keep(self, name: str, made: Resource) -> Resource:
        self.names[made["id"]] = name
        self.kinds[name] = made["resourceType"]
        return {"reference": f"{made['resourceType']}/{made['id']}"}

    def said(self, sender: Resource, recipient: Resource, sent: str, **more: object) -> Resource:
        who = {"subject": sender, "sender": sender, "recipient": [recipient]}
        return self.portal.create("Communication", status="completed", sent=sent, **who, **more)

    @staticmethod
    def marked(code: str) -> list[Resource]:
        return [concept(code), concept(code, CATEGORY)]

    def id(self, name: str) -> str:
        return next(id_ for id_, known in self.names.items() if known == name)

    def find(self, query: str, mode: str = "match") -> list[str]:
        """The names of what a search finds; `{name}` in the query is an id."""
        return [self.names[id_] for id_ in self.portal.found(self.told(query), mode)]

    def told(self, query: str) -> str:
        """A query with its ids."""
        for id_, name in self.names.items():
            query = query.replace("{" + name + "}", id_)
        return query


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with fresh_store() as store, running(store) as portal:
        yield Scene(portal)


MESSAGES = ["m2", "m3", "m4", "m5"]
KINDS = [
    # tokens
    ("Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.1|12037934567", ["ingrid"]),
    ("Patient?identifier=12037934567", ["ingrid"]),
    ("Patient?identifier=|12037934567", []),
    ("Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.1|", ["ingrid"]),
    ("Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.2|12037934567", []),
    ("Patient?gender=female", ["ingrid"]),
    ("Patient?gender=http://hl7.org/fhir/administrative-gender|female", ["ingrid"]),
    ("Patient?gender=urn:other|female", []),
    ("Patient?gender:not=female", ["ola"]),
    ("Patient?phone=99887766", ["ingrid"]),
    ("Patient?email=99887766", []),
    ("Patient?email:missing=true", ["ola"]),
    ("Practitioner?active=true", ["kari"]),
    ("Practitioner?active=false", []),
    ("Task?status=requested", ["urgent"]),
    ("Task?status=requested,accepted", ["urgent", "taken"]),
    ("Task?status:not=requested", ["taken"]),
    ("Task?status:not=requested,accepted", []),
    (f"Task?performer={POOL}|resept", ["urgent"]),
    (f"Task?performer={POOL}|resept,{POOL}|time", ["urgent", "taken"]),
    (f"Task?performer:not={POOL}|resept", ["taken"]),
    ("Task?business-status=x", ["taken"]),
    ("Task?business-status:missing=true", ["urgent"]),
    ("Task?priority=urgent,asap,stat", ["urgent"]),
    ("Task?priority:missing=true", ["taken"]),
    ("Task?intent=order&code=respond&status=accepted", ["taken"]),
    (f"Communication?category={SYSTEM}|thread", ["head"]),
    (f"Communication?category={SYSTEM}|thread,{CATEGORY}|internal", ["head", "note"]),
    (f"Communication?category={SYSTEM}|thread&category={CATEGORY}|thread", ["head"]),
    ("Communication?category:missing=true&status=preparation", ["draft"]),
    ("DocumentReference?type=A03-2&category=samvalg&status=current", ["letter"]),
    ("DocumentReference?contenttype=application/pdf", ["letter"]),
    ("RelatedPerson?relationship=MTH", ["mother"]),
    # references
    ("Communication?subject=Patient/{ingrid}&status=preparation", ["draft"]),
    ("Communication?part-of=Communication/{head}&_sort=sent", MESSAGES),
    ("Communication?part-of={head}&_sort=-sent", MESSAGES[::-1]),
    ("Communication?part-of:Communication={head}&_sort=sent", MESSAGES),
    ("Communication?part-of:Task={head}", []),
    ("Communication?part-of:missing=false&_sort=sent", MESSAGES),
    ("Communication?based-on=Task/{urgent}", ["note"]),
    ("Communication?recipient=Practitioner/{kari}&sent=2026-03-02", ["m2"]),
    ("Communication?sender=Practitioner/{kari}&status=preparation", ["draft"]),
    ("Communication?sender:missing=true", ["note"]),
    ("Task?patient={ingrid}", ["urgent"]),
    ("Task?patient=Patient/{ingrid},{ola}", ["urgent", "taken"]),
    ("Task?patient:missing=true", []),
    ("Task?subject:Patient={ola}", ["taken"]),
    ("Task?focus=Communication/{head}&owner=Practitioner/{kari}", ["taken"]),
    ("Task?owner:missing=true", ["urgent"]),
    ("Appointment?patient=Patient/{ingrid}&date=ge2026-03-14&status=booked,proposed&_sort=date", ["visit"]),
    ("Appointment?patient={kari}", []),
    ("Appointment?practitioner={kari}", ["visit"]),
    ("Appointment?location:missing=true", ["visit"]),
    ("CareTeam?participant=Patient/{ola}", ["team"]),
    ("CareTeam?patient={ola}&status=active", ["team"]),
    ("PractitionerRole?practitioner=Practitioner/{kari}&active=true", ["role"]),
    ("QuestionnaireResponse?questionnaire=urn:form", ["answers"]),
    ("QuestionnaireResponse?questionnaire=urn:form|2&source={ola}", ["answers"]),
    ("QuestionnaireResponse?questionnaire=urn:form|3", []),
    ("Provenance?target=Task/{urgent}", ["why"]),
    # strings
    ("Patient?family=bjørn", ["ingrid"]),
    ("Patient?family=BJORNSEN-ODEGARD", ["ingrid"]),
    ("Patient?family=ødegård", []),
    ("Patient?family:contains=ødegård", ["ingrid"]),
    ("Patient?given=elise", ["ingrid"]),
    ("Patient?name=ingrid b", ["ingrid"]),
    ("Patient?name=han,ing", ["ingrid", "ola"]),
    ("Practitioner?name=as", ["kari"]),
    ("Organization?name=sorenga", ["site"]),
    ("Organization?name=legene", ["site"]),
    ("Questionnaire?title=sovn&url=urn:form", ["form"]),
    ("Patient?name=%25", []),
    # dates
    ("Patient?birthdate=1979-03-12", ["ingrid"]),
    ("Patient?birthdate=1979", ["ingrid", "ola"]),
    ("Patient?birthdate=ne1979-03-12", ["ola"]),
    ("Patient?birthdate=gt1979-03-12", ["ola"]),
    ("Patient?birthdate=ge1979-03", ["ingrid", "ola"]),
    ("Patient?birthdate=lt1979", []),
    ("Patient?birthdate=le1979-03-12", ["ingrid", "ola"]),
    ("Communication?sent=ge2026-03-01T09:00:00%2B02:00&sent=lt2026-03-03&_sort=sent", ["head", "m2"]),
    ("Communication?sent=2026-03-01T08:00:00Z", ["head"]),
    ("Communication?sent=2026-03-01T08:00Z", ["head"]),
    ("Communication?sent=2026-03-02,2026-03-04&_sort=sent", ["m2", "m4"]),
    ("Communication?sent=sa2026-03-04", ["m5"]),
    ("Communication?sent=eb2026-03-02", ["head"]),
    ("Communication?sent=ne2026-03-02&sent=lt2026-03-04&_sort=sent", ["head", "m3"]),
    ("Communication?sent:missing=true&status=preparation,completed&_sort=status", ["note", "draft"]),
    ("Task?authored-on=gt2026-03-01", ["urgent"]),
    ("DocumentReference?date=2026-01-02", ["letter"]),
    # ids and order
    ("Task?_id={urgent},{taken}&_sort=authored-on", ["taken", "urgent"]),
    ("Task?_id=never-was", []),
    ("Communication?_sort=status,-sent&part-of:missing=true", ["head", "note", "draft"]),
    ("Communication?_sort=-status,sent&part-of={head}", MESSAGES),
    ("Patient?_sort=name", ["ingrid", "ola"]),
    ("Patient?_sort=-family", ["ola", "ingrid"]),
    ("Patient?_sort=-birthdate", ["ingrid", "ola"]),
    ("Communication?_sort=-sent&_count=2", ["m5", "m4"]),
]


@pytest.mark.parametrize(("query", "names"), KINDS)
def test_a_search_finds_what_it_asks_for(scene: Scene, query: str, names: list[str]) -> None:
    found = scene.find(query)
    assert found == names if "_sort" in query else sorted(found) == sorted(names)


def test_every_count_agrees(scene: Scene) -> None:
    expected = {query: len(names) for query, names in KINDS if "_count" not in query}
    urls = [f"{scene.told(query)}&{more}" for query in expected for more in ("_summary=count", "_total=accurate")]
    answers = scene.portal.batch([{"request": {"method": "GET", "url": url}} for url in urls])
    assert [one["resource"]["total"] for one in answers] == [number for number in expected.values() for _ in range(2)]
    assert not any("entry" in one["resource"] for one in answers[::2])


def test_an_absolute_reference_is_a_local_one(scene: Scene) -> None:
    address = quote(f"{scene.portal.base}/Communication/{scene.id('head')}")
    assert scene.find(f"Communication?part-of={address}&_sort=sent") == MESSAGES
    assert scene.find("Communication?part-of=https://other.example/fhir/Communication/1") == []


def test_a_form_asks_the_same(scene: Scene) -> None:
    form = "application/x-www-form-urlencoded"
    answer = scene.portal.ask("POST", "Patient/_search", "identifier=12037934567&_count=5", form)
    assert [scene.names[id_] for id_ in ids(answer)] == ["ingrid"]
    assert "12037934567" not in str(answer.json()["link"])
    mixed = scene.portal.ask("POST", "Patient/_search?_count=1", "name=ola", form)
    assert [scene.names[id_] for id_ in ids(mixed)] == ["ola"]
    assert len(ids(scene.portal.ask("POST", "Patient/_search"))) == 2


def test_last_updated_walks_through_everything(scene: Scene) -> None:
    answer = scene.portal.ask("GET", "Communication?_sort=_lastUpdated&_count=100").json()
    stamps = [entry["resource"]["meta"]["lastUpdated"] for entry in answer["entry"]]
    assert stamps == sorted(stamps)
    every = [scene.names[entry["resource"]["id"]] for entry in answer["entry"]]
    for place, stamp in enumerate(stamps):
        assert scene.find(f"Communication?_lastUpdated=gt{stamp}&_sort=_lastUpdated") == every[place + 1 :]
        assert scene.find(f"Communication?_lastUpdated=ge{stamp}&_sort=_lastUpdated") == every[place:]
        assert scene.find(f"Communication?_lastUpdated=lt{stamp}&_sort=-_lastUpdated") == every[:place][::-1]
        assert scene.find(f"Communication?_lastUpdated={stamp}") == [every[place]]
    assert scene.find(f"Task?_lastUpdated=ge{stamps[-1][:10]}&_sort=_lastUpdated") == ["urgent", "taken"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Task?_include=Task:focus", {"head"}),
        ("Task?_include=Task:focus&_include=Task:patient", {"head", "ingrid", "ola"}),
        ("Task?_include=Task:owner:Practitioner", {"kari"}),
        ("Task?_include=Task:owner:Patient", set()),
        ("Communication?status=preparation&_include=Communication:subject", {"ingrid"}),
        ("CareTeam?_include=CareTeam:participant", {"kari", "ola"}),
        ("CareTeam?_include=CareTeam:participant:Practitioner", {"kari"}),
        ("Appointment?_include=Appointment:patient", {"ingrid"}),
        ("Communication?_id={head}&_revinclude=Task:focus", {"urgent", "taken"}),
        ("Communication?_id={head}&_revinclude=Communication:part-of", set(MESSAGES)),
        ("Task?_id={urgent}&_revinclude=Provenance:target&_revinclude=Communication:based-on", {"why", "note"}),
        ("Patient?_id={ola}&_revinclude=RelatedPerson:patient&_revinclude=CareTeam:subject", {"mother", "team"}),
        ("Task?_id={urgent}&_include=Communication:subject", set()),
        ("Communication?_id={head},{m2}&_include=Communication:part-of", set()),
        ("Communication?_id={head},{m2}&_revinclude=Communication:part-of", {"m3", "m4", "m5"}),
        ("Task?_id=never-was&_include=Task:focus&_revinclude=Provenance:target", set()),
    ],
)
def test_includes(scene: Scene, query: str, names: set[str]) -> None:
    found = scene.find(query, "include")
    assert set(found) == names
    assert len(found) == len(names)


def test_an_entry_tells_where_it_is(scene: Scene) -> None:
    for entry in scene.portal.ask("GET", "Task?_include=Task:focus").json()["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"{scene.portal.base}/{resource['resourceType']}/{resource['id']}"
        assert scene.portal.ask("GET", entry["fullUrl"]).json() == resource


def test_elements_give_a_part_and_say_so(scene: Scene) -> None:
    one = scene.portal.ask("GET", "Task?_elements=status,focus&status=requested").json()["entry"][0]["resource"]
    assert set(one) == {"resourceType", "id", "meta", "status", "intent", "focus"}
    assert [tag["code"] for tag in one["meta"]["tag"]] == ["SUBSETTED"]


@pytest.mark.parametrize(
    "query",
    [
        "Task?nonsense=1",
        "Task?_nonsense=1",
        "Task?status:nonsense=1",
        "Task?status:exact=requested",
        "Task?owner:identifier=1",
        "Task?authored-on:not=2026",
        "Task?authored-on=yesterday",
        "Task?authored-on=2026-13",
        "Task?authored-on=xx2026-01-01",
        "Task?_lastUpdated=now",
        "Task?status=",
        "Task?status=requested,,accepted",
        "Task?owner:missing=maybe",
        "Task?_sort=nonsense",
        "Task?_sort=status,",
        "Task?_sort=status&_sort=focus",
        "Task?_count=x",
        "Task?_count=-1",
        "Task?_count=1&_count=2",
        "Task?_total=most",
        "Task?_summary=text",
        "Task?_elements=nonsense",
        "Task?_include=Task:nonsense",
        "Task?_include=Task:status",
        "Task?_include=*",
        "Task?_include:iterate=Task:focus",
        "Task?_revinclude=Nonsense:focus",
        "Task?_include=Task:focus:Nonsense",
        "Task?_has:Provenance:target:agent=1",
        "Task?owner.name=Kari",
        "Task?owner:Practitioner.name=Kari",
        "Task?due-date=2026",
        "Patient?_id:not=1",
        "Patient?name:exact=Ola",
    ],
)
def test_what_is_no_search(scene: Scene, query: str) -> None:
    refused(scene.portal.ask("GET", query), 400)


def test_every_parameter_answers_on_every_type(scene: Scene) -> None:
    queries = []
    for kind in RESOURCES:
        for name, parameter in parameters()[kind].items():
            value = "ge1900" if parameter.type == "date" else "x"
            queries += [f"{kind}?{name}={value}", f"{kind}?{name}:missing=true", f"{kind}?_sort={name}"]
    scene.portal.all_found(queries)


def test_a_comma_can_be_part_of_a_value(portal: Portal) -> None:
    made = portal.create("Patient", identifier=[{"system": SYSTEM, "value": "a,b"}])["id"]
    portal.create("Patient", identifier=[{"system": SYSTEM, "value": "a"}])
    assert portal.found(f"Patient?identifier={SYSTEM}|a\\,b") == [made]


def test_a_change_changes_what_is_found(portal: Portal) -> None:
    made = portal.create(
        "Patient", name=[{"family": "Før"}], gender="female", meta={"tag": [concept("t")["coding"][0]]}
    )
    assert portal.found("Patient?family=før&gender=female&_tag=t") == [made["id"]]
    portal.ask("PUT", f"Patient/{made['id']}", {**made, "name": [{"family": "Etter"}], "gender": "male"})
    assert portal.found("Patient?family=før") == []
    assert portal.found("Patient?gender=female") == []
    assert portal.found("Patient?family=etter&gender=male") == [made["id"]]
    portal.ask("DELETE", f"Patient/{made['id']}")
    assert portal.found("Patient?family=etter") == []
