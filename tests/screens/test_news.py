"""When changes are shown: soon and as one, and those of a first sync never in the way of a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from screens.news import FETCHING, PUT_OFF, SETTLE, News
from tests.session.live import NAME
from workbench.dialogue.key import Key
from workbench.dialogue.status import Connection, Event, OutboxStatus, PortalStatus, Status

ARRIVED = Event(frozenset({Key(NAME, "1")}), False, True)
STATUS_ONLY = Event(frozenset(), False, True)


@dataclass
class Timer:
    seconds: float
    due: Callable[[], None]
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@dataclass
class Desk:
    """Somebody at a desk, with timers that run out when the test says so."""

    connection: Connection = Connection.ONLINE
    typing: bool = False
    timers: list[Timer] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.news = News(self, self._set, lambda: self.shown.append("status"), lambda: self.shown.append("rest"))

    @property
    def status(self) -> Status:
        return Status((PortalStatus(NAME, self.connection),), OutboxStatus(), False)

    def _set(self, seconds: float, due: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, due))
        return self.timers[-1]

    def run_out(self) -> float:
        """Lets the newest timer run out; how long it was."""
        self.timers[-1].due()
        return self.timers[-1].seconds


def test_several_changes_are_shown_as_one_and_soon_whoever_types() -> None:
    desk = Desk(typing=True)
    desk.news.came(ARRIVED)
    desk.news.came(ARRIVED)
    assert desk.shown == ["status", "status"], "what the user did shows at once"
    assert [timer.seconds for timer in desk.timers] == [SETTLE]
    desk.run_out()
    assert desk.shown[2:] == ["rest"]


def test_what_the_user_did_is_shown_at_once_and_once() -> None:
    desk = Desk()
    desk.news.came(ARRIVED)
    desk.news.done()
    assert desk.shown == ["status", "rest"]
    assert desk.timers[0].stopped


def test_a_status_by_itself_rereads_nothing() -> None:
    desk = Desk()
    desk.news.came(STATUS_ONLY)
    assert desk.shown == ["status"]
    assert desk.timers == []


def test_a_first_sync_is_shown_now_and_then() -> None:
    desk = Desk(Connection.SYNCING)
    desk.news.came(ARRIVED)
    assert desk.shown == ["status"]
    assert desk.run_out() == FETCHING
    assert desk.shown[-1] == "rest"


def test_what_a_first_sync_brings_waits_for_the_keys_to_pause() -> None:
    desk = Desk(Connection.SYNCING, typing=True)
    desk.news.came(STATUS_ONLY)
    assert desk.shown == [], "not even how much has come"
    desk.run_out()
    assert desk.shown == []
    desk.typing = False
    assert desk.run_out() == SETTLE
    assert desk.shown == ["status", "rest"]


def test_keys_without_end_put_it_off_for_so_long_only() -> None:
    desk = Desk(Connection.SYNCING, typing=True)
    desk.news.came(ARRIVED)
    waited = 0.0
    while not desk.shown:
        waited += desk.run_out()
        assert waited <= FETCHING + PUT_OFF + 2 * SETTLE
    desk.news.came(ARRIVED)
    desk.run_out()
    assert desk.shown == ["status", "rest"], "it is put off anew"


def test_once_all_has_come_nothing_is_waited_for_any_more() -> None:
    desk = Desk(Connection.SYNCING, typing=True)
    desk.news.came(ARRIVED)
    desk.connection = Connection.ONLINE
    desk.news.came(STATUS_ONLY)
    assert desk.timers[0].stopped
    assert desk.run_out() == SETTLE
    assert desk.shown == ["status", "rest"]
