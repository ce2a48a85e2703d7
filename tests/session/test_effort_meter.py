"""The meter hands over what was handled a few conversations at a time, never at a key."""

from __future__ import annotations

from workbench.desk.effort_meter import TOGETHER, EffortMeter
from workbench.dialogue.effort import Handled, Taken
from workbench.dialogue.key import Key
from workbench.dialogue.work import Verb


class Told:
    """A meter on a clock of its own, with what it handed over."""

    def __init__(self) -> None:
        self.now = 0.0
        self.kept: list[tuple[Handled, ...]] = []
        self.meter = EffortMeter(lambda key: key.thread, self.kept.append, lambda: self.now)

    def works(self, thread: str, verb: Verb | None = Verb.DONE) -> None:
        """A key after two seconds, and what it did."""
        self.now += 2
        self.meter.key(Key("p", thread))
        if verb is not None:
            self.meter.did(Key("p", thread), verb)


def test_it_is_handed_over_in_batches_by_a_verb_and_the_rest_at_the_end() -> None:
    told = Told()
    told.meter.begin()
    for number in range(TOGETHER):
        told.works(str(number))
    told.works("looked at", None)
    assert told.kept == [], "a key must not be what it is written at"
    told.works("the last")
    assert [len(batch) for batch in told.kept] == [TOGETHER]
    told.now += 3
    told.meter.end()
    assert told.kept[1:] == [(Handled("the last", Taken(1, 5.0, ("done",))),)]


def test_an_end_without_anything_handled_hands_nothing_over_and_a_second_end_neither() -> None:
    told = Told()
    told.works("a", None)
    told.meter.end()
    told.meter.end()
    assert told.kept == []


def test_what_comes_before_the_first_key_counts_from_when_somebody_looks() -> None:
    told = Told()
    told.now = 100
    told.meter.begin()
    told.works("a")
    told.meter.end()
    assert told.kept == [(Handled("a", Taken(1, 2.0, ("done",))),)]
