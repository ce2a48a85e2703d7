"""Where a mark stands, that a sentence more takes none away, and what a hostile message costs."""

import random
import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise, product
from types import FrameType

import pytest

from tests.flags.measure import TUNING, read
from tests.hostile import hostile
from workbench.dialogue.flags.hit import Hit
from workbench.dialogue.flags.rules import UNREAD, Rule, Rules, ready
from workbench.dialogue.flags.scan import MOST_HITS, MOST_READ, scan

PLAIN = "Hei 👩‍⚕️! Jeg har «vondt i brystet» nå."
SENTENCES = [
    "Takk for hjelpen.",
    "Jeg har ikke feber.",
    "Faren min døde i fjor.",
    "Ingen plager ellers!",
    "Det gikk over for mange år siden.",
    "Kan man få det av kaffe?",
    "Legen sa det var ufarlig.",
    "No.",
    "I have never had anything like that.",
    "My mother had a stroke in 2010.",
    "It was all clear.",
    "Eg har ikkje noko vondt no.",
    "Uten grunn.",
    "Jeg holder på å dø av latter.",
    "Brystsmerter: nei.",
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN, "vondt i brystet"),
        (unicodedata.normalize("NFD", "Får ikke puste. Jeg får ikke puste nå."), None),
        ("von\u200bdt i bry\u00adstet", "von\u200bdt i bry\u00adstet"),
        ("VONDT I BRYSTET", "VONDT I BRYSTET"),
        ("\U0001f600\U0001f600 vondt i brystet \U0001f600", "vondt i brystet"),
        ("İİİ vondt i brystet", "vondt i brystet"),
        ("ﬀﬀ ßß vondt i brystet", "vondt i brystet"),
        ("faar ikke puste", "faar ikke puste"),
        ("I can’t breathe", "can’t breathe"),
        ("I can't breathe", "can't breathe"),
        ("vondt\r\ni brystet", "vondt\r\ni brystet"),
    ],
)
def test_words_are_marked_where_they_stand(rules: Rules, text: str, words: str | None) -> None:
    hits = scan(text, rules)
    assert hits
    assert all(hit.words == text[hit.start : hit.end] for hit in hits)
    if words is not None:
        assert words in {hit.words for hit in hits}


def test_letters_in_two_pieces_are_the_same_letters(rules: Rules) -> None:
    whole = "Får ikke puste, og øyet er rødt og vondt nå."
    apart = unicodedata.normalize("NFD", whole)
    assert [hit.rule for hit in scan(whole, rules)] == [hit.rule for hit in scan(apart, rules)]
    assert all(unicodedata.normalize("NFC", hit.words) in whole for hit in scan(apart, rules))


def test_every_hostile_text_is_read_and_its_words_are_its_own(rules: Rules) -> None:
    for each in hostile():
        text = f"{each.text[: MOST_READ // 4]}\nJeg har vondt i brystet.\n{each.text}"
        hits = scan(text, rules)
        assert any("vondt i brystet" in hit.words for hit in hits)
        assert all(text[hit.start : hit.end].startswith(hit.words) for hit in hits)


def test_nothing_is_found_in_nothing(rules: Rules) -> None:
    for text in ("", " ", "\n\n", "…", "👍", "\ud800", "123", "'"):
        assert scan(text, rules) == ()


def still_there(before: tuple[Hit, ...], after: tuple[Hit, ...], moved: int) -> bool:
    """Whether each mark is there again, if perhaps on fewer or more words."""
    return all(
        any(a.rule == b.rule and a.start < b.end + moved and b.start + moved < a.end for a in after) for b in before
    )


def test_a_sentence_more_takes_no_mark_away(rules: Rules) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    messages = [message.text for message in read(TUNING)]
    for text in rng.sample(messages, 60):
        before = scan(text, rules)
        one, other = rng.choice(SENTENCES), rng.choice(SENTENCES)
        end = "" if text.rstrip()[-1] in ".!?" else "."
        longer = f"{one} {text.rstrip()}{end} {other}"
        bare_no = text.rstrip().endswith("?") and other.startswith("No")  # answers a question, as in a form
        assert bare_no or still_there(before, scan(longer, rules), len(one) + 1), (seed, text, one, other)


def test_marks_come_in_order_and_a_rule_s_own_do_not_overlap(rules: Rules) -> None:
    for message in read(TUNING):
        hits = scan(message.text, rules)
        assert list(hits) == sorted(hits)
        for rule in {hit.rule for hit in hits}:
            own = [hit for hit in hits if hit.rule == rule]
            assert all(one.end <= other.start for one, other in pairwise(own))


# -- what it costs


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions and built-in ones a piece of work calls; the same on every machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


HOSTILE = {
    "one word": "vondt ",
    "denied": "ikke vondt i brystet ",
    "no sentence": "vondt bryst ikke puste hjelp arm mage nå ",
    "sentences": "Jeg har vondt i brystet. ",
    "dots": "vondt . . . i brystet ",
    "a long word": "a",
    "marks": "e\u0301\u0301\u0301\u0301",
    "numbers": "39,5 ",
    "lines": "\nvondt",
    "apostrophes": "a'a'",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_text_costs_twice_the_work(rules: Rules, piece: str) -> None:
    times = MOST_READ // len(piece) // 8
    scan(piece * times, rules)  # what is remembered of words is remembered now
    once = calls_of(lambda: scan(piece * times, rules))
    twice = calls_of(lambda: scan(piece * times * 2, rules))
    assert twice < 2.5 * once + 5000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_what_is_longer_than_is_read_costs_no_more_and_is_marked_as_not_read(rules: Rules, piece: str) -> None:
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    hits = scan(text, rules)
    assert hits[-1].rule == UNREAD
    assert (hits[-1].start, hits[-1].end) == (MOST_READ, len(text))
    assert len(hits[-1].words) < 100
    assert all(len([hit for hit in hits if hit.rule == rule.id]) <= MOST_HITS for rule in rules.rules)
    assert scan(text[:MOST_READ], rules) == hits[:-1]


def test_a_message_of_everyday_costs_little(rules: Rules) -> None:
    text = (
        "Hei, jeg vil gjerne bestille time til neste uke, helst på tirsdag eller onsdag formiddag. Jeg skal også ha "
        "fornyet resepten på Levaxin. Kan dere sende den elektronisk til apoteket på Storo? Takk for hjelpen!"
    )
    assert scan(text, rules) == ()
    assert calls_of(lambda: scan(text, rules)) < 500


def test_rules_are_found_again_by_their_ids(rules: Rules) -> None:
    assert rules.rule("chest").names["en"] == "Chest pain or pressure"
    assert rules.rule(UNREAD).names["nn"]
    with pytest.raises(KeyError):
        rules.rule("nonsense")


def test_no_rules_mark_nothing() -> None:
    assert scan("Jeg har vondt i brystet.", ready([], {}, {})) == ()


def test_what_is_remembered_of_words_stays_small() -> None:
    rule = Rule("x", {"nb": "x"}, {"nb": ("hjelp",)})
    small = ready([rule], {}, {})
    letters = [chr(97 + number) for number in range(26)]
    words = ["".join(four) for four in product(letters[:16], repeat=4)]
    for start in range(0, len(words), 5_000):
        scan(" ".join(words[start : start + 5_000]), small)
    assert len(words) > 60_000
    assert len(small.index.remembered) <= 20_001
    assert scan("hjelp", small)
