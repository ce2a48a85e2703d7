"""Commands without a screen, on a real portal and a real store: sync, status, outbox, doctor, wipe."""

import json
import re
import sqlite3
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.conftest import TestKeyring
from tests.cli.running import one_sentence, workbench
from workbench import compose
from workbench.cli.main import main
from workbench.config import PortalSettings, Settings
from workbench.desk.sender import Sender
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.work import OPEN, Change, Verb
from workbench.paths import profile_of

KARI = "Practitioner/kari-nordmann"


def figures(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, object]:
    assert main([*arguments, "--json"]) == code
    printed = json.loads(capsys.readouterr().out)
    assert isinstance(printed, dict)
    return printed


def settings(portal: str) -> Settings:
    name = portal.removeprefix("http://").partition("/")[0]
    return Settings(portals=(PortalSettings(name, portal, KARI),), profile=profile_of(portal))


def test_sync_fetches_what_the_portal_holds_and_status_counts_it(
    portal: str, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--portal", portal, "--as", KARI)
    before = figures(capsys, "status", *at)
    names = ["all", "mine", "flagged", "unclaimed", "overdue", "waiting", "colleague", "snoozed", "today", "done"]
    assert before["conversations"] == dict.fromkeys(names, 0)
    assert not own_keyring.kept, "looking at figures made a store"
    synced = figures(capsys, "sync", *at)
    assert synced["outbox"] == {"waiting": 0, "unknown": 0, "needs_you": 0, "others": 0}
    after = figures(capsys, "status", *at)
    held = after["conversations"]
    assert isinstance(held, dict)
    assert held["all"] == 8
    assert after["portals"] == [
        {"portal": portal[7:-5], "base": portal, "data_from": synced["portals"][0]["data_from"]}  # type: ignore[index]
    ]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("nb", "samtaler: Alle 0, Mine 0"), ("nn", "samtalar: Alle 0, Mine 0"), ("en", "conversations: All 0, Mine 0")],
)
def test_status_speaks_one_language(language: str, wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", language, "status"]) == 0
    said = capsys.readouterr().out
    assert wanted in said
    words = set(re.findall("[a-zæøå]{5,}", said.casefold()))
    english = {"profile", "portals", "conversations", "flagged", "unclaimed", "drafts", "outbox", "waiting", "unknown"}
    assert words.isdisjoint(english) or language == "en"


def test_sync_sends_what_is_in_the_outbox(
    portal: str, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync", "--portal", portal, "--as", KARI]) == 0
    with compose.opened(compose.place_of(settings(portal))) as store:
        item = store.cache.page(Query(OPEN, whose=Whose.NOBODY), 0, 1).items[0]
        store.outbox.queue_change(item.key, KARI, Change(Verb.CLAIM, owner=KARI), patient=item.patient, basis="")
    capsys.readouterr()
    waiting = figures(capsys, "outbox", "--portal", portal)["outbox"]
    assert isinstance(waiting, list)
    assert [(entry["verb"], entry["state"]) for entry in waiting] == [("claim", "queued")]
    assert set(waiting[0]) == {"id", "portal", "verb", "state", "queued", "attempts", "reason"}
    assert main(["sync", "--portal", portal, "--as", KARI]) == 0
    capsys.readouterr()
    assert figures(capsys, "outbox", "--portal", portal) == {"outbox": []}


def test_the_outbox_is_told_in_words_without_a_patients(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("outbox", "--portal", "http://127.0.0.1:9/fhir")
    with compose.opened(compose.place_of(settings("http://127.0.0.1:9/fhir"))) as store:
        told = store.outbox.queue_draft(Draft(Key("p", "t"), KARI, Kind.REPLY, "Hei"), patient="Patient/a", basis="b")
        store.outbox.queue_change(Key("p", "u"), KARI, Change(Verb.DONE), patient="Patient/a", basis="")
        store.outbox.stop(("p",))
    assert told
    for language, words in (("en", ("needs you · reply · p · written", "done · p")), ("nb", ("svar · p · skrevet",))):
        assert main(["--lang", language, *at]) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in words), said
        assert not [word for word in ("Hei", "Patient", "needs-you", KARI) if word in said]


def test_sync_says_when_the_portal_cannot_be_reached(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "sync", "--portal", "http://127.0.0.1:9/fhir", "--as", KARI]) == 5
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("workbench: 127.0.0.1:9: ")
    assert printed.err.count("\n") == 1


def test_without_a_portal_there_is_nothing_to_sync(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "sync"]) == 3
    assert "--portal" in capsys.readouterr().err


def test_wipe_keeps_what_was_never_sent_until_it_may_be_lost(
    portal: str, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(settings(portal))
    with compose.opened(place) as store:
        store.drafts.save(Draft(Key(settings(portal).portals[0].name, "t1"), KARI, Kind.REPLY, "Hei"))
    assert main(["--lang", "en", "wipe", "--yes", "--portal", portal]) == 1
    assert "--yes-lose-unsent" in capsys.readouterr().err
    assert (place.folder / "work.db").exists()
    assert main(["wipe", "--yes-lose-unsent", "--portal", portal]) == 0
    assert not place.folder.exists()
    assert not own_keyring.kept


def test_wipe_asks_nobody_where_nobody_is(own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]) -> None:
    with compose.opened(compose.place_of(Settings())):
        pass
    assert main(["--lang", "en", "wipe"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert compose.there(compose.place_of(Settings()))


@pytest.mark.parametrize("sure", ["--yes", "--yes-lose-unsent"])
def test_wipe_leaves_a_store_alone_that_is_open_in_a_window(
    sure: str, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    with compose.opened(place) as store:
        window = Sender(place.folder, store.outbox)
        assert window.acquire("a window")
        assert main(["--lang", "en", "wipe", sure]) == 6
        assert "open" in capsys.readouterr().err
        window.release("a window")
    assert compose.there(place)


@pytest.mark.parametrize("still_open", [True, False])
def test_wipe_looks_again_when_it_is_told_yes(
    still_open: bool, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the question stands in one terminal, a window is opened in another and something written in it."""
    place = compose.place_of(Settings())
    with compose.opened(place) as store, ExitStack() as until:

        def answer(_question: str) -> str:
            window = Sender(place.folder, store.outbox)
            assert window.acquire("a window")
            until.callback(window.release, "a window")
            store.outbox.queue_draft(Draft(Key("p", "t"), KARI, Kind.REPLY, "Hei"), patient="Patient/a", basis="b")
            if not still_open:
                until.close()
            return "yes"

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", answer)
        assert main(["--lang", "en", "wipe"]) == (6 if still_open else 1)
        assert "open on this store" in capsys.readouterr().err or not still_open
    assert compose.there(place)
    assert own_keyring.kept


def test_wipe_removes_a_store_whose_key_is_lost_only_when_that_may_be_lost(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    with compose.opened(place):
        pass
    own_keyring.kept.clear()
    assert main(["wipe", "--yes"]) == 6
    assert compose.there(place)
    assert main(["wipe", "--yes-lose-unsent"]) == 0
    assert not place.folder.exists()


@pytest.mark.parametrize("break_it", ["key", "plain", "cut"])
def test_a_store_that_does_not_open_is_said_and_left_as_it_is(
    break_it: str, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    with compose.opened(place):
        pass
    file = place.folder / "work.db"
    if break_it == "key":
        own_keyring.kept.clear()
    elif break_it == "plain":
        file.unlink()
        with sqlite3.connect(file) as plain:
            plain.execute("CREATE TABLE t (x)")
        plain.close()
    else:
        file.write_bytes(file.read_bytes()[:5000])
    before = file.read_bytes()
    assert main(["--lang", "en", "status"]) == 6
    said = capsys.readouterr().err
    assert said.startswith(f"workbench: {place.folder}")
    assert said.count("\n") == 1
    assert file.read_bytes() == before


def test_doctor_says_what_works_and_what_does_not(
    portal: str, own_keyring: TestKeyring, surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "doctor", "--portal", portal]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    assert any("FHIR 4.0.1" in line for line in lines)
    assert not any("sign-in" in line for line in lines)
    assert any(line.startswith("✓ keyring: ") and "TestKeyring" in line for line in lines)
    assert not own_keyring.kept
    (surroundings / "config.toml").write_text("x = 1", encoding="utf-8")
    assert main(["--lang", "en", "doctor"]) == 3
    assert "✗ configuration" in capsys.readouterr().out
    (surroundings / "config.toml").write_text('[red_flags]\nfile = "/nowhere/rules.toml"', encoding="utf-8")
    assert main(["--lang", "en", "doctor"]) == 3
    assert "✗ configuration: /nowhere/rules.toml" in capsys.readouterr().out


def test_doctor_says_that_there_is_no_keyring_before_there_is_a_store(portal: str) -> None:
    at = ("--lang", "en", "doctor", "--portal", portal)
    done = workbench(*at, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert done.returncode == 6
    assert "✗ keyring: " in done.stdout
    assert "has no keyring" in done.stdout
    done = workbench(*at, "--throwaway", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert (done.returncode, "✗" in done.stdout) == (0, False)


def test_what_is_advised_where_there_is_no_keyring_can_be_followed(portal: str, surroundings: Path) -> None:
    for arguments in (("sync", "--throwaway"), ("--throwaway", "sync")):
        done = workbench(
            "--lang", "en", "--portal", portal, *arguments, "--json", "--as", KARI,
            PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["portals"][0]["connection"] == "online"
    assert not list(surroundings.rglob("*.db"))


def test_a_command_about_what_is_kept_says_that_it_needs_that() -> None:
    for arguments in (("status", "--throwaway"), ("--throwaway", "status")):
        done = workbench("--lang", "en", *arguments)
        assert done.returncode == 2
        assert "leave it out of “status”" in one_sentence(done)
