"""A click is for what lay under the mouse when the hand was sent there."""

from __future__ import annotations

from widgets.glimpses import REACTION, Glimpses

SOON = REACTION / 3


def test_what_lies_there_unmoved_is_meant() -> None:
    seen = Glimpses()
    assert seen.steady(0.0)
    seen.painted(["a", "a", "b"], 0.0)
    seen.painted(["a", "a", "b"], SOON)
    assert not seen.moved(0, "a", SOON)
    assert not seen.moved(7, "z", SOON)
    assert seen.steady(SOON)


def test_what_came_there_just_now_may_not_be_meant_until_it_can_have_been_seen() -> None:
    seen = Glimpses()
    seen.painted(["a", "b"], 0.0)
    seen.painted(["b", "b"], 10.0)
    assert seen.moved(0, "b", 10.0 + SOON)
    assert not seen.moved(1, "b", 10.0 + SOON)
    assert not seen.steady(10.0 + SOON)
    assert not seen.moved(0, "b", 10.0 + REACTION)
    assert seen.steady(10.0 + REACTION)


def test_what_is_not_painted_yet_is_not_meant() -> None:
    seen = Glimpses()
    seen.painted(["a"], 0.0)
    assert seen.moved(0, "b", 100.0)


def test_what_came_and_went_within_a_moment_counts() -> None:
    seen = Glimpses()
    for number, what in enumerate("abca"):
        seen.painted([what], 10.0 + number * SOON / 4)
    assert seen.moved(0, "a", 10.0 + SOON)
    assert not seen.moved(0, "a", 10.0 + SOON + REACTION)


def test_nothing_gives_way_to_what_comes_without_a_doubt() -> None:
    seen = Glimpses()
    seen.painted([None], 0.0)
    seen.painted(["a"], 0.1)
    assert not seen.moved(0, "a", 0.1)
