"""A clock that is set does not make words leave twice that the portal may still be about to take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.session.aging import aged
from tests.store.made import KEY, Clock
from tests.store.test_outbox import look_in_vain, reply, stop
from workbench import compose
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.store.doubt import IN_DOUBT
from workbench.store.store import Store


class Machine:
    """A machine: the clock that people set, and the one that runs from its start."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.up = 5_000.0

    def passes(self, span: timedelta) -> None:
        self.clock.now += span
        self.up += span.total_seconds()

    def open(self, folder: Path) -> Store:
        return Store.open(folder, KEY, clock=self.clock, uuid=uuid4, ticks=lambda: self.up)


def doubted(store: Store) -> Outgoing:
    """A reply that was tried without an answer, looked for in vain, and stopped."""
    entry = reply(store)
    stop(store, entry, Sending.UNKNOWN)
    store.outbox.settle(entry.id, Sending.QUEUED)
    return entry


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_is_set_ends_no_doubt(tmp_path: Path, hours: int) -> None:
    machine = Machine()
    store = machine.open(tmp_path)
    entry = doubted(store)
    machine.clock.pass_(hours=hours)
    machine.passes(IN_DOUBT - timedelta(seconds=1))
    assert store.outbox.in_doubt(entry.id)
    assert store.outbox.to_look_for(entry.key.portal) == ()
    assert store.outbox.doubtful() == {entry.id}
    assert not store.outbox.cancel(entry.id)
    store.close()


def test_doubt_ends_by_the_clock_that_runs_after_one_was_set_forward(tmp_path: Path) -> None:
    machine = Machine()
    store = machine.open(tmp_path)
    entry = doubted(store)
    machine.clock.pass_(hours=2)
    machine.passes(IN_DOUBT)
    assert not store.outbox.in_doubt(entry.id)
    look_in_vain(store, entry)
    assert store.outbox.doubtful() == frozenset()
    assert store.outbox.cancel(entry.id)
    store.close()


def test_a_machine_started_anew_tells_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    machine = Machine()
    store = machine.open(tmp_path)
    entry = doubted(store)
    store.close()
    machine.up = 10.0
    machine.clock.pass_(minutes=4)
    store = machine.open(tmp_path)
    assert not store.outbox.cancel(entry.id)
    assert store.outbox.to_look_for(entry.key.portal) == ()
    machine.clock.pass_(minutes=1)
    look_in_vain(store, entry)
    assert store.outbox.cancel(entry.id)
    store.close()


def test_the_program_itself_asks_the_clock_that_runs(tmp_path: Path) -> None:
    place = compose.Place(tmp_path, lambda _folder: KEY, lambda _folder: None)
    with compose.opened(place) as store:
        entry = doubted(store)
        with store.drafts._database.write() as cursor:
            cursor.execute("UPDATE step SET value = '0' WHERE step = 'doubt'")
        assert store.outbox.to_look_for(entry.key.portal) == ()
        aged(store, entry.id, IN_DOUBT)
        look_in_vain(store, entry)
        assert store.outbox.cancel(entry.id)
