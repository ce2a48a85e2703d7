"""What handling took: each key and each second belongs to one conversation, and what was not handled is forgotten."""

from datetime import date

import pytest

from workbench.dialogue.effort import IDLE, REMEMBERED, Effort, Handled, Taken
from workbench.dialogue.effort_figures import by_day, figures
from workbench.dialogue.spread import Spread


def test_keys_and_the_pauses_before_them_belong_to_what_they_act_on() -> None:
    meter = Effort().begun(100).key(110, "a").key(115, "a").verb("a", "reply").key(118, "b").left()
    assert meter.handled == (Handled("a", Taken(2, 15, ("reply",))),)
    assert meter.elsewhere == {"b": Taken(1, 3)}


def test_a_long_pause_counts_only_as_much_as_reading_may_take() -> None:
    meter = Effort().begun(0).key(10, "a").key(10 + 3600, "a").verb("a", "done").left()
    assert meter.handled[0].taken.seconds == 10 + IDLE


def test_no_time_counts_while_nobody_looks_and_none_is_lost_before() -> None:
    meter = Effort().key(1000, "a").key(1005, "a").idle(1009).key(5000, "a").key(5002, "a").verb("a", "done").left()
    assert meter.handled == (Handled("a", Taken(4, 5 + 4 + 2, ("done",))),)


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    assert Effort().begun(50).key(40, "a").here.seconds == 0


def test_a_verb_that_is_kept_after_one_went_on_counts_for_the_one_it_was_done_on() -> None:
    meter = Effort().begun(0).key(5, "a").key(9, "b").verb("a", "done")
    assert meter.handled == (Handled("a", Taken(1, 5, ("done",))),)
    assert meter.here == Taken(1, 4)


def test_what_was_begun_and_left_is_gone_on_with_when_one_comes_back() -> None:
    meter = Effort().begun(0).key(5, "a").key(6, "b").key(8, "a").verb("a", "claim").verb("a", "reply").left()
    assert meter.handled == (Handled("a", Taken(2, 7, ("claim", "reply"))),)


def test_what_is_pressed_on_nothing_counts_for_nothing_and_its_time_neither() -> None:
    meter = Effort().begun(0).key(4, "a").key(9, "").key(20, "").key(22, "a").verb("a", "done").left()
    assert meter.handled == (Handled("a", Taken(2, 6, ("done",))),)
    assert meter.elsewhere == {}


def test_what_was_only_looked_at_is_forgotten_in_the_end() -> None:
    meter = Effort().begun(0)
    for number in range(REMEMBERED + 50):
        meter = meter.key(number, str(number))
    assert len(meter.elsewhere) == REMEMBERED
    assert "0" not in meter.elsewhere
    assert meter.left().handled == ()


def test_what_was_taken_over_is_not_given_twice() -> None:
    meter = Effort().begun(0).key(1, "a").verb("a", "done").left()
    assert meter.emptied().left().handled == ()


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ((), None, None),
        ((7,), 7, 7),
        ((1, 4), 2.5, 4),
        ((3, 1, 2), 2, 3),
        (range(1, 11), 5.5, 9),
        (range(1, 21), 10.5, 18),
    ],
)
def test_median_and_ninth_tenth(values: tuple[int, ...], median: float | None, p90: float | None) -> None:
    assert Spread.of(values) == Spread(median, p90)


def test_one_that_was_come_back_to_counts_once_a_day_and_verbs_are_told_with_theirs() -> None:
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    days = by_day(
        [
            (tuesday, Handled("a", Taken(9, 90, ("done",)))),
            (monday, Handled("a", Taken(1, 10, ("claim",)))),
            (monday, Handled("b", Taken(2, 20, ("done",)))),
            (monday, Handled("a", Taken(4, 40, ("reply", "reply")))),
        ]
    )
    assert list(days) == [monday, tuesday]
    found = figures(days[monday])
    assert (found.handled, found.keys, found.seconds) == (2, Spread(3.5, 5), Spread(35, 50))
    assert [(of.verb, of.times, of.handled, of.keys.median) for of in found.verbs] == [
        ("reply", 2, 1, 5), ("claim", 1, 1, 5), ("done", 1, 1, 2),
    ]  # fmt: skip
