"""What staff wrote on Tasks is read in the conversation, is found by its words, and goes with the Task."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.store.made import LISE, ME, START, key, party, post, take, task, thread
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation, Message, Note
from workbench.dialogue.held import Remark
from workbench.dialogue.queue import Query
from workbench.dialogue.tie import Tie, TieKind
from workbench.dialogue.work import State
from workbench.store.cache import Cache

SAID = Remark(LISE, START + timedelta(minutes=3), "Mor ringte, haster: sjekk øret")


def read(cache: Cache, name: str = "a") -> Conversation:
    found = cache.conversation(key(name))
    assert found is not None
    return found


def told(conversation: Conversation) -> list[tuple[str, str]]:
    """Who said what, in the order of the screen."""
    return [
        (entry.sender.name if isinstance(entry, Message) else entry.author.name, entry.text)
        for entry in conversation.entries
        if isinstance(entry, Message | Note)
    ]


def found(cache: Cache, words: str) -> set[str]:
    return {item.key.thread for item in cache.page(Query(frozenset(State)).search(words), 0, 100).items}


def fill(cache: Cache, *notes: Remark) -> None:
    take(
        cache,
        threads=(thread("a"), thread("side", "", internal=True, about="a", recipients=())),
        posts=(post("1", "a", "Vondt i øret", 1), post("2", "a", "Fortsatt", 5), post("n", "side", "ringte", 2, ME)),
        tasks=(task("t", "a", minute=6, notes=notes),),
        parties=(party(LISE, "Lise Sekretær"), party(ME, "Kari Nordmann")),
    )


def test_it_stands_among_the_words_at_its_time_and_is_no_message(cache: Cache) -> None:
    fill(cache, SAID)
    conversation = read(cache)
    assert told(conversation) == [
        ("", "Vondt i øret"),
        ("Kari Nordmann", "ringte"),
        ("Lise Sekretær", SAID.text),
        ("", "Fortsatt"),
    ]
    notes = [entry for entry in conversation.entries if isinstance(entry, Note)]
    assert [(note.remark, note.written) for note in notes] == [(False, START + timedelta(minutes=2)), (True, SAID.at)]
    assert conversation.work.remark == SAID.text


def test_it_is_found_by_its_words_until_it_is_gone(cache: Cache) -> None:
    fill(cache, SAID)
    assert {item.key.thread for item in cache.page(Query(sender="lise"), 0, 9).items} == {"a"}
    assert found(cache, "haster sjekk") == found(cache, "øret mor") == {"a"}
    take(cache, tasks=(task("t", "a", minute=7, version="2"),))
    assert not found(cache, "haster")
    take(cache, tasks=(task("t", "a", minute=8, version="3", notes=(SAID,)),))
    assert found(cache, "haster") == {"a"}
    take(cache, gone=("Task/t",))
    assert not found(cache, "haster")
    assert SAID.text not in [text for _, text in told(read(cache))]


def test_an_answer_of_staff_ends_what_it_asked_for(cache: Cache) -> None:
    fill(cache, SAID, replace(SAID, at=START, text="eldre"))
    assert read(cache).work.remark == SAID.text
    take(cache, posts=(post("3", "a", "Kom i dag", 9, ME),))
    assert read(cache).work.remark == ""


def test_who_is_named_by_a_name_alone_is_called_so(cache: Cache) -> None:
    fill(cache, Remark("", SAID.at, "fra et annet system", "Dr. Fjern"))
    assert ("Dr. Fjern", "fra et annet system") in told(read(cache))


def test_it_is_no_news_to_a_reply(cache: Cache) -> None:
    fill(cache)
    before = Seen.of(read(cache)).messages
    take(cache, tasks=(task("t", "a", minute=7, version="2", notes=(SAID,)),))
    assert Seen.of(read(cache)).messages == before


def test_it_is_read_with_a_conversation_that_was_merged(cache: Cache) -> None:
    fill(cache)
    tie = frozenset({Tie(TieKind.MERGED, "a")})
    take(cache, threads=(thread("b"),), tasks=(task("u", "b", State.DONE, 7, notes=(SAID,), ties=tie),))
    (merged,) = read(cache).merged
    assert [entry.text for entry in merged.entries if isinstance(entry, Note)] == [SAID.text]
