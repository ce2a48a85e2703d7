"""The matrix makes every call there is: whoever adds one to the port, or a verb, adds it here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from client.portal import Portal
from tests.faults.calls import CALLS, PATIENT, cell_of
from tests.faults.matrix import site
from tests.faults.verbs import DEEDS
from workbench.dialogue.work import WORDS, Verb
from workbench.sync.ports import PortalPort


class _Noting:
    """A portal that takes down what is asked of it."""

    def __init__(self, portal: Portal, asked: set[str]) -> None:
        self._portal, self._asked = portal, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.add(name)
        return getattr(self._portal, name)


async def test_every_call_of_the_port_is_made_and_works_without_a_fault() -> None:
    asked: set[str] = set()
    with site() as here:
        async with here.world() as world:
            for call in CALLS:
                cell = await cell_of(world, call, PATIENT)
                async with cell.portal as portal:
                    await call.do(replace(cell, portal=cast("Portal", _Noting(portal, asked))))
                if call.works is not None:
                    await call.works(cell)
    port = {name for name in vars(PortalPort) if not name.startswith("_")}
    assert asked >= port - {"name", "close"}


async def test_every_verb_that_changes_a_task_is_done_and_what_moves_it_is_taken_back() -> None:
    with site() as here:
        async with here.world() as world:
            changes = [deed.change(world) for deed in DEEDS]
    assert {change.verb for change in changes if not change.back} == set(Verb) - WORDS
    moves = {Verb.CLAIM, Verb.RELEASE, Verb.HAND_OVER, Verb.DONE, Verb.WAKE, Verb.SPLIT}
    assert {change.verb for change in changes if change.back} >= moves
