"""Changes are announced at once, and never in a flood."""

from __future__ import annotations

from collections.abc import Callable

from workbench.desk.announcer import MOST_NAMED, Announcer
from workbench.dialogue.key import Key
from workbench.dialogue.status import Event


class Scene:
    """An announcer with a clock that only the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.heard: list[Event] = []
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.runs = True
        self.announcer = Announcer(self._later, lambda: self.seconds)
        self.announcer.listen(self.heard.append)

    def _later(self, seconds: float, work: Callable[[], None]) -> bool:
        if self.runs:
            self.later.append((self.seconds + seconds, work))
        return self.runs

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        due = [work for when, work in self.later if when <= self.seconds + 1e-9]
        self.later = [(when, work) for when, work in self.later if when > self.seconds + 1e-9]
        for work in due:
            work()


def test_the_first_change_is_told_at_once_and_those_after_it_together() -> None:
    scene = Scene()
    scene.announcer.tell([Key("p", "a")])
    assert scene.heard == [Event(frozenset({Key("p", "a")}))]
    for name in "bcd":
        scene.announcer.tell([Key("p", name)], status=name == "d")
    assert len(scene.heard) == 1
    scene.pass_time(0.1)
    assert scene.heard[1:] == [Event(frozenset(Key("p", name) for name in "bcd"), status=True)]


def test_a_flood_is_ten_events_a_second_and_says_many() -> None:
    scene = Scene()
    for number in range(10_000):
        scene.announcer.tell([Key("p", str(number))])
        scene.pass_time(0.0001)
    scene.pass_time(0.1)
    assert len(scene.heard) <= 12
    assert any(event.many and not event.keys for event in scene.heard)
    assert all(len(event.keys) <= MOST_NAMED for event in scene.heard)


def test_without_a_thread_to_wait_on_nothing_is_kept_back() -> None:
    scene = Scene()
    scene.runs = False
    for name in "ab":
        scene.announcer.tell([Key("p", name)])
    assert [event.keys for event in scene.heard] == [{Key("p", "a")}, {Key("p", "b")}]


def test_nothing_is_announced_when_nothing_changed() -> None:
    scene = Scene()
    scene.announcer.tell()
    assert not scene.heard
