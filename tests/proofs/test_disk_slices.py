"""Slices of the proofs on power, disk and tampering, and that each finds what it is there to find."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from random import SystemRandom

import pytest

from tests.proofs import disk, power, swapped, tamper
from tests.proofs.verdict import Verdict
from tests.proofs.vfs.child import in_child
from tests.proofs.vfs.shim import Call
from tests.sync.conftest import Bench
from workbench.dialogue.outgoing import Draft
from workbench.store import look, store
from workbench.store.errors import StoreError
from workbench.store.outbox import Outbox

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="a process that is forked")]


def seed() -> int:
    """A new one, told."""
    thrown = SystemRandom().randrange(2**31)
    print(f"seed {thrown}")
    return thrown


def test_power_cuts_keep_what_was_acknowledged() -> None:
    verdict = power.prove(300, seed())
    assert verdict.holds, verdict
    assert verdict.runs == 300


def sync_of(*names: str) -> Callable[[Call], bool]:
    return lambda call: call.op == "sync" and call.path.endswith(names)


@pytest.mark.parametrize(
    "swallow",
    [
        sync_of("work.db-wal"),
        sync_of("work.db"),
        lambda call: call.op == "fsync",
        lambda call: call.op == "dir-sync",
    ],
    ids=["log", "file", "key's own file", "names"],
)
def test_a_sync_that_is_left_out_is_found(swallow: Callable[[Call], bool]) -> None:
    verdict = power.cut(150, 7, swallow, first=True)
    assert verdict.lost + verdict.unreadable, verdict


def test_a_disk_that_fails_at_some_calls_is_told_and_costs_nothing() -> None:
    verdict = disk.tried(40, seed())
    assert verdict.holds, verdict
    assert verdict.runs == 40


def test_a_save_that_is_acknowledged_though_it_failed_is_found() -> None:
    def careless(bench: Bench, draft: Draft) -> Draft:
        try:
            return bench.desk.save_draft(draft)
        except StoreError:
            return replace(draft, saved=bench.clock())

    verdict = disk.tried(12, 7, careless)
    assert verdict.lost, verdict


def test_changed_bytes_and_every_older_copy_are_found() -> None:
    verdict = tamper.prove(60, seed())
    assert verdict.holds, verdict
    assert verdict.runs > 60


def broken_harm(monkeypatch: pytest.MonkeyPatch, target: object, name: str, value: object) -> Verdict:
    monkeypatch.setattr(target, name, value)
    return in_child(lambda: tamper.harmed(60, 7))


def test_a_log_that_nobody_checks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken_harm(monkeypatch, look, "cut_short", lambda _: False).unreadable


def test_pages_that_nobody_checks_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken_harm(monkeypatch, look, "_check_pages", lambda *_: None).unreadable


def test_an_age_that_nobody_checks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_remembered", lambda _: 0)
    verdict = in_child(lambda: swapped.tried(7))
    assert verdict.unreadable, verdict


def test_an_accepted_copy_whose_things_are_not_doubted_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outbox, "doubt", lambda _: 0)
    verdict = in_child(lambda: swapped.tried(7))
    assert verdict.lost, verdict
