"""Words are found however they are spelt, as they are typed, in the queue's order."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.store.made import ME, PORTAL, key, party, patient, post, random_batch, stamp, task, thread
from workbench.dialogue.fold import EDITION
from workbench.dialogue.held import Batch, HeldPatient
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.people import PartyKind, Patient
from workbench.dialogue.queue import Query
from workbench.dialogue.work import State
from workbench.store import queues
from workbench.store.cache import Cache
from workbench.store.cache_schema import births
from workbench.store.store import Store

ALL = Query(frozenset(State))


@pytest.fixture
def cache(store: Store) -> Cache:
    return store.cache


def hits(cache: Cache, words: str, query: Query = ALL) -> set[str]:
    page = cache.page(query.search(words), 0, 100)
    assert page.total == len(page.items) == cache.counts([query.search(words)])[0]
    return {item.key.thread for item in page.items}


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("Håland", "haaland"),
        ("Haaland", "håland"),
        ("Bjørn", "bjorn"),
        ("Bjoern", "bjørn"),
        ("Björn", "bjørn"),
        ("Næss", "naess"),
        ("Naess", "NÆSS"),
        ("Æsj", "æsj"),
        ("José", "jose"),
        ("Jose", "josé"),
        ("STRASSE", "straße"),
        ("Noel", "noël"),
        ("Noël", "Noel"),
        ("Łukasz", "lukasz"),
        ("Gaŋgaviika", "gangaviika"),
        ("Đorđe", "Dorde"),
        ("A\u030alesund", "Ålesund"),
        ("blod\u00adtrykk", "blodtrykk"),
        ("smerte\u200bstillende", "smertestillende"),
        ("ВРАЧ", "врач"),
        ("12037934567", "12037934567"),
    ],
)
def test_a_word_is_found_in_any_spelling(cache: Cache, held: str, typed: str) -> None:
    cache.apply(
        PORTAL, Batch((thread("t"), thread("u")), (post("m", "t", f"før {held}, etter"), post("n", "u", "annet")))
    )
    assert hits(cache, typed) == {"t"}
    assert hits(cache, typed + " etter") == {"t"}
    assert hits(cache, typed + " annet") == set()


def test_the_last_word_is_a_beginning_while_it_is_typed(cache: Cache) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", "blodtrykksmedisin hver morgen"),)))
    for typed in ("blo", "blodtrykk", "hver mor", "MORGEN hve"):
        assert hits(cache, typed) == {"t"}
    for typed in ("bl", "blodtrykk ", "mor hver", "rykk"):
        assert hits(cache, typed) == set()


def test_title_patient_number_and_notes_are_searched(cache: Cache) -> None:
    cache.apply(
        PORTAL,
        Batch(
            (thread("t", title="Fornye Levaxin"), thread("side", "", internal=True, about="t", recipients=())),
            (post("n", "side", "ringte apoteket", 1, ME),),
            patients=(patient(),),
        ),
    )
    for typed in ("levaxin", "so", "apoteket so", "ingrid solb", "12037934567", "apoteket", "levaxin ingrid apoteket"):
        assert hits(cache, typed) == {"t"}
    cache.apply(PORTAL, Batch(patients=(patient(name="Ingrid Nyhus", minute=5),)))
    assert (hits(cache, "nyhus"), hits(cache, "solberg")) == ({"t"}, set())


BORN = ["12.03.1979", "12.3.79", "12/03/1979", "12-03-79", "1979-03-12", "120379", "12031979", "f. 12.03.1979", "34567"]


@pytest.mark.parametrize("typed", BORN)
def test_a_patient_is_found_by_birth_date_and_last_digits_as_they_are_told_on_the_telephone(
    cache: Cache, typed: str
) -> None:
    other = replace(patient("Patient/b", "Ingrid Solli").patient, birth="1979-12-03", national_id="03127900000")
    others = replace(patient("Patient/b"), patient=other)
    cache.apply(
        PORTAL,
        Batch((thread("t"), thread("u", patient="Patient/b")), patients=(patient(), others)),
    )
    assert hits(cache, typed) == hits(cache, f"ingrid {typed}") == hits(cache, f"{typed} ") == {"t"}
    assert hits(cache, f"solli {typed}") == set()
    assert hits(cache, "", replace(ALL, patient_name=typed)) == {"t"}


@pytest.mark.parametrize("typed", ["12.03.19", "120319", "f.12.3.19."])
def test_a_child_is_not_taken_for_whoever_was_born_on_that_day_in_a_year_that_begins_so(
    cache: Cache, typed: str
) -> None:
    child = Patient("Patient/b", "Ola Berg", "2019-03-12", "12031912345")
    cache.apply(
        PORTAL,
        Batch(
            (thread("t"), thread("u", patient="Patient/b")),
            patients=(patient(), HeldPatient(stamp("Patient/b"), child)),
        ),
    )
    assert hits(cache, typed) == {"u"}


def test_a_day_that_somebody_wrote_of_is_found_and_its_numbers_are_no_birth_date(cache: Cache) -> None:
    cache.apply(
        PORTAL,
        Batch(
            (thread("t"), thread("u", patient="Patient/b")),
            (post("m", "t", "12 dager siden"), post("n", "u", "timen 12.03.1979, 12 dager siden")),
            patients=(patient(), patient("Patient/b", "Ola Berg")),
        ),
    )
    cache.apply(PORTAL, Batch(patients=(HeldPatient(stamp("Patient/b", 5), Patient("Patient/b", "Ola Berg", "", "")),)))
    assert hits(cache, "12.03.1979") == {"t", "u"}
    assert hits(cache, "timen 12.03.1979") == {"u"}
    cache.apply(PORTAL, Batch(posts=(post("m", "t", "dager siden", minute=6),)))
    assert hits(cache, "12 dager") == {"u"}


def judged(cache: Cache) -> None:
    while cache.judge() is not None:
        pass


def test_names_that_were_indexed_before_are_indexed_anew(cache: Cache) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), patients=(patient(),)))
    with cache._writer.write() as cursor:
        cursor.execute("DELETE FROM names")
        births(cursor)
    assert hits(cache, "120379") == set()
    judged(cache)
    assert hits(cache, "120379") == {"t"}


def test_words_that_were_indexed_by_another_spelling_are_indexed_anew(cache: Cache) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", "smerter"),)))
    judged(cache)
    with cache._writer.write() as cursor:
        cursor.execute("DELETE FROM words")
        cursor.execute("UPDATE site SET told = replace(told, ?, ?)", (str(EDITION), str(EDITION - 1)))
    assert hits(cache, "smerter") == set()
    judged(cache)
    assert hits(cache, "smerter") == {"t"}


@pytest.mark.parametrize("typed", ["", "   ", '"', "*", "(", "- ' ; --"])
def test_what_holds_no_word_narrows_nothing(cache: Cache, typed: str) -> None:
    cache.apply(PORTAL, Batch((thread("t"),)))
    assert hits(cache, typed) == {"t"}


@pytest.mark.parametrize(
    "typed", ['hei" OR "x', "hei*", "text:hei", "NEAR(hei)", "hei AND", "NOT hei", "hei^2", "{hei}", "hei -takk"]
)
def test_what_somebody_types_is_never_a_command(cache: Cache, typed: str) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", "hei og takk"),)))
    assert hits(cache, typed) <= {"t"}


@pytest.mark.parametrize(
    "typed", ["हिन्दी", "ไทย", "日本語", "한국어", "\U0001f600", "a\u0f3fb", "x²", "½", "\ue000", "\U0001e900x"]
)
def test_other_scripts_raise_nothing_and_are_found(cache: Cache, typed: str) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", typed),)))
    assert hits(cache, typed) == {"t"}


@pytest.mark.parametrize(
    "held",
    ["smerter🥺", "🥺smerter", "smerter\ufe0f", "smerter🤒🤕", "\u2068smerter\u2069", "smer\u2069ter", "ᦰsmerter"],
)
def test_a_word_is_found_beside_a_sign_that_the_index_does_not_know(cache: Cache, held: str) -> None:
    cache.apply(PORTAL, Batch((thread("t"), thread("u")), (post("m", "t", f"har {held} i dag"), post("n", "u"))))
    for typed in ("smert", "smerter ", "smerter dag", held, f"{held} "):
        assert hits(cache, typed) == {"t"}
    assert hits(cache, "", replace(ALL, phrases=("smerter i dag",))) == {"t"}


@pytest.mark.parametrize("typed", ["\u19b0", "a\u19b0b", "a\u19c8\u19c9b", "a\u1cf2b\u1cf3"])
def test_letters_at_which_the_index_ends_a_word_are_searched_too(cache: Cache, typed: str) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", f"og {typed} ja"),)))
    assert hits(cache, typed) == hits(cache, "", replace(ALL, phrases=(typed,))) == {"t"}
    assert hits(cache, "", replace(ALL, patient_name=typed)) <= {"t"}


def test_a_search_stands_in_the_queues_order_and_inside_it(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether hits are sorted or the lists are walked, the answer is the same."""
    seed = 3
    rng = Random(seed)
    cache.me(PORTAL, ME)
    cache.apply(PORTAL, random_batch(rng, 400))
    cache.set_overlay({key(f"c{rng.randrange(400)}"): Overlay(state=State.DONE) for _ in range(30)})
    for words in ("blodtrykk", "hei takk", "åse øre", "smerter"):
        for query in (ALL, Query(), Query(pool="resept"), Query(frozenset({State.DONE}))):
            answers = []
            for common in (10_000, 0):
                monkeypatch.setattr(queues, "COMMON", common)
                cache._queues._known.clear()
                answers.append(cache.page(query.search(words), 0, 1000))
            assert answers[0] == answers[1], f"seed {seed}"
            assert answers[0].total > 3
            rows = cache.page(query, 0, 1000).items
            found = tuple(replace(row, match=None) for row in answers[0].items)
            assert found == tuple(row for row in rows if row in found)
            some = answers[0].items[2]
            assert cache.locate(query.search(words), some.key) == 2
            assert cache.page(query.search(words), 2, 1).items == (some,)


def test_an_answer_stops_at_the_limit_and_says_so(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"t{number}" for number in range(30)]
    cache.apply(PORTAL, Batch(tuple(map(thread, names)), tasks=tuple(task(f"k{n}", n) for n in names)))
    query = ALL.search("emne")
    for common in (100, 5):
        monkeypatch.setattr(queues, "COMMON", common)
        for most, cut in ((10, True), (29, True), (30, False), (31, False)):
            monkeypatch.setattr(queues, "MOST", most)
            cache._queues._known.clear()
            for asked in (query, replace(query, by_patient=True)):
                (total,) = cache.counts([asked])
                page = cache.page(asked, 0, 100)
                assert (total, total.cut) == (page.total, page.total.cut) == (min(most, 30), cut)
                assert len(page.items) == total
    assert not cache.counts([ALL])[0].cut


def test_new_words_are_found_at_once_and_old_ones_no_more(cache: Cache) -> None:
    cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", "gammel"),)))
    assert hits(cache, "gammel") == {"t"}
    cache.apply(PORTAL, Batch(posts=(replace(post("m", "t", "ny", 1), client_id="x"),)))
    assert (hits(cache, "gammel"), hits(cache, "ny")) == (set(), {"t"})


def test_every_word_stands_in_the_conversation_or_in_its_patients_name(cache: Cache) -> None:
    """Against a plain search: each word, the last as a beginning, among the conversation's words and the name's."""
    seed = 9
    rng = Random(seed)
    some = ["hei", "takk", "kari", "kar", "ola", "olav", "time", "nye", "nyehus", "sol", "solberg"]
    named = {f"Patient/{number}": " ".join(rng.choices(some, k=2)) for number in range(12)}
    held: dict[str, list[str]] = {}
    for number in range(80):
        who, title, text = rng.choice(list(named)), rng.choice(some), " ".join(rng.choices(some, k=3))
        name = f"t{number}"
        held[name] = [*title.split(), *text.split(), *named[who].split()]
        cache.apply(PORTAL, Batch((thread(name, who, title=title),), (post(f"m{number}", name, text),)))
    cache.apply(PORTAL, Batch(patients=tuple(patient(who, name) for who, name in named.items())))
    for turn in range(300):
        words = rng.choices(some, k=rng.randrange(1, 5))
        open_end = rng.random() < 0.7
        right = {
            name
            for name, there in held.items()
            if all(word in there for word in (words[:-1] if open_end else words))
            and any(each.startswith(words[-1]) for each in there)
        }
        typed = " ".join(words) + ("" if open_end else " ")
        assert hits(cache, typed) == right, f"seed {seed}, turn {turn}, {typed!r}"


def asked_for(cache: Cache, **asked: object) -> set[str]:
    query = replace(ALL, **asked)  # type: ignore[arg-type]
    page = cache.page(query, 0, 100)
    assert page.total == len(page.items) == cache.counts([query])[0]
    return {item.key.thread for item in page.items}


def test_a_phrase_is_words_side_by_side_in_one_text(cache: Cache) -> None:
    texts = {
        "beside": "Har vondt i BRYSTET i dag",
        "apart": "Brystet er bra, men i foten er det vondt",
        "broken": "vondt\n  i   brystet!",
        "accent": "vóndt i brystet é",
        "longer": "vondt i brystets muskler",
    }
    threads = tuple(thread(name, title="") for name in (*texts, "two", "title"))
    posts = tuple(post(f"m{name}", name, text) for name, text in texts.items())
    posts += (post("m1", "two", "har vondt"), post("m2", "two", "i brystet"))
    cache.apply(PORTAL, Batch((*threads[:-1], thread("title", title="Vondt i brystet")), posts))
    assert asked_for(cache, phrases=("vondt i brystet",)) == {"beside", "broken", "accent", "title"}
    assert asked_for(cache, phrases=("vondt i brystet",), words="dag") == {"beside"}
    assert asked_for(cache, phrases=("vondt i brystet", "i dag")) == {"beside"}
    assert asked_for(cache, phrases=("?!",)) == {*texts, "two", "title"}, "what holds no word narrows nothing"


def test_a_patients_name_is_not_a_word_that_was_written(cache: Cache) -> None:
    cache.apply(
        PORTAL,
        Batch(
            (thread("theirs"), thread("about", "Patient/b")),
            (post("m", "about", "Ingrid Solberg er naboen min", sender="Patient/b"),),
            patients=(patient(), patient("Patient/b", "Ola Nyhus")),
        ),
    )
    assert asked_for(cache, words="solberg") == {"theirs", "about"}
    assert asked_for(cache, patient_name="solb") == {"theirs"}
    assert asked_for(cache, patient_name="ola", words="solberg") == {"about"}
    assert asked_for(cache, phrases=("Ingrid Solberg",)) == {"theirs", "about"}


def test_who_wrote_is_found_by_any_beginning_of_the_name(cache: Cache) -> None:
    cache.apply(
        PORTAL,
        Batch(
            (thread("a"), thread("b"), thread("c"), thread("side", "", internal=True, about="c", recipients=())),
            (
                post("m1", "a", "hei", sender=ME),
                post("m2", "b", "hei", sender="RelatedPerson/far"),
                post("n", "side", "notat", sender=ME),
            ),
            patients=(patient(),),
            parties=(party(ME, "Kari Nordmann"), party("RelatedPerson/far", "Åge Solberg", PartyKind.RELATED)),
        ),
    )
    assert asked_for(cache, sender="kari") == {"a", "c"}, "a note is written too"
    assert asked_for(cache, sender="nord k") == {"a", "c"}
    assert asked_for(cache, sender="aage") == {"b"}
    assert asked_for(cache, sender="kari", words="hei") == {"a"}
    assert asked_for(cache, sender="ingen") == set()


def test_a_row_shows_where_the_words_stand_in_the_newest_text_that_has_them(cache: Cache) -> None:
    cache.apply(
        PORTAL,
        Batch(
            (thread("t"), thread("named"), thread("side", "", internal=True, about="t", recipients=())),
            (
                post("m1", "t", "Gammel feber", 0),
                post("m2", "t", "Ingen hoste, men feber igjen", 5),
                post("m3", "t", "Takk", 9),
                post("n", "side", "ringte om feberen", 12, ME),
            ),
            patients=(patient(name="Feber Solberg"),),
        ),
    )
    rows = {item.key.thread: item for item in cache.page(ALL.search("feber "), 0, 10).items}
    match = rows["t"].match
    assert match is not None
    assert (match.before, match.words, match.after) == ("Ingen hoste, men ", "feber", " igjen")
    assert rows["named"].match is None, "the name is on the row already"
    begun = cache.page(ALL.search("feber"), 0, 10).items
    assert {item.match.words for item in begun if item.match} == {"feberen"}, "a beginning is found in a note too"
    assert all(item.match is None for item in cache.page(ALL, 0, 10).items)
