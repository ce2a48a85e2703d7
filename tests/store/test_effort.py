"""What handling took, in the journal: numbers and verbs under a label that tells nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tests.store.made import KEY
from workbench.dialogue.effort import Handled, Taken
from workbench.dialogue.key import Key
from workbench.store.store import Store

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
THREAD = Key("Sørenga", "thread-of-ingrid")


def opened(folder: Path, now: datetime = WHEN, key: bytes = KEY) -> Store:
    return Store.open(folder, key, clock=lambda: now, uuid=uuid4)


def test_what_was_kept_is_told_again_with_its_time_by_a_later_start(tmp_path: Path) -> None:
    lines = [Handled("a1", Taken(5, 31.25, ("claim", "hand-over"))), Handled("b2", Taken(0, 0.0, ("done",)))]
    store = opened(tmp_path)
    store.effort.keep(lines[:1])
    store.close()
    later = opened(tmp_path, WHEN + timedelta(days=1))
    later.effort.keep(lines[1:])
    assert later.effort.since() == ((WHEN, lines[0]), (WHEN + timedelta(days=1), lines[1]))
    assert later.effort.since(WHEN + timedelta(hours=1)) == ((WHEN + timedelta(days=1), lines[1]),)
    later.close()


def test_a_label_tells_nothing_and_another_store_gives_another(tmp_path: Path) -> None:
    one, two = opened(tmp_path / "one"), opened(tmp_path / "two", key=bytes(32))
    label = one.effort.label(THREAD)
    assert label == one.effort.label(Key(*THREAD))
    assert len({label, one.effort.label(Key("Sørenga", "other")), two.effort.label(THREAD)}) == 3
    assert bytes.fromhex(label)
    one.effort.keep([Handled(label, Taken(1, 1.0, ("done",)))])
    (line,) = one.journal()
    assert (line.what, line.subject, line.state) == ("handled", label, "1 1000 done")
    one.close()
    two.close()


def test_other_lines_of_the_journal_are_not_taken_for_it(tmp_path: Path) -> None:
    from workbench.dialogue.work import Change, Verb

    store = opened(tmp_path)
    store.outbox.queue_change(THREAD, "Practitioner/1", Change(Verb.DONE), patient="", basis="")
    assert store.effort.since() == ()
    store.close()
