"""Which colleagues are at a conversation just now, as a portal told it."""

from __future__ import annotations

from datetime import timedelta

from tests.store.made import LISE, ME, Clock, items, key, party, stamp, take, thread
from workbench.dialogue.held import HeldPresence
from workbench.dialogue.presence import LASTS, Doing
from workbench.store.cache import Cache


def at(name: str, who: str = LISE, *, minute: float = 0, left: timedelta = LASTS, writes: bool = False) -> HeldPresence:
    doing = Doing.WRITING if writes else Doing.READING
    return HeldPresence(stamp(f"presence-{who}", minute), who, name, doing, left)


def there(cache: Cache, name: str = "t") -> list[tuple[str, Doing]]:
    found = cache.conversation(key(name))
    assert found is not None
    assert items(cache)[name].present == found.present
    return [(one.name, one.doing) for one in found.present]


def test_a_colleague_is_where_they_last_said(cache: Cache) -> None:
    take(cache, threads=(thread("t"), thread("u")), parties=(party(LISE, "Lise Sekretær"),))
    assert take(cache, presences=(at("t"),)) == {"t"}
    assert there(cache) == [("Lise Sekretær", Doing.READING)]
    assert take(cache, presences=(at("u", minute=1, writes=True),)) == {"t", "u"}
    assert (there(cache), there(cache, "u")) == ([], [("Lise Sekretær", Doing.WRITING)])
    assert take(cache, presences=(at("t"),)) == frozenset(), "an earlier edition that comes late"
    assert there(cache) == []


def test_who_writes_is_told_first_and_oneself_never(cache: Cache) -> None:
    take(cache, threads=(thread("t"),))
    others = (at("t", "Practitioner/a"), at("t", "Practitioner/b", writes=True))
    assert take(cache, presences=(at("t", ME, writes=True),)) == frozenset()
    take(cache, presences=others)
    assert [doing for _, doing in there(cache)] == [Doing.WRITING, Doing.READING]


def test_who_says_nothing_for_long_has_gone(cache: Cache, clock: Clock) -> None:
    take(cache, threads=(thread("t"),), presences=(at("t"),))
    clock.pass_(seconds=LASTS.total_seconds() - 1)
    assert cache.wake() == frozenset()
    assert there(cache)
    clock.pass_(seconds=2)
    assert there(cache) == []
    assert cache.wake() == {key("t")}
    assert cache.wake() == frozenset()


def test_who_has_gone_is_told_of(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), presences=(at("t"),))
    assert take(cache, presences=(at("t", minute=1, left=timedelta()),)) == {"t"}
    assert there(cache) == []
