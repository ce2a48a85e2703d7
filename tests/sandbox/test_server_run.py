"""The portal as a process: how it says that it is ready, how it ends, and what it leaves."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import NOW, fresh_store, running
from workbench.sandbox.ending import IN_USE, TAKEN
from workbench.sandbox.live import live

COMMAND = [sys.executable, "-m", "workbench.sandbox.run"]


class Process:
    def __init__(self, *options: str, **environment: str) -> None:
        self.child = subprocess.Popen(
            [*COMMAND, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )

    def ready(self) -> str:
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        assert line.startswith("READY http://127.0.0.1:"), (line, self.child.communicate(timeout=20))
        return line.removeprefix("READY ").strip()

    def ended(self) -> tuple[int, str, str]:
        out, err = self.child.communicate(timeout=30)
        return self.child.returncode, out, err


@contextmanager
def started(*options: str, **environment: str) -> Iterator[Process]:
    process = Process(*options, **environment)
    try:
        yield process
    finally:
        if process.child.poll() is None:
            process.child.kill()
            process.child.communicate()


def ask(base: str, path: str) -> httpx.Response:
    return httpx.get(f"{base}/{path}", timeout=20, trust_env=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with started("--conversations", "3", TMPDIR=str(tmp_path)) as process:
        base = process.ready()
        assert base.endswith("/fhir")
        assert ask(base, "Task?_count=1").status_code == 200
        assert list(tmp_path.iterdir())
        process.child.send_signal(number)
        assert process.ended() == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_it_stops_while_it_fills(tmp_path: Path) -> None:
    with started("--conversations", "200000", TMPDIR=str(tmp_path), PYTHONUNBUFFERED="1") as process:
        while not list(tmp_path.glob("portal-*/portal.db.new")):
            assert process.child.poll() is None
        process.child.send_signal(signal.SIGTERM)
        code, out, _ = process.ended()
    assert (code, out) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_standard_input() -> None:
    with started("--conversations", "1", "--until-stdin-closes") as process:
        base = process.ready()
        assert ask(base, "metadata").status_code == 200
        assert process.child.stdin is not None
        process.child.stdin.close()
        process.child.stdin = None
        assert process.ended()[0] == 0


def test_a_closed_standard_input_does_not_matter_without_the_option() -> None:
    with started("--conversations", "1") as process:
        base = process.ready()
        assert process.child.stdin is not None
        process.child.stdin.close()
        process.child.stdin = None
        assert ask(base, "metadata").status_code == 200
        process.child.terminate()
        assert process.ended()[0] == 0


@pytest.mark.parametrize("killed", [False, True])
def test_it_goes_on_where_it_was(tmp_path: Path, killed: bool) -> None:
    options = ("--data", str(tmp_path / "data"), "--now", "2026-03-02T12:00:00Z")
    with started(*options, "--conversations", "4", "--seed", "2") as process:
        base = process.ready()
        before = ask(base, "Communication?_count=1000&_sort=_lastUpdated").json()
        post = {"resourceType": "Patient", "name": [{"family": "Ny"}]}
        made = httpx.post(f"{base}/Patient", json=post, trust_env=False).json()
        link = ask(base, "Communication?_count=2").json()["link"][1]["url"]
        process.child.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
        process.ended()
    with started(*options, "--conversations", "99") as process:
        again = process.ready()
        after = ask(again, "Communication?_count=1000&_sort=_lastUpdated").json()
        assert ask(again, f"Patient/{made['id']}").json() == made
        assert httpx.get(link.replace(base, again), trust_env=False).status_code == 200
        newer = httpx.post(f"{again}/Patient", json=post, trust_env=False).json()
        assert newer["meta"]["lastUpdated"] > made["meta"]["lastUpdated"]
        assert newer["id"] != made["id"]
    assert [one["resource"] for one in before["entry"]] == [one["resource"] for one in after["entry"]]


def test_a_half_filled_folder_is_filled_anew(tmp_path: Path) -> None:
    (tmp_path / "portal.db.new").write_bytes(b"half")
    with started("--data", str(tmp_path), "--conversations", "2") as process:
        assert ask(process.ready(), "Task").status_code == 200
    assert not (tmp_path / "portal.db.new").exists()


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started("--port", str(port), "--conversations", "1") as process:
            code, out, err = process.ended()
    assert (code, out) == (TAKEN, "")
    assert err.count("\n") == 1
    assert f"port {port} is taken" in err
    assert "--port" in err


def test_a_port_is_free_again_at_once() -> None:
    with started("--conversations", "1") as process:
        base = process.ready()
        ask(base, "metadata")
        process.child.terminate()
        process.ended()
    port = base.split(":")[2].removesuffix("/fhir")
    with started("--conversations", "1", "--port", port) as process:
        assert process.ready() == base


def test_two_portals_cannot_share_a_folder(tmp_path: Path) -> None:
    options = ("--data", str(tmp_path), "--conversations", "1")
    with started(*options) as first:
        first.ready()
        with started(*options) as second:
            code, _, err = second.ended()
    assert code == IN_USE
    assert err.count("\n") == 1
    assert "locked" in err


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with started("--data", str(tmp_path / "file"), "--conversations", "1") as process:
        code, _, err = process.ended()
    assert (code, err.count("\n")) == (1, 1)


def test_the_clock_stands_where_it_is_put() -> None:
    told = []
    for _ in range(2):
        with started("--conversations", "3", "--now", "2026-03-02T13:00:00+01:00", "--seed", "7") as process:
            base = process.ready()
            answer = httpx.post(f"{base}/Patient", json={"resourceType": "Patient"}, trust_env=False)
            assert answer.headers["date"] == "Mon, 02 Mar 2026 12:00:00 GMT"
            found = ask(base, "Task?_count=1000").json()["entry"]
            told.append((answer.json(), [one["resource"] for one in found]))
    assert told[0] == told[1]
    assert told[0][0]["meta"]["lastUpdated"].startswith("2026-03-02T12:00:00.0")


@pytest.mark.parametrize("options", [["--port", "x"], ["--now", "yesterday"], ["--nonsense"]])
def test_options_that_are_none(options: list[str]) -> None:
    with started(*options) as process:
        code, out, err = process.ended()
    assert (code, out) == (2, "")
    assert "usage" in err


def test_messages_keep_arriving() -> None:
    with fresh_store() as store, running(store, lifespan=live(store, 1, every=0.02)) as portal:
        seen: set[str] = set()
        patience = time.monotonic() + 60
        while len(seen) < 5:
            assert time.monotonic() < patience, "nothing has arrived for a minute"
            entries = portal.ask("GET", "Communication?_lastUpdated=ge2026-03-02&_count=1000").json().get("entry", [])
            for entry in entries:
                assert entry["resource"]["meta"]["lastUpdated"] >= f"{NOW:%Y-%m-%dT%H:%M}"
                seen.add(entry["resource"]["id"])
        messages = [entry["resource"] for entry in entries if "partOf" in entry["resource"]]
        assert all(one["sender"] and one["payload"] for one in messages)
        task = portal.ask("GET", "Task?_include=Task:focus").json()["entry"]
        assert {one["resource"]["resourceType"] for one in task} == {"Task", "Communication"}


def test_live_as_a_process() -> None:
    with started("--conversations", "2", "--live") as process:
        assert ask(process.ready(), "metadata").status_code == 200
        process.child.terminate()
        assert process.ended() == (0, "", "")
