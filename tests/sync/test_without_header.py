"""Words under a header that the portal does not give stand in no list, so they are counted where one sees it."""

from __future__ import annotations

import pytest

from tests.sync.served import CHEST, Served


@pytest.fixture
def served(served: Served) -> Served:
    served.server.dialogue()
    return served


def later(served: Served) -> int:
    """What could not be read, after a further round."""
    served.seconds += 300
    return served.sync().status.set_aside


def test_words_under_a_header_that_never_came_are_counted_until_it_comes(served: Served) -> None:
    served.sync()
    served.server.post("y", CHEST, parent="x")
    assert [later(served) for _ in range(3)] == [1, 1, 1]
    served.server.header("x")
    assert later(served) == 0
    assert served.item("x").flag == "chest"


def test_words_under_a_header_that_was_deleted_are_counted(served: Served) -> None:
    served.server.header("x")
    served.sync()
    served.server.store.delete("Communication/x")
    assert [later(served) for _ in range(3)] == [0, 0, 0]
    served.server.post("y", CHEST, parent="x")
    assert [later(served) for _ in range(3)] == [1, 1, 1]


def test_an_answer_to_a_message_has_a_header(served: Served) -> None:
    served.server.post("n", CHEST, parent="m")
    assert served.sync().status.set_aside == 0
    assert sorted(served.texts()) == ["Hei", CHEST]


def test_words_under_a_header_that_was_taken_back_before_are_counted(served: Served) -> None:
    served.server.header("x")
    served.server.post("y", "Hei", parent="x")
    served.sync()
    served.server.header("x", status="entered-in-error")
    assert [later(served) for _ in range(3)] == [0, 0, 0]
    served.server.post("z", CHEST, parent="x")
    assert [later(served) for _ in range(3)] == [1, 1, 1]
    served.server.header("x")
    assert later(served) == 0
    assert served.item("x").flag == "chest"
