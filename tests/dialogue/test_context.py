"""Where what was searched for stands in a text, in any spelling."""

from __future__ import annotations

import pytest

from tests import hostile
from workbench.dialogue.context import AFTER, BEFORE, Match, match_in
from workbench.dialogue.fold import words_of


@pytest.mark.parametrize(
    ("text", "typed", "begun", "match"),
    [
        ("Har vondt i brystet i dag", "brystet", False, Match("Har vondt i ", "brystet", " i dag")),
        ("Har vondt\n\ni brystet", "VONDT", False, Match("Har ", "vondt", " i brystet")),
        ("blodtrykksmedisin", "blodtr", True, Match("", "blodtrykksmedisin", "")),
        ("blodtrykksmedisin", "blodtr", False, None),
        ("Jeg heter A\u030ase Bjo\u0308rn", "aase", False, Match("Jeg heter ", "Åse", " Björn")),
        ("smerte\u200bstillende, takk", "smertestillende", False, Match("", "smertestillende", ", takk")),
        ("fra José i dag", "josé", False, Match("fra ", "José", " i dag")),
        ("fra José i dag", "jose", False, Match("fra ", "José", " i dag")),
        ("Čáhppeluonjáid", "cahppe", True, Match("", "Čáhppeluonjáid", "")),
        ("ikke her", "annet", False, None),
        ("", "hei", False, None),
        ("hei", "", False, None),
        ("xhei hei", "hei", False, Match("xhei ", "hei", "")),
    ],
)
def test_the_first_place_is_found(text: str, typed: str, begun: bool, match: Match | None) -> None:
    assert match_in(text, words_of(typed), begun=begun) == match


def test_a_long_text_is_cut_between_words_and_says_so() -> None:
    text = "dette er en ganske lang innledning om noe annet, men jeg har ikke vondt i magen " + "lenger " * 60
    found = match_in(text, ["magen"])
    assert found is not None
    assert found.before == "…jeg har ikke vondt i "
    assert len(found.before) <= BEFORE + 1
    assert len(found.after) <= AFTER


@pytest.mark.parametrize("one", hostile.hostile(), ids=lambda one: one.id)
def test_any_text_has_a_place_or_none(one: hostile.Hostile) -> None:
    found = match_in(f"{one.text} brystet {one.text}"[:30_000], ["brystet"])
    assert found is None or found.words == "brystet"
