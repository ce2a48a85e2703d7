"""What a verb set is said wherever it is told of, in every language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.hostile import commanding, hostile
from widgets.change_words import change_words
from workbench import language
from workbench.dialogue.work import TURNS, Change, Priority, State, Verb

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 28, 14, 2, tzinfo=OSLO)
THURSDAY = datetime(2026, 12, 3, 7, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            Change(Verb.NEXT, state=State.WAITING_COLLEAGUE),
            ("next action: waiting for a colleague", "neste handling: venter på kollega", "neste handling: ventar på "),
        ),
        (Change(Verb.NEXT, state=State.NEW), ("next action: ours", "neste handling: vår", "neste handling: vår")),
        (Change(Verb.NEXT, state=State.CLAIMED, back=True), ("next action: ours", "neste handling: vår", "")),
        (Change(Verb.PRIORITY, priority=Priority.URGENT), ("priority: urgent", "hastegrad: haster", "")),
        (Change(Verb.CATEGORY, category="skjema"), ("category: form", "kategori: skjema", "kategori: skjema")),
        (Change(Verb.CATEGORY, back=True), ("category: none", "kategori: ingen", "kategori: ingen")),
        (
            Change(Verb.SNOOZE, until=THURSDAY),
            (
                "snooze until Thursday 3 December 08:00",
                "utsett til torsdag 3. desember 08:00",
                "utset til torsdag 3. desember 08:00",
            ),
        ),
        (
            Change(Verb.SNOOZE),
            ("snooze until the patient writes", "utsett til pasienten skriver", "utset til pasienten skriv"),
        ),
        (Change(Verb.HAND_OVER, pool="resept"), ("hand over to Resept", "overlat til Resept", "")),
        (Change(Verb.HAND_OVER, back=True), ("release", "slipp", "slepp")),
        (Change(Verb.CLAIM, owner="Practitioner/1", owner_name="Kari"), ("claim", "ta", "ta")),
    ],
)
def test_what_was_set_is_said(change: Change, said: tuple[str, str, str]) -> None:
    for code, words in zip(("en", "nb", "nn"), said, strict=True):
        language.use(code)
        told = change_words(change.verb, change, NOW)
        assert told.startswith(words) if code == "nn" else told == words


def test_no_two_turns_priorities_or_moments_are_told_alike() -> None:
    changes = [
        *(Change(Verb.NEXT, state=state) for state in TURNS),
        *(Change(Verb.PRIORITY, priority=one) for one in Priority),
        *(Change(Verb.SNOOZE, until=until) for until in (None, THURSDAY, THURSDAY.replace(year=2027))),
    ]
    for code in language.LANGUAGES:
        language.use(code)
        assert len({change_words(change.verb, change, NOW) for change in changes}) == len(changes)


def test_what_others_wrote_commands_nothing() -> None:
    for one in hostile():
        for change in (
            Change(Verb.CATEGORY, category=one.text),
            Change(Verb.HAND_OVER, pool=one.text),
            Change(Verb.HAND_OVER, owner="Practitioner/1", owner_name=one.text),
        ):
            assert not commanding(change_words(change.verb, change, NOW)), one.id
