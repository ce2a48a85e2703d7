"""Whom and what a verb is given to is chosen in four keys: the verb's, a letter or two, and enter."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import pytest
from textual.app import App
from textual.content import Content
from textual.widgets import Input

from screens import asking
from screens.choose import Choose
from tests.widgets.screen import settled
from widgets.picker import Picker
from widgets.words import CATEGORIES, category_word, priority_word
from workbench import language
from workbench.dialogue.held import Colleague, Directory, Pool
from workbench.dialogue.work import Priority
from workbench.sandbox.codes import POOL_NAMES
from workbench.sandbox.organisation import CATEGORIES as PROFESSIONS
from workbench.sandbox.organisation import STAFF

WHOM: Final = Content("Ingrid Solberg")
PEOPLE: Final = tuple(
    Colleague(member.reference, member.name, PROFESSIONS[member.profession][1])
    for member in sorted(STAFF, key=lambda one: one.name)
)
POOLS: Final = tuple(Pool(code, name) for code, name in sorted(POOL_NAMES.items(), key=lambda one: one[1].casefold()))
SITE: Final = Directory(PEOPLE, POOLS)
Asking = Callable[[App[Any]], Coroutine[Any, Any, object]]


def first_letters(label: str, most: int) -> Iterator[str]:
    """What a person thinks of to type for a name: how its words begin."""
    for word in label.lower().split():
        yield from (word[:length] for length in range(1, most + 1))


def letters(label: str) -> Iterator[str]:
    """How its words begin, and then any two letters of it that stand side by side."""
    yield from first_letters(label, 2)
    yield from ("".join(pair) for pair in pairwise(label.lower()))


async def found(ask: Asking, labels: Sequence[str], typed: Callable[[str], Iterator[str]]) -> list[str]:
    """Which of some choices nothing of what may be typed brings to where enter picks them."""
    app: App[None] = App()
    async with app.run_test(size=(100, 40)) as pilot:
        app.run_worker(ask(app))
        while not isinstance(app.screen, Choose):
            await settled(pilot)
        picker = app.screen.query_one(Picker)
        line = picker.query_one(Input)
        missed = []
        for label in labels:
            for text in dict.fromkeys(typed(label)):
                line.value = ""
                await settled(pilot)
                await pilot.press(*text)
                await settled(pilot)
                if picker.highlighted is not None and picker.highlighted.label == label:
                    break
            else:
                missed.append(label)
    return missed


@pytest.fixture(autouse=True, params=["nb", "nn", "en"])
def _language(request: pytest.FixtureRequest) -> None:
    language.use(request.param)


async def test_one_letter_finds_every_colleague_so_that_with_an_empty_reason_it_is_four_keys() -> None:
    ask = lambda app: asking.hand_over(app, WHOM, SITE)  # noqa: E731 - what is tried, by a name
    names = [person.name for person in PEOPLE]
    assert await found(ask, names, lambda name: first_letters(name, 1)) == []


async def test_two_letters_find_every_team() -> None:
    ask = lambda app: asking.hand_over(app, WHOM, SITE)  # noqa: E731 - what is tried, by a name
    assert await found(ask, [pool.name for pool in POOLS], lambda name: first_letters(name, 2)) == []


async def test_two_letters_find_every_category() -> None:
    assert await found(lambda app: asking.category(app, WHOM), [category_word(c) for c in CATEGORIES], letters) == []


async def test_two_letters_find_every_priority() -> None:
    words = [priority_word(priority) for priority in Priority]
    assert await found(lambda app: asking.priority(app, WHOM), words, lambda word: first_letters(word, 2)) == []
