"""Documents of the record: discharge summaries (epikrise), outpatient notes (poliklinisk notat), and a decision aid."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from textwrap import wrap
from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.grammar import Filler, Template, template, templates
from workbench.sandbox.media import pdf
from workbench.sandbox.names import load
from workbench.sandbox.organisation import OPENED, ORGANISATION
from workbench.sandbox.people import Person
from workbench.sandbox.workdays import DAY, day_of, instant

Resource = dict[str, object]

AID_ID: Final = "samvalg-kne"
AID: Final = {"reference": f"DocumentReference/{AID_ID}", "display": "Samvalg: slitasje i kneet"}
PAGE: Final = 92
"""Characters on a line of a PDF."""
PLAIN: Final = "text/plain; charset=utf-8"
PDF_SHARE: Final = 0.2
CHILDHOOD: Final = timedelta(days=16 * 365)
TYPES: Final = {
    "A03-2": {
        "coding": [
            codes.coding(codes.DOCUMENT_TYPE, "A03-2", "Epikrise"),
            codes.coding(codes.LOINC, "18842-5", "Discharge summary"),
        ],
        "text": "Epikrise",
    },
    "B03-2": {
        "coding": [
            codes.coding(codes.DOCUMENT_TYPE, "B03-2", "Poliklinisk notat"),
            codes.coding(codes.LOINC, "34108-1", "Outpatient Note"),
        ],
        "text": "Poliklinisk notat",
    },
}


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of document, ready to be filled."""

    type: str
    title: Template
    group: str
    """`adult`, `child`, or `any`."""
    text: Template


@dataclass(frozen=True, slots=True)
class Texts:
    """Words of all documents."""

    forms: dict[str, tuple[Form, ...]]
    """By group."""
    words: dict[str, tuple[Template, ...]]
    aid_title: str
    aid: str


@cache
def _texts() -> Texts:
    data = load("documents.toml")
    forms = tuple(
        Form(entry["type"], template(entry["title"]), entry["group"], template(entry["text"].strip()))
        for entry in data["document"]
    )
    by_group = {group: tuple(form for form in forms if form.group in (group, "any")) for group in ("adult", "child")}
    words = {name: templates(options) for name, options in data["words"].items()}
    return Texts(by_group, words, data["aid"]["title"], data["aid"]["text"].strip())


def attachment(file: Resource, data: bytes, title: str, made: float) -> Resource:
    """Return the FHIR Attachment that points at `file`, a Binary holding `data`, made at `made` (seconds)."""
    return {
        "contentType": file["contentType"],
        "url": f"Binary/{file['id']}",
        "size": len(data),
        "hash": _digest(data),
        "title": title,
        "creation": instant(made),
    }


def binary(identity: str, owner: dict[str, str] | None, kind: str, data: bytes, made: float) -> Resource:
    """Return a Binary of the media type `kind`; `owner` is whose access rules it follows."""
    file: Resource = {
        "resourceType": "Binary",
        "id": identity,
        "meta": {"lastUpdated": instant(made)},
        "contentType": kind,
        "data": b64encode(data).decode("ascii"),
    }
    if owner:
        file["securityContext"] = owner
    return file


def _digest(data: bytes) -> str:
    """Return what FHIR's Attachment.hash asks for: SHA-1, as base64."""
    return b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


class Documents:
    """Writes documents for patients."""

    def __init__(self, dice: Dice, now: float) -> None:
        """Draw with `dice` at `now` (seconds)."""
        self._dice = dice
        self._now = now
        self._texts = _texts()

    def document(
        self, person: Person, kind: str = "", *, restricted: bool = False, preliminary: bool = False
    ) -> Iterator[Resource]:
        """Yield a Binary and the DocumentReference to it, and enter it with `person` unless it must not be sent.

        Args:
            person: whose document it is.
            kind: document type (9602); nothing: any.
            restricted: whether its security label keeps it from being sent.
            preliminary: whether it is not final yet.
        """
        dice = self._dice
        made = self._now - dice.between(2, 500) * DAY
        child = day_of(self._now) - person.born < CHILDHOOD
        forms = self._texts.forms["child" if child else "adult"]
        form = dice.pick([form for form in forms if form.type == kind] if kind else forms)
        chosen = {"name": f"{person.given} {person.family}", "born": f"{person.born:%d.%m.%Y}"}
        chosen["date"] = f"{day_of(made):%d.%m.%Y}"
        filler = Filler(self._texts.words, chosen, dice)
        text, title = filler.fill(form.text), filler.fill(form.title)
        file, data = self._file(person, text, made)
        yield file
        reference = self._reference(person, form, title, made)
        reference["content"] = [{"attachment": attachment(file, data, title, made) | {"language": "nb"}}]
        if restricted:
            reference["securityLabel"] = [codes.concept(codes.CONFIDENTIALITY, "R", "restricted")]
        if preliminary:
            reference["docStatus"] = "preliminary"
        if not restricted and not preliminary:
            person.documents[form.type] = {"reference": f"DocumentReference/{reference['id']}", "display": title}
        yield reference

    def _file(self, person: Person, text: str, made: float) -> tuple[Resource, bytes]:
        """Return a Binary with `text` on it, now and then as a PDF, and its bytes."""
        dice = self._dice
        if dice.random() < PDF_SHARE:
            data = pdf(_lines(text))
            return binary(dice.uuid(), person.shown, "application/pdf", data, made), data
        data = text.encode()
        return binary(dice.uuid(), person.shown, PLAIN, data, made), data

    def _reference(self, person: Person, form: Form, title: str, made: float) -> Resource:
        date = instant(made)
        return {
            "resourceType": "DocumentReference",
            "id": self._dice.uuid(),
            "meta": {"lastUpdated": date},
            "status": "current",
            "docStatus": "final",
            "type": TYPES[form.type],
            "subject": person.shown,
            "date": date,
            "author": [person.doctor.shown],
            "custodian": ORGANISATION,
            "description": title,
            "context": {"period": {"end": date}},
        }


def _lines(text: str) -> Sequence[str]:
    return [line for paragraph in text.splitlines() for line in (wrap(paragraph, PAGE) or [""])]


def decision_aid() -> Iterator[Resource]:
    """Yield the decision aid (samvalg) that staff may send to any patient: a Binary and its DocumentReference."""
    texts = _texts()
    data = texts.aid.encode()
    file = binary(f"{AID_ID}-fil", None, PLAIN, data, 1704700800)
    yield file
    yield {
        "resourceType": "DocumentReference",
        "id": AID_ID,
        "meta": {"lastUpdated": OPENED},
        "status": "current",
        "docStatus": "final",
        "category": [codes.CATEGORIES["samvalg"]],
        "date": OPENED,
        "author": [ORGANISATION],
        "custodian": ORGANISATION,
        "description": texts.aid_title,
        "content": [{"attachment": attachment(file, data, texts.aid_title, 1704700800) | {"language": "nb"}}],
    }
