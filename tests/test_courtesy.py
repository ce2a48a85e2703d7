"""Work behind the screen gives way to keys, for a moment, and is never starved by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.session.live import KEY, now
from workbench.compose import session_on
from workbench.config import PortalSettings, Settings
from workbench.courtesy import HUSH, LONGEST, TYPING, WORKED, Courtesy
from workbench.store.store import Store


@dataclass
class Clock:
    """A clock that only sleeping moves, with a key that is held down for a while."""

    now: float = 100.0
    held_until: float = 0.0
    slept: list[float] = field(default_factory=list)
    courtesy: Courtesy = field(init=False)

    def __post_init__(self) -> None:
        self.courtesy = Courtesy(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        if self.now < self.held_until:
            self.courtesy.key()


def test_work_goes_on_when_nobody_types() -> None:
    clock = Clock()
    clock.courtesy.give_way()
    assert clock.slept == []
    assert not clock.courtesy.typing


def test_work_waits_for_the_rest_of_a_key_s_moment() -> None:
    clock = Clock()
    clock.courtesy.key()
    clock.now += HUSH / 4
    clock.courtesy.give_way()
    assert clock.slept == [pytest.approx(HUSH * 3 / 4)]
    clock.courtesy.give_way()
    assert len(clock.slept) == 1, "once a key has been answered, work goes on"


def test_a_key_held_down_does_not_starve_the_work() -> None:
    clock = Clock(held_until=100.0 + 60.0)
    clock.courtesy.key()
    clock.courtesy.give_way()
    assert clock.now == pytest.approx(100.0 + LONGEST, abs=HUSH)
    waited = len(clock.slept)
    clock.courtesy.key()
    clock.courtesy.give_way()
    assert len(clock.slept) == waited, "now it is the work's turn"
    clock.now += WORKED
    clock.courtesy.key()
    clock.courtesy.give_way()
    assert len(clock.slept) > waited


def test_typing_ends_when_no_key_comes() -> None:
    clock = Clock()
    clock.courtesy.key()
    assert clock.courtesy.typing
    clock.now += TYPING
    assert not clock.courtesy.typing


def test_the_portals_of_a_session_give_way_to_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("workbench.courtesy.Courtesy", lambda: clock.courtesy)
    store = Store.open(tmp_path, KEY, clock=now, uuid=uuid4)
    session = session_on(store, Settings((PortalSettings("p", "http://127.0.0.1:9/fhir"),)))
    (portal,) = session._office._open()
    session.key()
    portal._reading._context.give_way()  # type: ignore[attr-defined]
    assert clock.slept
    store.close()
