"""The lines of group H of the hostile inputs, each held by faults of the matrix or by a test that is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from client.errors import Incomplete, NotFhir, PortalError, Unreachable
from client.http import Http
from client.origin import Base
from client.rest import Rest
from tests.faults.calls import PATIENT
from tests.faults.matrix import Site, faults, site
from workbench.sandbox.faults.plan import fault
from workbench.sandbox.faults.spelling import spelled

DATA: Final = Path(__file__).parents[1] / "data/hostile.jsonl"
LINES: Final[dict[str, str | tuple[str, ...]]] = {
    "H01": "tests.session.test_flow:test_names_are_known_and_everything_can_be_read_without_the_portal",
    "H03": "tests.client.test_tls",
    "H05": "tests.faults.test_lines:test_an_answer_that_is_cut_anywhere_is_never_taken_for_a_whole_one",
    "H07": ("drip:0.1", "delay", "hang", "hang-done"),
    "H09": ("bad-gzip", "odd-packing", "bomb:2"),
    "H11": ("empty", "204", "206"),
    "H13": ("301", "302", "307", "308"),
    "H15": ("400", "422"),
    "H17": ("403",),
    "H19": ("409", "412"),
    "H21": ("429", "429:1", "429:-1", "429:99999999", "429:soon", "429:Fri, 31 Dec 2038 23:59:59 GMT"),
    "H23": ("500-done", "502-done", "503-done", "504-done"),
    "H25": ("huge-header", "many-headers", "twice-typed"),
    "H27": ("duplicate",),
    "H29": "tests.session.test_trouble:test_two_windows_on_one_store_send_each_thing_once_and_take_over",
    "H31": ("rollback",),
}


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made


def test_every_line_is_held_by_something_that_is_there() -> None:
    lines = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    assert {line["id"] for line in lines if line["id"].startswith("H")} == LINES.keys()
    tried = {spelled(each) for each in faults()}
    for holder in LINES.values():
        if not isinstance(holder, str):
            assert set(holder) <= tried
        else:
            module, _, name = holder.partition(":")
            assert not name or callable(getattr(import_module(module), name))


async def test_an_answer_that_is_cut_anywhere_is_never_taken_for_a_whole_one(here: Site) -> None:
    one_try = replace(PATIENT, attempts=1)
    async with here.world() as world, Http(Base(here.base), limits=one_try) as http:
        rest, small = Rest(http), world.id("office")
        whole = len((await world.raw.get(f"/{world.ref('office')}")).content)
        for kind, most, words in (
            ("cut", whole, (Incomplete,)),
            ("cut-open", whole, (Incomplete, NotFhir)),
            ("cut-head", 200, (Unreachable, Incomplete, NotFhir)),
        ):
            for count in range(most):
                here.plan.set([fault(kind, str(count), calls="read")])
                with pytest.raises(PortalError) as caught:
                    await rest.read("Organization", small)
                assert isinstance(caught.value, words), (kind, count)
        here.plan.set(())
        assert (await rest.read("Organization", small))["id"] == small
