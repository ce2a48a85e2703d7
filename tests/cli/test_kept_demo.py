"""A demo that was kept is told of like any store, without a keyring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TestKeyring
from tests.screens.test_overview import ME, conversation
from workbench import compose
from workbench.cli.kept_demo import PORTALS, kept_place, names
from workbench.cli.main import main
from workbench.dialogue.effort import Handled, Taken
from workbench.dialogue.key import Key


@pytest.fixture(params=[1, 2])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder as a demo of one portal or of two leaves it, with something handled."""
    called = names(request.param)
    for portal in PORTALS[: request.param]:
        (tmp_path / portal).mkdir()
    place = kept_place(tmp_path)
    place.folder.mkdir(mode=0o700)
    with compose.opened(place) as store:
        store.lie_at(dict.fromkeys(called, "127.0.0.1/fhir"))
        for name in called:
            store.cache.me(name, ME)
            store.cache.apply(name, conversation("mine", 1, owner=ME))
        store.effort.keep([Handled(store.effort.label(Key(called[0], "mine")), Taken(5, 30.0, ("claim",)))])
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, Any]:
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_a_kept_demo_is_told_of_and_loses_nothing_by_it(
    kept: Path, own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = ("--demo", str(kept))
    many = sum((kept / portal).exists() for portal in PORTALS)
    for _time in range(2):
        overview = told(capsys, "overview", "--queue", "mine", *demo)
        assert (overview["profile"], overview["queues"][0]["conversations"]) == ("demo", many)
    assert told(capsys, "effort", *demo)["all"]["handled"] == 1
    status = told(capsys, "status", *demo)
    assert ([portal["portal"] for portal in status["portals"]], status["conversations"]["mine"]) == (
        list(names(many)),
        many,
    )
    assert told(capsys, "outbox", *demo) == {"outbox": []}
    assert not own_keyring.kept


def test_a_folder_without_a_demo_is_named_and_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "effort", "--demo", str(tmp_path)]) == 2
    assert f"No demo was kept in {tmp_path}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert main(["effort", "--demo", str(tmp_path), "--profile", "other"]) == 2
