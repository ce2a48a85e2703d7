"""Every word an error can carry has its sentence."""

from collections.abc import Iterator

from client import errors
from widgets.problems import ATTACHING, PORTAL, REASONS, SENDING, STORE, sentence
from workbench.desk import office  # noqa: F401 - defines an error of its own
from workbench.dialogue.outgoing import Reason
from workbench.dialogue.refusals import AttachWord, SendWord
from workbench.refused import OPENING
from workbench.store.errors import StoreError


def words(kind: type[Exception]) -> Iterator[str]:
    for sub in kind.__subclasses__():
        yield str(vars(sub).get("word", ""))
        yield from words(sub)


def test_every_error_of_the_portal_has_a_sentence() -> None:
    assert {word for word in words(errors.PortalError) if word} <= PORTAL.keys()


def test_every_error_of_the_store_has_a_sentence() -> None:
    assert {word for word in words(StoreError) if word} <= STORE.keys() | OPENING.keys()


def test_every_refusal_has_a_sentence() -> None:
    assert set(SendWord) <= SENDING.keys()
    assert set(AttachWord) <= ATTACHING.keys()
    assert set(Reason) <= REASONS.keys()


def test_no_word_of_one_room_is_one_of_another() -> None:
    seen = [word for room in (PORTAL, STORE, SENDING, ATTACHING) for word in room]
    assert len(seen) == len(set(seen))


def test_an_unknown_word_is_told_as_it_is() -> None:
    assert "tull-og-tøys" in sentence("tull-og-tøys")
