"""Words that answer words that answer words are in the conversation, in whatever order they come."""

from __future__ import annotations

import pytest

from tests.sync.served import CHEST, Server, Sit


@pytest.mark.parametrize("ids", [("m", "m2", "m3", "m4"), ("z", "y", "x", "w"), ("b", "d", "a", "c")])
def test_words_that_answer_words_that_answer_words_are_read_when_they_come_together(
    sit: Sit, ids: tuple[str, ...]
) -> None:
    server = Server()
    server.header()
    server.task()
    served = sit(server)
    served.sync()
    parent = "h"
    for identity in ids:
        server.post(identity, CHEST if identity == ids[-1] else identity, parent=parent)
        parent = identity
    served.sync()
    assert len(served.texts()) == 4
    assert served.item().flag == "chest"


def test_a_circle_ends(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("a", "x", parent="b")
    server.post("b", "y", parent="a")
    server.post("c", "z", parent="c")
    served = sit(server)
    served.sync()
    assert served.texts() == []
