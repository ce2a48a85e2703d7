"""What a patient is told at once: that the message has come, and by which day it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Formatter
from types import MappingProxyType
from typing import Final

from workbench.dialogue.office import Office

BY: Final = "by"
"""The one placeholder: the day by which an answer comes, in words."""
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nb": "Vi har fått meldingen din og svarer senest {by}. Blir det verre, ring oss eller legevakten på 116117. "
        "Er det akutt, ring 113.",
        "nn": "Vi har fått meldinga di og svarar seinast {by}. Blir det verre, ring oss eller legevakta på 116117. "
        "Er det akutt, ring 113.",
        "en": "We have received your message and will answer by {by}. If it gets worse, call us or the out-of-hours "
        "service on 116117. In an emergency, call 113.",
    }
)
"""By language. It gets worse, not you: a parent or a child may have written for the patient."""
WEEKDAYS: Final = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
NORWEGIAN: Final = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
MONTHS: Final = {
    "nb": NORWEGIAN,
    "nn": NORWEGIAN,
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
"""Here, and not from a library: the words of a day are the patient's language, whichever is on the screen."""


@dataclass(frozen=True, slots=True)
class ReceiptTexts:
    """What an office tells its patients, each text with the placeholder `{by}`."""

    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    """By language; all three."""
    default: str = "nb"
    """The language for patients of whom none of the three is known."""


def receipt(patient_language: str, due: datetime, now: datetime, office: Office, texts: ReceiptTexts) -> str | None:
    """The words of a receipt.

    Args:
        patient_language: `Patient.language`.
        due: When the answer is due, aware.
        now: When it is sent, aware.
        office: On whose calendar both are told.
        texts: What the office tells.

    Returns:
        Plain text; None when the deadline has passed, as then there is no day to promise.
    """
    if due <= now:
        return None
    language = language_for(patient_language, texts.default)
    by = day_in_words(office.local(due).date(), office.local(now).date(), language)
    return texts.texts[language].format(by=by)


def language_for(tag: str, default: str) -> str:
    """Which of the three languages somebody is written to in.

    Args:
        tag: BCP 47 tag of the language preferred, as the portal wrote it; empty when unknown.
        default: The office's own, for all other languages. Mere Norwegian, `no`, is bokmål unless that is nynorsk.
    """
    first = tag.replace("_", "-").partition("-")[0].strip().lower()
    first = {"nob": "nb", "nno": "nn", "eng": "en", "nor": "no"}.get(first, first)
    if first == "no":
        return default if default in ("nb", "nn") else "nb"
    return first if first in TEXTS else default


def day_in_words(day: date, today: date, language: str) -> str:
    """A day as `torsdag 12. juni`, with the year when it is not this one.

    Args:
        day: The day.
        today: The day it is read.
        language: One of the three.
    """
    number = f"{day.day}" if language == "en" else f"{day.day}."
    words = f"{WEEKDAYS[language][day.weekday()]} {number} {MONTHS[language][day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def placeholders(template: str) -> frozenset[str]:
    """All that stands in curly brackets in a text, as it was written there.

    Raises:
        ValueError: A bracket stands alone.
    """
    return frozenset(
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _text, name, form, conversion in Formatter().parse(template)
        if name is not None
    )
