"""Whether a sentence is Norwegian or English, by its small words; enough to read its “no” rightly."""

from __future__ import annotations

from workbench.dialogue.flags.rules import Side
from workbench.dialogue.flags.words import Words

_NORWEGIAN = """
av bare berre blitt da dei det du eg eit ein en er et etter fra fraa hadde han har hos hun hva hvis hvor ikke
ikkje jeg kva litt med meg mellom min mitt mi mye mykje naa noe noen noko og ogsaa om paa saa seg sin siden
sidan skal som til ut ved vi vil aa ho dere dykk ingen inga uten utan vaere vere kan
"""
NORWEGIAN = frozenset(_NORWEGIAN.split())
_ENGLISH = """
a about after am an and any are as been but by can cant dont feel had has have he hello him his how if im is
isnt it its ive just me my not of on or our out she since that the their them then there they this very was we
were what when with you your
"""
ENGLISH = frozenset(_ENGLISH.split())
"""Small words of one language that are none of the other's."""


def tongue(words: Words, first: int, last: int) -> Side | None:
    """The language of some words of a text, None when it cannot be told."""
    some = words.folded[first : last + 1]
    lead = sum(word in ENGLISH for word in some) - sum(word in NORWEGIAN for word in some)
    return None if lead == 0 else "english" if lead > 0 else "norwegian"
