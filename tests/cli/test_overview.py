"""`workbench overview`: figures of what is held, without network, without a patient, safe in a spreadsheet."""

import csv
import io
import json
from typing import Any

import pytest

from tests.cli.conftest import TestKeyring
from tests.cli.test_figures import settings
from tests.hostile import hostile
from tests.screens.test_overview import ME, conversation
from workbench import compose
from workbench.cli.main import main
from workbench.dialogue.key import Key
from workbench.dialogue.moments import DAYS
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.overview import BANDS, HANDOVER
from workbench.dialogue.work import Change, Verb

NOWHERE = "http://127.0.0.1:9/fhir"
AT = ("overview", "--portal", NOWHERE)
NAMED = ("Ingrid", "Solberg", "Emne", "Hei", "Patient/", "Practitioner/", "12037934567")


@pytest.fixture
def held(own_keyring: TestKeyring) -> str:
    """A store with some conversations, of a portal that does not answer; gives the portal's name."""
    told = settings(NOWHERE)
    name = told.portals[0].name
    with compose.opened(compose.place_of(told)) as store:
        store.cache.me(name, ME)
        for batch in (
            conversation("mine", 1, owner=ME),
            conversation("late", 300, due=-100),
            conversation("bad", 30, pool='=HYPERLINK("x")', category="@SUM(1)"),
        ):
            store.cache.apply(name, batch)
        store.drafts.save(Draft(Key(name, "mine"), ME, Kind.REPLY, "Hei"))
        store.outbox.queue_change(Key(name, "bad"), ME, Change(Verb.DONE), patient="Patient/a", basis="")
    return name


def told(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["--lang", "en", *AT, *more]) == 0
    printed = capsys.readouterr().out
    assert not [word for word in NAMED if word in printed]
    return printed


def test_json_tells_queues_and_days_with_what_is_on_its_way(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed: dict[str, Any] = json.loads(told(capsys, "--json"))
    assert set(printed) == {"profile", "at", "queues", "days"}
    queues = {each["queue"]: each for each in printed["queues"]}
    assert set(queues["unclaimed"]) == {
        "queue", "conversations", "overdue", "within_deadline", "oldest_waiting", "waiting", "days",
    }  # fmt: skip
    assert (queues["unclaimed"]["conversations"], queues["unclaimed"]["overdue"]) == (1, 1)
    assert queues["today"]["conversations"] == 1, "what is done here counts before the portal has it"
    assert queues["today"]["waiting"] is None
    assert queues["mine"]["within_deadline"] == 1.0
    assert list(queues["mine"]["waiting"]) == list(BANDS)
    assert len(printed["days"]) == DAYS
    assert set(printed["days"][0]) == {
        "day", "came_in", "patient_wrote", "answered", "answered_late", "within_deadline", "first_answers",
        "median_hours_to_first_answer", "done", "median_hours_to_done",
    }  # fmt: skip
    assert sum(day["came_in"] for day in printed["days"]) == 3
    assert queues["open"]["days"] == printed["days"]
    assert queues["open"]["conversations"] == 2
    assert sum(day["came_in"] for day in queues["pool:resept"]["days"]) == 2
    today = printed["days"][-1]
    assert today["done"] == 1
    assert today["median_hours_to_done"] is not None


def test_one_queue_alone_with_its_own_days(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = json.loads(told(capsys, "--json", "--queue", "pool:resept"))
    assert [queue["queue"] for queue in printed["queues"]] == ["pool:resept"]
    assert sum(day["came_in"] for day in printed["days"]) == 2, "the third lies with another team"
    lines = told(capsys, "--queue", "pool:resept").splitlines()
    assert "The last 14 days · Resept" in lines
    assert not [line for line in lines if line.startswith(("All open", "Mine"))]
    assert main(["--lang", "en", *AT, "--queue", "pool:none"]) == 2
    assert "give --queue one of open, mine, " in capsys.readouterr().err


def test_csv_tells_each_queue_s_days_by_day_and_queue(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(told(capsys, "--csv"))))
    days = [row for row in rows if row[0] == "queue-day" and row[1][11:] == "pool:resept"]
    assert sum(int(value) for *_, figure, value in days if figure == "came_in") == 2
    assert len({name for _, name, *_ in days}) == DAYS
    assert not [row for row in rows if row[0] == "queue-day" and row[1][11:] == "open"], "those stand as days"


def test_handover_json(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = json.loads(told(capsys, "--json", "--handover"))
    assert set(printed) == {"profile", "at", "until", "handover", "elsewhere"}
    assert [line["what"] for line in printed["handover"]] == list(HANDOVER)
    lines = {line["what"]: line["conversations"] for line in printed["handover"]}
    assert (lines["overdue"], lines["mine"], lines["drafts"], printed["elsewhere"]) == (1, 1, 1, 0)


def test_for_a_person_it_is_told_in_the_words_and_language_of_the_screen(
    held: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = told(capsys).splitlines()
    heads = next(line for line in lines if line.startswith("Queue"))
    unclaimed = next(line for line in lines if line.startswith("Unclaimed"))
    assert len(unclaimed) == len(heads)
    assert unclaimed.split()[:3] == ["Unclaimed", "1", "1"]
    assert next(line for line in lines if line.startswith("Done today")).split()[2] == "1"
    assert "The last 14 days" in lines
    assert max(map(len, lines)) <= 80
    monkeypatch.setenv("COLUMNS", "120")
    assert max(map(len, told(capsys).splitlines())) > 100, "days are dated where there is room"
    assert main(["--lang", "nb", *AT]) == 0
    norwegian = capsys.readouterr().out
    assert "Ufordelt" in norwegian
    assert "Unclaimed" not in norwegian


def test_the_handover_for_a_person(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    title, *lines = told(capsys, "--handover").splitlines()
    assert title.startswith("Handover · ")
    assert len(lines) == len(HANDOVER)
    assert {"Overdue", "Yours, in progress"} <= {line.rsplit(maxsplit=1)[0] for line in lines if line.endswith(" 1")}


@pytest.mark.parametrize("more", [(), ("--handover",)])
def test_csv_has_one_header_and_no_cell_that_a_spreadsheet_reckons_with(
    more: tuple[str, ...], held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *rows = list(csv.reader(io.StringIO(told(capsys, "--csv", *more))))
    assert header == ["about", "name", "figure", "value"]
    assert {len(row) for row in rows} == {4}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row[0] for row in rows} == ({"handover"} if more else {"queue", "day", "queue-day"})


def test_a_hostile_code_breaks_neither_csv_nor_terminal(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    given = settings(NOWHERE)
    texts = [one.text for one in hostile() if one.text.strip() and len(one.text) < 500]
    texts = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
    with compose.opened(compose.place_of(given)) as store:
        for place, text in enumerate(texts):
            store.cache.apply(given.portals[0].name, conversation(f"c{place}", 1, pool=text, category=text))
    for way in ("--csv", "--json", ""):
        assert main(["--lang", "en", *AT, *filter(None, [way])]) == 0
        printed = capsys.readouterr().out.replace("\r\n", "\n")
        assert not [char for char in printed if char != "\n" and not char.isprintable()]


def test_a_cell_that_would_be_a_formula_is_marked() -> None:
    from workbench.cli.overview import _csv

    rows = [("queue", "=1+1", "-x", 3), ("queue", "@a", "+b", None)]
    assert list(csv.reader(io.StringIO(_csv(rows))))[1:] == [
        ["queue", "'=1+1", "'-x", "3"],
        ["queue", "'@a", "'+b", ""],
    ]


def test_without_a_store_there_is_an_empty_overview_and_none_is_made(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(told(capsys, "--json")) == {
        "profile": settings(NOWHERE).profile, "at": None, "queues": [], "days": [],
    }  # fmt: skip
    assert told(capsys, "--csv") == "about,name,figure,value\r\n"
    assert "Nothing has been fetched yet" in told(capsys)
    assert not own_keyring.kept


def test_json_and_csv_are_one_or_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", *AT, "--json", "--csv"]) == 2
