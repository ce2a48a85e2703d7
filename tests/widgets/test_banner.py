"""The banner: whose conversation it is, how old they are, who writes and who will read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.hostile import commanding, hostile
from widgets.banner import banner_content, identity
from widgets.words import gender_word
from workbench import language
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.work import Priority, State, WorkItem

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
PATIENT = Patient("Patient/1", "Ingrid Solberg", "1979-03-12", "12037934567", "female")
MOTHER = Party("RelatedPerson/1", "Kari Solberg", PartyKind.RELATED, "mor")
WORK = WorkItem("Task/1", "1", State.CLAIMED, priority=Priority.URGENT, due=datetime(2026, 3, 26, 15, tzinfo=UTC))
CONVERSATION = Conversation(Key("demo", "t1"), "Litt sliten", PATIENT, ("e-konsultasjon",), WORK)


WARNED = replace(
    CONVERSATION,
    patient=replace(PATIENT, confidential=True, deceased=True),
    closed=True,
    mixed=True,
    flag_words="utstråling til venstre arm",
    writer=MOTHER,
    readers=(MOTHER,),
    work=replace(WORK, owner=Party("Practitioner/1", "Kari Nordmann", PartyKind.STAFF), remark="Ring henne først"),
)


def lines(conversation: Conversation, width: int = 100) -> list[str]:
    return banner_content(conversation, NOW, width).plain.split("\n")


def born(birth: str, gender: str = "female") -> Conversation:
    return replace(CONVERSATION, patient=replace(PATIENT, birth=birth, gender=gender))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "nb",
            [
                "Ingrid Solberg · 47 år · f. 12.03.1979 · ·····34567",
                "kvinne · skriver selv · leses av: pasienten",
                "e-konsultasjon · haster · frist torsdag 26.",
            ],
        ),
        (
            "nn",
            [
                "Ingrid Solberg · 47 år · f. 12.03.1979 · ·····34567",
                "kvinne · skriv sjølv · blir lese av: pasienten",
                "e-konsultasjon · hastar · frist torsdag 26.",
            ],
        ),
        (
            "en",
            [
                "Ingrid Solberg · 47 years · b. 12.03.1979 · ·····34567",
                "woman · writes for themselves · read by: the patient",
                "e-consultation · urgent · due Thursday 26",
            ],
        ),
    ],
)
def test_patient_writer_readers_and_work(code: str, said: list[str]) -> None:
    language.use(code)
    assert lines(CONVERSATION) == said


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        ("2026-03-24", "under 1 måned"),
        ("2026-02-25", "under 1 måned"),
        ("2026-02-24", "1 måned"),
        ("2025-03-24", "12 måneder"),
        ("2024-03-25", "23 måneder"),
        ("2024-03-24", "2 år"),
        ("2008-03-25", "17 år"),
    ],
)
def test_infants_are_told_in_months(birth: str, age: str) -> None:
    language.use("nb")
    day, month, year = birth[8:], birth[5:7], birth[:4]
    assert identity(replace(PATIENT, birth=birth), TODAY).plain == (
        f"Ingrid Solberg · {age} · f. {day}.{month}.{year} · ·····34567"
    )


@pytest.mark.parametrize("birth", ["", "2025", "2025-03", "2026-03-25", "x"])
def test_an_age_that_is_not_known_is_not_told(birth: str) -> None:
    language.use("nb")
    told = identity(replace(PATIENT, birth=birth), TODAY).plain
    assert not any(word in told for word in ("år", "måned"))
    assert birth[:4] in told


@pytest.mark.parametrize(
    ("birth", "gender", "word"),
    [
        ("2008-03-25", "female", "jente"),
        ("2025-11-01", "male", "gutt"),
        ("2008-03-24", "female", "kvinne"),
        ("2008-03-24", "male", "mann"),
        ("2008", "male", "mann"),
        ("2015-01-01", "other", "annet kjønn"),
        ("2015-01-01", "tull", "tull"),
    ],
)
def test_children_are_girls_and_boys(birth: str, gender: str, word: str) -> None:
    language.use("nb")
    assert lines(born(birth, gender))[1].startswith(f"{word} · ")


def test_the_word_of_a_gender_in_each_language() -> None:
    said = {}
    for code in language.LANGUAGES:
        language.use(code)
        said[code] = [gender_word(gender, child=child) for gender in ("female", "male") for child in (True, False)]
    assert said == {
        "nb": ["jente", "kvinne", "gutt", "mann"],
        "nn": ["jente", "kvinne", "gut", "mann"],
        "en": ["girl", "woman", "boy", "man"],
    }


def test_who_writes_for_somebody_else() -> None:
    language.use("nb")
    readers = (Party("Patient/1", "Ingrid Solberg", PartyKind.PATIENT), MOTHER)
    told = lines(replace(born("2020-01-01"), writer=MOTHER, readers=readers), 120)
    assert (
        told[1]
        == "jente · skrevet av Kari Solberg (mor) på vegne av pasienten · leses av: pasienten, Kari Solberg (mor)"
    )


@pytest.mark.parametrize("width", range(20, 120, 7))
def test_narrow_banners_lose_no_word(width: int) -> None:
    language.use("nb")
    told = banner_content(replace(CONVERSATION, writer=MOTHER), NOW, width).plain
    for part in ("Ingrid Solberg", "47 år", "f. 12.03.1979", "·····34567", "Kari Solberg (mor)", "frist torsdag 26."):
        assert part in told


def test_no_name_commands_the_terminal() -> None:
    for text in hostile():
        patient, writer = replace(PATIENT, name=text.text, birth=text.text), replace(MOTHER, name=text.text)
        told = banner_content(replace(CONVERSATION, patient=patient, writer=writer), NOW, 60).plain
        assert not commanding(told.replace("\n", "")), text.id


@pytest.mark.parametrize(
    ("hour", "said"),
    [("14:29", "frist i dag"), ("14:30", "over frist siden 14:30"), ("20:00", "over frist siden 14:30")],
)
def test_a_deadline_of_today_is_over_when_its_hour_has_passed(hour: str, said: str) -> None:
    language.use("nb")
    now = datetime.fromisoformat(f"2026-11-27T{hour}:00+01:00")
    due = replace(CONVERSATION, work=replace(WORK, due=datetime(2026, 11, 27, 13, 30, tzinfo=UTC)))
    assert banner_content(due, now, 100).plain.split("\n")[2] == f"e-konsultasjon · haster · {said}"


def test_a_deadline_is_told_by_the_day_of_who_reads() -> None:
    language.use("nb")
    now = datetime.fromisoformat("2026-11-27T12:00:00+01:00")
    due = replace(CONVERSATION, work=replace(WORK, due=datetime(2026, 11, 30, 23, 30, tzinfo=UTC)))
    assert "frist tirsdag 1." in banner_content(due, now, 100).plain


def test_what_warns_of_a_patient_is_never_what_has_no_room() -> None:
    language.use("en")
    for width in (36, 44, 54, 66, 100):
        shown = "\n".join(lines(WARNED, width)[:10])
        for word in ("do not reply", "confidential", "deceased"):
            assert word in shown.replace("\n", " "), (width, shown)
