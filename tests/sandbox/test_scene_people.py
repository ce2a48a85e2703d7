"""The people of a scene: numbers that nobody has, ages, relatives, and names that several share."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from workbench.sandbox.organisation import ORGANISATION_NUMBER
from workbench.sandbox.scene import resources

NOW = datetime(2026, 3, 24, 13, 2, tzinfo=UTC)
NATIONAL, D_NUMBER, HELP = (f"urn:oid:2.16.578.1.12.4.1.4.{n}" for n in (1, 2, 3))

Resource = dict[str, Any]


@pytest.fixture(scope="module")
def scene() -> list[Resource]:
    return cast(list[Resource], list(resources(3000, 11, NOW)))


@pytest.fixture(scope="module")
def patients(scene: list[Resource]) -> list[Resource]:
    return [resource for resource in scene if resource["resourceType"] == "Patient"]


def number_of(person: Resource) -> tuple[str, str]:
    return person["identifier"][0]["system"], person["identifier"][0]["value"]


def age(person: Resource) -> float:
    return (NOW.date() - date.fromisoformat(person["birthDate"])).days / 365.25


def is_valid(number: str) -> bool:
    """Check both digits the other way round: the weighted sums, check digits included, are multiples of 11."""
    digits = [int(digit) for digit in number]
    first = sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits, strict=False))
    second = sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True))
    return first % 11 == 0 and second % 11 == 0


def test_the_check_itself_knows_right_from_wrong() -> None:
    assert is_valid("29029900157")  # 29 February 1999 never was: nobody has it
    assert not is_valid("29029900158")
    assert not is_valid("29029900257")


def test_numbers_are_valid_marked_synthetic_and_unique(scene: list[Resource]) -> None:
    people = [resource for resource in scene if resource["resourceType"] in ("Patient", "RelatedPerson")]
    numbers = [number_of(person)[1] for person in people]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert is_valid(number), number
        assert 81 <= int(number[2:4]) <= 92, number


def test_numbers_agree_with_birth_date_and_gender(patients: list[Resource]) -> None:
    for patient in patients:
        system, number = number_of(patient)
        if system == HELP:
            assert number[0] in "89"
            continue
        born = date.fromisoformat(patient["birthDate"])
        day = int(number[:2]) - (40 if system == D_NUMBER else 0)
        assert (day, int(number[2:4]) - 80, int(number[4:6])) == (born.day, born.month, born.year % 100)
        assert (int(number[8]) % 2 == 0) == (patient["gender"] == "female")
        assert (int(number[6:9]) >= 500) == (born.year >= 2000)


def test_every_kind_of_number_is_there(patients: list[Resource]) -> None:
    counted = Counter(number_of(patient)[0] for patient in patients)
    assert counted[NATIONAL] > counted[D_NUMBER] > counted[HELP] > 0


def test_the_organisation_number_is_valid() -> None:
    digits = [int(digit) for digit in ORGANISATION_NUMBER]
    assert sum(a * b for a, b in zip((3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True)) % 11 == 0


def test_ages_go_from_infants_to_the_very_old(patients: list[Resource]) -> None:
    ages = [age(patient) for patient in patients]
    assert min(ages) < 1
    assert 96 < max(ages) < 99


def test_telephones_cannot_be_called(patients: list[Resource]) -> None:
    assert all(patient["telecom"][0]["value"].startswith("+47 00 ") for patient in patients)


def test_some_names_are_shared_by_people_with_other_birth_dates(patients: list[Resource]) -> None:
    demo = [resource for resource in resources(50, 1, NOW) if resource["resourceType"] == "Patient"]
    for people in (patients, cast(list[Resource], demo)):
        names = Counter((patient["name"][0]["family"], *patient["name"][0]["given"]) for patient in people)
        assert names["Hansen", "Anne"] >= 2
        assert names["Solberg", "Ingrid"] >= 2


def test_confidential_addresses_are_marked_absent_and_represent_nobody(scene: list[Resource]) -> None:
    represented = {
        resource["patient"]["reference"] for resource in scene if resource["resourceType"] == "RelatedPerson"
    }
    patients = [resource for resource in scene if resource["resourceType"] == "Patient"]
    hidden = [patient for patient in patients if "security" in patient["meta"]]
    assert hidden
    assert all("address" not in patient for patient in hidden)
    assert not represented & {f"Patient/{patient['id']}" for patient in hidden if age(patient) < 65}
    assert all("address" in patient for patient in patients if patient not in hidden)


def test_languages_are_told(patients: list[Resource]) -> None:
    spoken = Counter(patient["communication"][0]["language"]["coding"][0]["code"] for patient in patients)
    assert spoken["nb"] > spoken["nn"] > 0 < spoken["en"]


def test_parents_write_for_children_and_mandates_for_the_old(scene: list[Resource]) -> None:
    known = {f"{resource['resourceType']}/{resource['id']}": resource for resource in scene}
    written = Counter[str]()
    for header in (r for r in scene if r["resourceType"] == "Communication" and "topic" in r):
        writer, patient = known[header["sender"]["reference"]], known[header["subject"]["reference"]]
        if writer["resourceType"] == "Patient":
            assert writer is patient
            assert age(patient) >= 16
            continue
        codes = [concept["coding"][0]["code"] for concept in writer["relationship"]]
        assert writer["patient"] == header["subject"]
        assert age(writer) >= 18
        assert ("POWATT" in codes) == (age(patient) >= 65)
        assert (codes[0] in ("MTH", "FTH")) == (age(patient) < 16)
        written[codes[0]] += 1
    assert {"MTH", "FTH"} < written.keys()
