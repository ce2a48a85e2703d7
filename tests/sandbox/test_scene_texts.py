"""The words and the papers of a scene: no two alike, nothing left unfilled, files that are what they say."""

import base64
import hashlib
import re
import struct
import zlib
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from workbench.sandbox.composed import blocks
from workbench.sandbox.dice import Dice
from workbench.sandbox.documents import Documents
from workbench.sandbox.media import SPOTS, pdf, picture
from workbench.sandbox.people import People, Wish
from workbench.sandbox.scene import resources
from workbench.sandbox.scripts import scripts
from workbench.sandbox.workdays import at, day_of, due, instant, is_working_day, working_days_after

NOW = datetime(2026, 3, 24, 13, 2, tzinfo=UTC)
DOCUMENT_TYPE = "urn:oid:2.16.578.1.12.4.1.1.9602"

Resource = dict[str, Any]


@pytest.fixture(scope="module")
def demo() -> list[Resource]:
    return cast(list[Resource], list(resources(50, 1, NOW)))


@pytest.fixture(scope="module")
def crowd() -> list[Resource]:
    return cast(list[Resource], list(resources(3000, 5, NOW)))


def bodies(found: list[Resource]) -> list[str]:
    payloads = [payload for resource in found for payload in resource.get("payload", [])]
    return [payload["contentString"] for payload in payloads if "contentString" in payload]


def of(kind: str, found: list[Resource]) -> list[Resource]:
    return [resource for resource in found if resource["resourceType"] == kind]


def test_no_two_conversations_of_a_demo_are_alike(demo: list[Resource]) -> None:
    subjects = [resource["topic"]["text"] for resource in demo if "topic" in resource]
    assert len(subjects) == 50
    assert len({subject.casefold() for subject in subjects}) == 50
    texts = [text.casefold() for text in bodies(demo)]
    assert len(set(texts)) == len(texts) > 90


def test_a_demo_has_all_that_a_surgery_sees(demo: list[Resource]) -> None:
    told = "\n".join(bodies(demo))
    for words in (
        "klemmende smerter i brystet",
        "faren min",
        "ny resept på Levaxin",
        "takke for at de fann time",
        "prikkene",
        "tolv dagar sidan",
        "årskontroll på torsdag",
    ):
        assert words.casefold() in told.casefold(), words
    photos = [resource for resource in of("Binary", demo) if resource["contentType"] == "image/png"]
    assert len(photos) >= 4


def test_a_demo_is_spread_over_states_pools_and_languages(demo: list[Resource]) -> None:
    tasks = [task for task in of("Task", demo) if task["code"]["coding"][0]["code"] == "respond"]
    stands = Counter(task["businessStatus"]["coding"][0]["code"] for task in tasks)
    assert 15 <= stands["new"] <= 20
    assert {"new", "claimed", "waiting-patient", "escalated", "answered"} <= stands.keys()
    mine = [task for task in tasks if "Kari" in task.get("owner", {}).get("display", "")]
    assert 10 <= len([task for task in mine if task["status"] == "accepted"]) <= 14
    now = instant(NOW.timestamp())
    late = [task for task in tasks if task["status"] != "completed" and task["restriction"]["period"]["end"] < now]
    assert 2 <= len(late) <= 6
    assert {"urgent", "asap", "routine"} == {task["priority"] for task in tasks}


def test_enough_is_written_by_hand_and_every_role_speaks() -> None:
    written = scripts()
    assert len(written) >= 50
    assert {script.wish.language for script in written} == {"nb", "nn", "en"}
    assert {script.writer for script in written} == {"self", "parent", "proxy"}
    assert {turn.speaker for script in written for turn in script.turns} >= {"patient", "doctor", "nurse", "secretary"}
    assert max(len(script.turns) for script in written) <= 8


def test_nothing_is_left_unfilled(crowd: list[Resource]) -> None:
    subjects = [resource["topic"]["text"] for resource in crowd if "topic" in resource]
    for text in [*subjects, *bodies(crowd)]:
        assert not re.search(r"[{}]|\bNone\b", text), text
        assert text == text.strip()


def test_every_hole_of_every_template_has_words(crowd: list[Resource]) -> None:
    given = {"first", "writer", "doctor", "nurse", "secretary", "psychologist", "me", "title"}
    parts = ("subject", "opening", "more", "question", "reply", "answer", "thanks", "closing", "note")
    for theme in blocks().themes:
        words = blocks().words[theme.language]
        holes = {hole for part in parts for template in getattr(theme, part) for hole in template[1::2]}
        holes |= {hole for options in words.values() for template in options for hole in template[1::2]}
        assert holes <= words.keys() | given, holes - words.keys() - given


def test_a_crowd_says_many_different_things(crowd: list[Resource]) -> None:
    first: dict[str, str] = {}
    for resource in crowd:
        if resource["resourceType"] == "Communication" and "partOf" in resource and "subject" in resource:
            first.setdefault(resource["partOf"][0]["reference"], resource["payload"][0]["contentString"])
    assert len(first) == 3000
    assert len(set(first.values())) > 2940


def test_documents_are_of_the_record_and_say_what_they_are(crowd: list[Resource]) -> None:
    files = {f"Binary/{file['id']}": file for file in of("Binary", crowd)}
    documents = [document for document in of("DocumentReference", crowd) if "type" in document]
    kinds = Counter(document["type"]["coding"][0]["code"] for document in documents)
    assert set(kinds) == {"A03-2", "B03-2"}
    assert {document["type"]["coding"][0]["system"] for document in documents} == {DOCUMENT_TYPE}
    assert {document["type"]["coding"][1]["code"] for document in documents} == {"18842-5", "34108-1"}
    assert any("securityLabel" in document for document in documents)
    assert any(document["docStatus"] == "preliminary" for document in documents)
    for document in documents:
        attachment = document["content"][0]["attachment"]
        file = files[attachment["url"]]
        data = base64.b64decode(file["data"])
        assert attachment["size"] == len(data)
        assert attachment["hash"] == base64.b64encode(hashlib.sha1(data).digest()).decode()
        assert attachment["contentType"] == file["contentType"]
        assert file["securityContext"] == document["subject"]
        if file["contentType"].startswith("text/plain"):
            assert document["subject"]["display"] in data.decode()
        else:
            assert data.startswith(b"%PDF-1.4")


def test_what_must_not_be_sent_is_never_sent(crowd: list[Resource]) -> None:
    barred = {
        f"DocumentReference/{document['id']}"
        for document in of("DocumentReference", crowd)
        if "securityLabel" in document or document["docStatus"] != "final"
    }
    sent = {
        payload["contentReference"]["reference"]
        for resource in crowd
        for payload in resource.get("payload", [])
        if "contentReference" in payload
    }
    assert barred
    assert sent
    assert not barred & sent


def test_only_a_final_unrestricted_document_is_at_hand_for_sending() -> None:
    dice = Dice("papers")
    person = People(dice, NOW.timestamp()).person(Wish())
    documents = Documents(dice, NOW.timestamp())
    for barred in ({"restricted": True}, {"preliminary": True}):
        assert len(list(documents.document(person, "B03-2", **barred))) == 2
        assert not person.documents
    *_, document = documents.document(person, "A03-2")
    assert person.documents["A03-2"]["reference"] == f"DocumentReference/{document['id']}"


@pytest.mark.parametrize("kind", [*SPOTS, "letter"])
def test_pictures_are_real(kind: str) -> None:
    data = picture(kind)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, found, pixels = 8, [], b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(name + body)
        pixels += body if name == b"IDAT" else b""
        found.append(name)
        place += 12 + length
    assert found == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", data[16:24])
    assert len(zlib.decompress(pixels)) == height * (1 + 3 * width)


def test_a_page_has_its_parts_where_its_table_says() -> None:
    page = pdf(["Blåbær (søte)", "\\o/", "Ж"])
    start = int(page.split(b"startxref\n")[1].split()[0])
    assert page[start : start + 4] == b"xref"
    for number, line in enumerate(page[start:].splitlines()[3:8], 1):
        place = int(line.split()[0])
        assert page[place:].startswith(b"%d 0 obj" % number)
    assert "Blåbær \\(søte\\)".encode("cp1252") in page
    assert page.endswith(b"%%EOF\n")


def test_working_days_skip_weekends_and_easter() -> None:
    assert working_days_after(date(2026, 3, 31), 5) == date(2026, 4, 10)
    assert working_days_after(date(2026, 5, 13), 1) == date(2026, 5, 15)  # Ascension Day on the 14th
    assert working_days_after(date(2026, 3, 28), 0) == date(2026, 3, 30)
    assert [is_working_day(date(2026, 5, day)) for day in (1, 15, 17, 25, 26)] == [False, True, False, False, True]


def test_the_clock_is_that_of_oslo() -> None:
    assert due(date(2026, 3, 23), 1) == "2026-03-24T14:30:00.000Z"
    assert due(date(2026, 3, 27), 1) == "2026-03-30T13:30:00.000Z"  # summer time began on the 29th
    assert day_of(datetime(2026, 3, 24, 23, 30, tzinfo=UTC).timestamp()) == date(2026, 3, 25)
    assert instant(at(date(2026, 7, 1), 3600)) == "2026-06-30T23:00:00.000Z"


def test_staff_write_in_office_hours_and_nobody_before_dawn(crowd: list[Resource]) -> None:
    staff = patients = early = outside = 0
    for message in crowd:
        if "payload" not in message:
            continue
        sent = datetime.fromisoformat(message["sent"]).astimezone(UTC)
        hour = (sent.hour + 1) % 24
        if message["sender"]["reference"].startswith("Practitioner/"):
            staff += 1
            outside += not (7 <= hour <= 16 and sent.weekday() < 5)
        else:
            patients += 1
            early += 1 <= hour <= 5
    assert outside < 0.05 * staff
    assert early < 0.05 * patients
