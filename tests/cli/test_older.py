"""An older store in the place of the newer one: refused in one sentence, accepted by a command, doubted thereafter."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import TestKeyring
from workbench import compose
from workbench.cli.main import main
from workbench.config import Settings
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Sending


def save(text: str) -> None:
    with compose.opened(compose.place_of(Settings())) as store:
        draft = store.drafts.get(Key("p", "t"), "me", Kind.REPLY) or Draft(Key("p", "t"), "me", Kind.REPLY, "")
        store.outbox.queue_draft(Draft(Key("p", "u"), "me", Kind.NOTE, text), patient="", basis="")
        store.drafts.save(Draft(draft.key, draft.author, draft.kind, text, saved=draft.saved))


def test_an_older_store_is_refused_until_one_says_that_it_may_be_used(
    own_keyring: TestKeyring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    save("first")
    shutil.copytree(place.folder, tmp_path / "copy")
    save("second")
    shutil.rmtree(place.folder)
    shutil.copytree(tmp_path / "copy", place.folder)
    before = (place.folder / "work.db").read_bytes()
    for command in (["outbox"], ["status"], ["doctor"]):
        assert main(["--lang", "en", *command]) == 6
        said = "".join(capsys.readouterr())
        assert "older than the one last used here" in said
        assert "workbench doctor --accept-older" in said
    assert (place.folder / "work.db").read_bytes() == before
    assert main(["--lang", "en", "doctor", "--accept-older"]) == 0
    assert main(["--lang", "en", "doctor"]) == 0
    with compose.opened(place) as store:
        assert [draft.text for draft in store.drafts.list()] == ["first"]
        assert [entry.state for entry in store.outbox.all()] == [Sending.UNKNOWN]


def test_a_store_that_is_gone_is_not_silently_begun_anew(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    place = compose.place_of(Settings())
    save("only here")
    (place.folder / "work.db").unlink()
    assert main(["--lang", "en", "doctor", "--accept-older"]) == 0
    assert "drafts: 0" in capsys.readouterr().out


def test_a_keyring_that_does_not_remember_keeps_nobody_from_working(
    own_keyring: TestKeyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save("first")
    keep = own_keyring.set_password

    def forgetful(service: str, username: str, password: str) -> None:
        if username.endswith("-generation"):
            raise RuntimeError("no such bus")
        keep(service, username, password)

    monkeypatch.setattr(own_keyring, "set_password", forgetful)
    save("second")
    assert main(["--lang", "en", "doctor"]) == 0
    assert "does not remember how old the store is" in capsys.readouterr().out


def test_wiping_forgets_how_old_the_store_was(own_keyring: TestKeyring) -> None:
    save("first")
    assert len(own_keyring.kept) == 2
    assert main(["--lang", "en", "wipe", "--yes-lose-unsent"]) == 0
    assert not own_keyring.kept
