"""A receipt: the patient's own language, a day that can be kept, and nothing else filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from workbench.dialogue.office import Office
from workbench.dialogue.receipt import TEXTS, ReceiptTexts, day_in_words, language_for, placeholders, receipt
from workbench.language import BABEL, LANGUAGES
from workbench.public_holidays import is_holiday

OFFICE = Office(is_holiday)
OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2025, 6, 5, 12, 0, tzinfo=OSLO)
DUE = datetime(2025, 6, 12, 15, 30, tzinfo=OSLO)
SAID = {
    "nb": "Vi har fått meldingen din og svarer senest torsdag 12. juni. Blir det verre, ring oss eller legevakten på "
    "116117. Er det akutt, ring 113.",
    "nn": "Vi har fått meldinga di og svarar seinast torsdag 12. juni. Blir det verre, ring oss eller legevakta på "
    "116117. Er det akutt, ring 113.",
    "en": "We have received your message and will answer by Thursday 12 June. If it gets worse, call us or the "
    "out-of-hours service on 116117. In an emergency, call 113.",
}


def said(language: str, due: datetime = DUE, now: datetime = NOW) -> str | None:
    return receipt(language, due, now, OFFICE, ReceiptTexts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_receipt(language: str) -> None:
    assert said(language) == SAID[language]


def test_every_language_of_the_program_has_a_text_with_a_day_in_it() -> None:
    assert set(TEXTS) == set(LANGUAGES)
    for text in TEXTS.values():
        assert placeholders(text) == {"by"}


def test_the_year_is_told_when_it_is_another() -> None:
    due, now = datetime(2027, 1, 4, 15, 30, tzinfo=OSLO), datetime(2026, 12, 28, 12, 0, tzinfo=OSLO)
    assert "senest mandag 4. januar 2027." in (said("nb", due, now) or "")
    assert "senest mandag 4. januar." in (said("nb", due, due - timedelta(days=1)) or "")


def test_days_are_told_on_the_office_s_calendar() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert "fredag 1. januar." in (said("nb", late, late - timedelta(minutes=5)) or "")
    assert "fredag 1. januar 2027." in (said("nb", late, late - timedelta(hours=2)) or "")


@pytest.mark.parametrize("before", [timedelta(), timedelta(seconds=1), timedelta(days=400)])
def test_no_day_is_promised_that_has_passed(before: timedelta) -> None:
    assert said("nb", NOW - before) is None
    assert said("nb", NOW + timedelta(seconds=1)) is not None


@pytest.mark.parametrize(
    ("tag", "default", "language"),
    [
        ("nb", "nn", "nb"), ("nb-NO", "nn", "nb"), ("NN_no", "nb", "nn"), ("en-GB", "nb", "en"), ("nno", "nb", "nn"),
        ("no", "nn", "nn"), ("no-NO", "nb", "nb"), ("no", "en", "nb"), ("nor", "nn", "nn"),
        ("", "nn", "nn"), ("pl", "en", "en"), ("se-NO", "nb", "nb"), ("english", "nb", "nb"), ("\x1b[2J", "nb", "nb"),
    ],
)  # fmt: skip
def test_the_patient_s_language_else_the_office_s(tag: str, default: str, language: str) -> None:
    assert language_for(tag, default) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_a_year_is_called_as_babel_calls_it(language: str) -> None:
    digits = "d" if language == "en" else "d."
    for day in (date(2028, 1, 1) + timedelta(days=n) for n in range(366)):
        short = format_date(day, f"EEEE {digits} MMMM", locale=BABEL[language])
        assert day_in_words(day, date(2028, 6, 1), language) == short
        assert day_in_words(day, date(2027, 6, 1), language) == f"{short} 2028"


def test_a_text_of_one_s_own_says_what_it_says() -> None:
    texts = ReceiptTexts({**TEXTS, "nn": "Svar {by} {{ikkje {{by}}}}\n{by}"})
    assert receipt("nn", DUE, NOW, OFFICE, texts) == "Svar torsdag 12. juni {ikkje {by}}\ntorsdag 12. juni"


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("", set()), ("{{by}}", set()), ("{by}", {"by"}), ("{by} {by}", {"by"}), ("{}", {""}), ("{0}", {"0"}),
        ("{by!r}", {"by!r"}), ("{by:>9}", {"by:>9"}), ("{by.year}", {"by.year"}), ("{ by }", {" by "}),
    ],
)  # fmt: skip
def test_placeholders_are_found_as_they_are_written(template: str, found: set[str]) -> None:
    assert placeholders(template) == found


@pytest.mark.parametrize("template", ["{", "}", "{by", "by}", "{by}}"])
def test_a_bracket_alone_is_found(template: str) -> None:
    with pytest.raises(ValueError, match=r"[}{]"):
        placeholders(template)
