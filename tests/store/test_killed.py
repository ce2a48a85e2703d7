"""Whatever was acknowledged before the process was killed is there when the next one opens the store."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.store.made import PORTAL, START, key, open_store
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.queue import Query
from workbench.store.store import Store

ROOT = Path(__file__).parents[2]
KILLS = 24
posix = pytest.mark.skipif(os.name != "posix", reason="kill -9 as POSIX has it")


def killed(folder: Path, first: int, after: int) -> list[list[str]]:
    """What a worker acknowledged; it is killed after so many lines, in the middle of whatever it does then."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.worker", str(folder), str(first)], stdout=subprocess.PIPE, cwd=ROOT
    ) as worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline() for _ in range(after)]
        os.kill(worker.pid, signal.SIGKILL)
        lines += worker.stdout.readlines()
    assert worker.returncode == -signal.SIGKILL
    return [line.decode().split() for line in lines if line.endswith(b"\n")]


@posix
def test_nothing_acknowledged_is_lost_by_killing(tmp_path: Path) -> None:
    seed = 20260304
    rng = Random(seed)
    first = 0
    sent: set[str] = set()
    queued: dict[str, int] = {}
    for turn in range(KILLS):
        told = killed(tmp_path, first, rng.randrange(1, 60))
        started = {words[1] for words in told if words[0] == "started"}
        sent |= {words[1] for words in told if words[0] == "sent"}
        queued |= {words[2]: int(words[1]) for words in told if words[0] == "queued"}
        saved = max((int(words[1]) for words in told if words[0] == "saved"), default=first - 1)
        applied = max((int(words[1]) for words in told if words[0] == "applied"), default=None)
        store = open_store(tmp_path)
        states = {entry.id: entry.state for entry in store.outbox.all()}
        assert queued.keys() <= states.keys(), f"seed {seed}, turn {turn}"
        for each in sent:
            assert states[each] is Sending.SENT, f"seed {seed}, turn {turn}"
        for each in started - sent:
            assert states[each] in (Sending.UNKNOWN, Sending.SENT), f"seed {seed}, turn {turn}"
        assert Sending.SENDING not in states.values()
        if saved >= first:
            assert saved in numbers(store), f"seed {seed}, turn {turn}: the last keystroke acknowledged"
        if applied is not None:
            mark = store.cache.resume_point(PORTAL, "Communication")
            assert mark is not None
            assert mark >= START + timedelta(seconds=applied)
            assert store.cache.conversation(key(f"t{applied}")) is not None
        assert store.cache.counts([Query()])[0] == len(store.cache.page(Query(), 0, 100_000).items)
        check_whole(store)
        # A worker's last act may have been committed and not told: the next one starts beyond it.
        first = max(numbers(store), default=0) + 1
        for entry in store.outbox.all():
            if entry.state is Sending.UNKNOWN:
                store.outbox.settle(entry.id, Sending.SENT)
                sent.add(entry.id)
            elif entry.state is Sending.QUEUED:
                store.outbox.discard(entry.id)
                queued.pop(entry.id, None)
        store.close()
    assert len(queued) > KILLS


def numbers(store: Store) -> set[int]:
    """The numbers of all words that are held, as drafts or on their way."""
    drafts = [store.drafts.get(key(f"c{place}"), "me", Kind.REPLY) for place in range(3)]
    texts = [draft.text for draft in drafts if draft] + [entry.text for entry in store.outbox.all()]
    return {int(number) for text in texts for number in re.findall(r"<(\d+)>", text)}


def check_whole(store: Store) -> None:
    for database in (store.drafts._database, store.cache._reader):
        with database.read() as cursor:
            assert cursor.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA cipher_integrity_check").fetchall() == []
