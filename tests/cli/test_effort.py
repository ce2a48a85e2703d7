"""`workbench effort`: what handling took, in figures for people and for programs, without a word of anybody's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cli.conftest import TestKeyring
from tests.cli.running import ROOT
from workbench import compose
from workbench.cli.main import main
from workbench.config import Settings
from workbench.dialogue.effort import IDLE, Handled, Taken
from workbench.dialogue.key import Key

PAGE = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
SPENT = (
    (datetime(2026, 3, 2, 9, tzinfo=UTC), "thread-1", Taken(5, 30.0, ("claim",))),
    (datetime(2026, 3, 2, 10, tzinfo=UTC), "thread-1", Taken(7, 10.0, ("reply",))),
    (datetime(2026, 3, 2, 11, tzinfo=UTC), "thread-2", Taken(1, 8.25, ("done",))),
    (datetime(2026, 3, 3, 9, tzinfo=UTC), "thread-3", Taken(2, 5.0, ("done",))),
)


@pytest.fixture
def _spent(own_keyring: TestKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in which conversations of two days were handled."""
    for when, thread, taken in SPENT:
        monkeypatch.setattr(compose, "now", lambda when=when: when)
        with compose.opened(compose.place_of(Settings())) as store:
            store.effort.keep([Handled(store.effort.label(Key("Sørenga", thread)), taken)])


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["effort", "--json", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("_spent")
def test_each_day_and_all_are_told_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys)
    assert (found["since"], found["idle_seconds"]) == (None, IDLE)
    assert [(day["day"], day["handled"]) for day in found["days"]] == [("2026-03-02", 2), ("2026-03-03", 1)]
    assert found["days"][0]["keys"] == {"median": 6.5, "p90": 12}
    assert found["all"]["seconds"] == {"median": 8.2, "p90": 40.0}
    assert found["all"]["verbs"][0] == {
        "verb": "done",
        "times": 2,
        "handled": 2,
        "keys": {"median": 1.5, "p90": 2},
        "seconds": {"median": 6.6, "p90": 8.2},
    }


@pytest.mark.usefixtures("_spent")
def test_earlier_days_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--since", "2026-03-03")
    assert (found["since"], found["all"]["handled"], len(found["days"])) == ("2026-03-03", 1, 1)


@pytest.mark.usefixtures("_spent")
@pytest.mark.parametrize(
    ("language", "day", "every"), [("en", "day", "all"), ("nb", "dag", "alle"), ("nn", "dag", "alle")]
)
def test_people_get_a_table(language: str, day: str, every: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", language, "effort"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == [day, "2026-03-02", "2026-03-03", every]
    assert lines[1].split() == ["2026-03-02", "2", "6.5", "12", "24.1", "40"]
    assert lines[3].split()[1:] == ["3", "2", "12", "8.2", "40"]
    assert {len(line) for line in lines[:4]} == {len(lines[0])}
    assert lines[6].split() == ["done", "2", "1.5", "2", "6.6", "8.2"]


@pytest.mark.usefixtures("_spent")
def test_no_conversation_and_no_portal_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["effort"], ["effort", "--json"]):
        assert main(arguments) == 0
        said = capsys.readouterr().out
        assert not re.search(r"thread|Sørenga|[0-9a-f]{16}", said)


def test_where_nothing_was_handled_it_says_so_and_makes_no_store(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "effort"]) == 0
    assert capsys.readouterr().out == "Nothing has been handled here yet.\n"
    assert told(capsys)["all"] == {
        "handled": 0,
        "keys": {"median": None, "p90": None},
        "seconds": {"median": None, "p90": None},
        "verbs": [],
    }
    assert not own_keyring.kept


def test_what_is_no_day_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "effort", "--since", "yesterday"]) == 2
    assert "a day looks like 2026-03-14" in capsys.readouterr().err


def test_a_store_that_does_not_open_is_said_as_for_every_command(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    with compose.opened(place):
        pass
    (place.folder / "work.db").write_bytes(b"")
    assert main(["--lang", "en", "effort"]) == 6
    assert capsys.readouterr().err.startswith(f"workbench: {place.folder}")


@pytest.mark.usefixtures("_spent")
def test_the_page_shows_every_name(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(PAGE.partition("`workbench effort --json`\n\n```json\n")[2].partition("```")[0])

    def names(value: object) -> object:
        if isinstance(value, dict):
            return {name: names(each) for name, each in value.items()}
        return [names(value[0])] if isinstance(value, list) else None

    assert names(shown) == names(told(capsys))
