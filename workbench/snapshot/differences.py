"""What changed between a kept set of pictures and a new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest


class What(StrEnum):
    """How a scene differs from what is kept of it."""

    SAME = "same"
    TEXT = "text"
    """Other characters."""
    LOOKS = "looks"
    """The same characters in other colours or shapes."""
    NEW = "new"
    """Nothing is kept of it."""
    MISSING = "missing"
    """Kept, but no scene any more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One scene, kept and new."""

    name: str
    what: What
    before: Mapping[str, str]
    """By format; empty when nothing is kept."""
    after: Mapping[str, str]
    """By format; empty when there is no such scene."""


def differences(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> tuple[Difference, ...]:
    """Every scene of either set, the new set's in its order, those that are gone after them."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(_difference(name, before.get(name, {}), after.get(name, {})) for name in names)


def changed_lines(before: str, after: str) -> tuple[bool, ...]:
    """For each row of the higher of two texts, whether the two differ there."""
    return tuple(one != other for one, other in zip_longest(before.splitlines(), after.splitlines()))


def _difference(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    both = before.keys() & after.keys()
    if not after:
        what = What.MISSING
    elif not both:
        what = What.NEW
    elif "txt" in both and before["txt"] != after["txt"]:
        what = What.TEXT
    else:
        what = What.LOOKS if any(before[form] != after[form] for form in both) else What.SAME
    return Difference(name, what, before, after)


def worth_telling(found: tuple[Difference, ...]) -> Iterator[Difference]:
    """Those that are not the same."""
    return (each for each in found if each.what is not What.SAME)
