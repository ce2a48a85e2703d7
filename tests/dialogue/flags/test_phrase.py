"""How phrases are read, and what they meet."""

import pytest

from workbench.dialogue.flags.phrase import Fault, PhraseError, Reader
from workbench.dialogue.flags.rules import Rule, ready
from workbench.dialogue.flags.scan import scan


def meets(phrase: str, text: str, **lists: tuple[str, ...]) -> list[str]:
    """What one phrase marks in a text."""
    rules = ready([Rule("x", {"nb": "x"}, {"nb": (phrase,)})], lists, {})
    return [hit.words for hit in scan(text, rules)]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("vondt", "Det er vondt her", ["vondt"]),
        ("vondt", "vondtere", []),
        ("bryst*", "brystkassen", ["brystkassen"]),
        ("bryst*", "tverrbryst", []),
        ("*smerter", "Brystsmerter!", ["Brystsmerter"]),
        ("*smerter", "smertene", []),
        ("*smert*", "brystsmertene", ["brystsmertene"]),
        ("38-43", "målte 39,5 nå", ["39,5"]),
        ("38-43", "målte 37.9 nå", []),
        ("38.5-43 grader", "38,5 grader", ["38,5 grader"]),
        ("38-43", "39°C", ["39"]),
        ("vondt|vont bryst*", "vont brystet", ["vont brystet"]),
        ("vondt bryst*", "vondt i hele brystet", ["vondt i hele brystet"]),
        ("vondt bryst*", "vondt her og der i brystet", []),
        ("vondt bryst*", "brystet vondt", []),
        ("vondt .. bryst*", "vondt her og der og litt i brystet", ["vondt her og der og litt i brystet"]),
        ("vondt .. bryst*", "vondt " + "så " * 15 + "brystet", []),
        ("vondt & bryst*", "brystet er vondt", ["brystet er vondt"]),
        ("vondt & bryst*", "vondt. Brystet", []),
        ("vondt & bryst*", "vondt " + "så " * 15 + "brystet", []),
        ("vondt & bryst*", "brystet " + "så " * 15 + "vondt", []),
        ("vondt & bryst*", "brystet. Vondt " + "så " * 15 + "brystet", []),
        ("bryst* vondt", "brystet. Vondt her. Brystet " + "så " * 15 + "vondt", []),
        ("vondt bryst*", "vondt, brystet", ["vondt, brystet"]),
        ("vondt & vondt", "vondt", []),
        ("feber + baby", "Feber. Vi har en baby.", ["Feber"]),
        ("feber + baby", "Feber.", []),
        ("ta_livet", "ta livet", ["ta livet"]),
        ("ta_livet", "ta hele livet", []),
        ("ta_*_livet", "ta hele livet", ["ta hele livet"]),
        ("@vondt bryst*", "ondt i brystet", ["ondt i brystet"]),
        ("får_ikke|kan_ikke puste", "kan ikke puste", ["kan ikke puste"]),
        ("Øre*", "ørene", ["ørene"]),
        ("aar", "år", ["år"]),
        ("can't", "I can’t", ["can’t"]),
        ("vondt & bryst* & arm*", "arm, bryst og så vondt", ["arm, bryst og så vondt"]),
        ("vondt ca ti", "vondt ca. ti", ["vondt ca. ti"]),
    ],
)
def test_a_phrase_meets(phrase: str, text: str, words: list[str]) -> None:
    assert meets(phrase, text, vondt=("vondt", "@andre"), andre=("ondt",)) == words


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("", Fault.EMPTY),
        ("  ", Fault.EMPTY),
        ("a & ", Fault.PLACE),
        ("& a", Fault.PLACE),
        ("a + + b", Fault.PLACE),
        (".. a", Fault.PLACE),
        ("a .. .. b", Fault.PLACE),
        ("a ..", Fault.PLACE),
        ("*", Fault.PLACE),
        ("*_a", Fault.PLACE),
        ("ab*", Fault.SHORT),
        ("*a*", Fault.SHORT),
        ("e-post", Fault.SIGN),
        ("a||b", Fault.SIGN),
        ("43-38", Fault.NUMBERS),
        ("@nothing", Fault.LIST),
        ("@loop", Fault.LIST),
        ("a b c d e f g h i", Fault.LONG),
    ],
)
def test_a_phrase_that_cannot_be_read_says_why(phrase: str, fault: Fault) -> None:
    with pytest.raises(PhraseError) as raised:
        Reader({"loop": ("@loop",)}).phrase(phrase)
    assert raised.value.fault is fault


def test_an_exception_takes_away_only_the_marks_it_touches() -> None:
    rule = Rule("x", {"nb": "x"}, {"nb": ("slag",)}, unless=("slag .. trynet",))
    rules = ready([rule], {}, {})
    assert scan("Et slag i trynet.", rules) == ()
    assert [hit.start for hit in scan("Et slag i trynet. Hjelp, slag!", rules)] == [25]
