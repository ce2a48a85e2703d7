"""What every mapping needs: the portal's conventions, and how it writes references, codes and names."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from client import models
from client.conventions import Conventions
from client.dates import moment
from client.origin import Base
from workbench.dialogue.held import Stamp
from workbench.dialogue.people import NOWHERE, SOMEBODY, PartyKind, kind_of, outside

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a missing time where one is needed."""
_REFERENCE = re.compile(r"([A-Z][A-Za-z]{2,40}/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]{1,64})?/?")
_TYPED = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{2,40})/[^/]+(?:/_history/[^/]+)?/?")
"""A reference to anywhere that names a type."""


@dataclass(frozen=True, slots=True)
class Context:
    """One portal, as the mapping sees it."""

    conventions: Conventions
    base: Base
    give_way: Callable[[], None] = lambda: None
    """Called between two resources, where work that hurries more may go first."""
    now: Callable[[], datetime] = lambda: LONG_AGO
    """The time by the portal's clock, as far as it has told it."""
    roles: dict[str, str] = field(default_factory=dict)
    """Whose each PractitionerRole is, by references, as far as the portal has told."""

    def reference(self, reference: models.Reference | None) -> str:
        """`Type/id` on this portal; empty for none, a contained one, or one on another server."""
        match = _REFERENCE.fullmatch(self.base.relative(reference.reference)) if reference else None
        return match[1] if match else ""

    def party(self, reference: models.Reference | None) -> str:
        """Who is named: as `reference`; where that cannot be followed, what they are (`Type/?`), or `?` for unknown.

        So somebody who is named by an identifier alone, in the resource itself or on another server is still somebody.
        Empty only when nobody is named.
        """
        if reference is None:
            return ""
        if found := self.reference(reference):
            return found
        typed = _TYPED.fullmatch(reference.reference)
        said = reference.kind or (typed[1] if typed else "")
        nowhere = said + NOWHERE
        if kind_of(nowhere) is PartyKind.UNKNOWN:
            return SOMEBODY
        return f"RelatedPerson{NOWHERE}" if outside(nowhere) else nowhere

    def parties(self, references: Iterable[models.Reference]) -> tuple[str, ...]:
        """Who several name, each once."""
        return tuple(dict.fromkeys(self.party(each) for each in references))

    def references(self, references: Iterable[models.Reference]) -> tuple[str, ...]:
        """Those of several that name something on this portal, each once."""
        return tuple(dict.fromkeys(found for each in references if (found := self.reference(each))))

    def first(self, references: Iterable[models.Reference], kind: str) -> str:
        """Id of the first that is of one type; empty when none is."""
        for found in self.references(references):
            if found.startswith(kind + "/"):
                return found.partition("/")[2]
        return ""

    def client_id(self, identifiers: Iterable[models.Identifier]) -> str:
        """Our own identifier among several, empty when there is none; in small letters, as it was made."""
        system = self.conventions.client_id_system
        return next((each.value.lower() for each in identifiers if each.system == system), "")


def stamp(resource: models.Resource) -> Stamp:
    """Which edition a resource is."""
    return Stamp(resource.id, resource.meta.version, moment(resource.meta.updated) or LONG_AGO)


def unreadable(resource: models.Resource) -> bool:
    """Whether it carries something that changes its meaning in a way we do not know."""
    return bool(resource.modifiers or resource.rules)


def codes(concepts: Iterable[models.CodeableConcept], system: str) -> tuple[str, ...]:
    """Codes that stand in one system."""
    return tuple(coding.code for concept in concepts for coding in concept.coding if coding.system == system)


def code_or_words(concept: models.CodeableConcept | None, system: str) -> str:
    """The code in one system, else the first code of any, else the text."""
    if not concept:
        return ""
    known = codes([concept], system)
    others = [coding.code for coding in concept.coding]
    return next((code for code in (*known, *others, concept.text) if code), "")


def words(concept: models.CodeableConcept | None) -> str:
    """A concept in words: its text, else a display, else a code."""
    if not concept:
        return ""
    displays = [coding.display for coding in concept.coding]
    return next((each for each in (concept.text, *displays, *(c.code for c in concept.coding)) if each), "")


def name(names: Sequence[models.HumanName]) -> str:
    """The name to show: official, else usual, else any not put away; empty when there is none."""
    rank = {"official": 0, "usual": 1, "old": 3, "maiden": 3}
    for each in sorted(names, key=lambda one: rank.get(one.use, 2)):
        shown = each.text.strip() or " ".join([*each.given, each.family]).strip()
        if shown:
            return shown
    return ""
