"""Who has a conversation is found by any beginning of the name, with what is on its way, and without reading rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tests.store.made import LISE, ME, PORTAL, key, open_store, party, random_batch, take
from tests.store.test_queues import Watched, everything
from workbench.dialogue.asking import asked
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.queue import Item, Query, Whose
from workbench.dialogue.work import OPEN, State
from workbench.store.cache import Cache
from workbench.store.store import Store

ALL = Query(frozenset(State))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three hundred conversations; one colleague has a name on the portal, and a third only what is on its way."""
    store = open_store(tmp_path_factory.mktemp("owned"))
    store.cache.me(PORTAL, ME)
    rng = Random(7)
    store.cache.apply(PORTAL, random_batch(rng, 300))
    take(store.cache, parties=(party(ME, "Kari Nordmann"), party(LISE, "Lise Ås-Nordby")))
    ola = Overlay(state=State.CLAIMED, owner="Practitioner/ola", owner_name="Ola Ås")
    over = {key(f"c{number}"): ola for number in rng.sample(range(300), 20)}
    over |= {key(f"c{number}"): Overlay(state=State.NEW, owner="") for number in rng.sample(range(300), 20)}
    store.cache.set_overlay(over)
    yield store
    store.close()


def listed(cache: Cache, query: Query) -> list[Item]:
    page = cache.page(query, 0, 1000)
    assert cache.counts([query]) == (page.total,) == (len(page.items),)
    assert [cache.locate(query, item.key) for item in page.items[:3]] == list(range(len(page.items)))[:3]
    return list(page.items)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("kari", {"Kari Nordmann"}),
        ("nord", {"Kari Nordmann", "Lise Ås-Nordby"}),
        ("NORD k", {"Kari Nordmann"}),
        ("aas", {"Lise Ås-Nordby", "Ola Ås"}),
        ("ola", {"Ola Ås"}),
        ("mann", set()),
        ("?", {"Kari Nordmann", "Lise Ås-Nordby", "Ola Ås", ""}),
    ],
)
@pytest.mark.parametrize(
    "states", [frozenset(State), OPEN, frozenset({State.DONE}), frozenset({State.DONE, State.NEW})]
)
def test_what_somebody_has_is_found_by_any_beginning_of_the_name(
    held: Store, typed: str, names: set[str], states: frozenset[State]
) -> None:
    rows = [item for item in everything(held.cache) if item.state in states]
    for plain in (Query(states), Query(states, pool="resept"), Query(states, Whose.ME)):
        query = replace(plain, owner=typed)
        right = [item for item in rows if item.owner_name in names and plain.matches(item)]
        assert listed(held.cache, query) == right


def test_what_somebody_has_and_what_nobody_has_are_together_all_that_is_open(held: Store) -> None:
    cache = held.cache
    claimed, free = (asked(line, cache._clock()).query for line in ("er:tatt", "er:ledig"))
    rows = listed(cache, claimed)
    assert {item.whose for item in rows} == {Whose.ME, Whose.COLLEAGUE}
    assert len(rows) + len(listed(cache, free)) == len(listed(cache, Query(OPEN)))


def test_words_are_looked_for_in_what_somebody_has(held: Store) -> None:
    query = replace(ALL, words="blodtrykk", owner="lise")
    found, theirs = listed(held.cache, query), listed(held.cache, replace(ALL, owner="lise"))
    assert 0 < len(found) < len(theirs)
    assert {item.key for item in found} <= {item.key for item in theirs}


def test_a_colleague_of_another_name_is_found_by_it_at_once(held: Store) -> None:
    cache = held.cache
    before = listed(cache, replace(ALL, owner="lise"))
    take(cache, parties=(party(LISE, "Lise Berg", minute=9),))
    assert [item.key for item in listed(cache, replace(ALL, owner="berg"))] == [item.key for item in before]
    assert listed(cache, replace(ALL, owner="nordby")) == []
    take(cache, parties=(party(LISE, "Lise Ås-Nordby", minute=10),))


@pytest.mark.parametrize(("states", "walked"), [(frozenset(State), False), (OPEN, True)])
def test_no_row_is_read_to_count_what_somebody_has(held: Store, states: frozenset[State], *, walked: bool) -> None:
    held.cache.counts([Query()])  # what is on its way has been laid over the rows
    watched = Watched(held.cache)
    held.cache.counts([Query(states, owner="lis")])
    plans = [plan for plan in watched.plans() if " item" in plan]
    assert plans
    assert any("item_state" in plan for plan in plans) == walked, "of all that somebody has, most is done"
    for plan in plans:
        assert "COVERING INDEX item_" in plan, plan
