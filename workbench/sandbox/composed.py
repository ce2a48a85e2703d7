"""Conversations without end, put together from building blocks (`texts/themes-*.toml`)."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from workbench.sandbox.dice import Dice
from workbench.sandbox.grammar import Template, templates
from workbench.sandbox.names import load
from workbench.sandbox.people import Group, Language, Wish, Writer
from workbench.sandbox.scripts import Script, Turn

LANGUAGES: Final[tuple[Language, ...]] = ("nb", "nn", "en")
STATES: Final = (
    *["new"] * 33,
    *["overdue"] * 3,
    *["escalated"] * 1,
    *["mine"] * 11,
    *["mine-overdue"] * 1,
    *["claimed"] * 13,
    *["waiting"] * 7,
    *["mine-waiting"] * 3,
    *["asked"] * 2,
    *["answered"] * 22,
    *["mine-answered"] * 4,
)
"""A hundred conversations."""
CLINICAL: Final = ("e-konsultasjon",)
"""Categories that a clinician answers; the others are administrative, and nobody escalates them."""
PRIORITIES: Final = (*["routine"] * 80, *["urgent"] * 13, *["asap"] * 6, "stat")
"""A hundred questions for a clinician."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a kind of conversation is made of; each part is a choice of templates."""

    language: Language
    category: str
    pool: str
    group: Group
    writer: Writer
    answerer: str
    """Profession of who answers."""
    photo: str
    """Kind of picture that now and then comes with the first message; nothing: none."""
    appointment: bool
    subject: tuple[Template, ...]
    opening: tuple[Template, ...]
    more: tuple[Template, ...]
    """What the patient adds before anyone has answered."""
    question: tuple[Template, ...]
    """What staff ask."""
    reply: tuple[Template, ...]
    """What the patient says to that."""
    answer: tuple[Template, ...]
    thanks: tuple[Template, ...]
    closing: tuple[Template, ...]
    """The last word of staff."""
    note: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """All building blocks."""

    themes: tuple[Theme, ...]
    """Each as often as its weight: pick any."""
    words: dict[Language, dict[str, tuple[Template, ...]]]
    """What fills holes, by language and name of the hole."""


@cache
def blocks() -> Blocks:
    """Return the building blocks of every language, read once."""
    themes: list[Theme] = []
    words: dict[Language, dict[str, tuple[Template, ...]]] = {}
    for language in LANGUAGES:
        data = load(f"themes-{language}.toml")
        words[language] = {name: templates(options) for name, options in data["words"].items()}
        for entry in data["theme"]:
            themes += [_theme(language, entry, data["common"])] * entry["weight"]
    return Blocks(tuple(themes), words)


def _theme(language: Language, entry: dict[str, Any], common: dict[str, list[str]]) -> Theme:
    def part(name: str) -> tuple[Template, ...]:
        return templates(entry.get(name) or common[name])

    return Theme(
        language,
        entry["category"],
        entry["pool"],
        entry.get("group", "adult"),
        entry.get("writer", "self"),
        entry.get("answerer", "secretary"),
        entry.get("photo", ""),
        entry.get("appointment", False),
        *(
            part(name)
            for name in ("subject", "opening", "more", "question", "reply", "answer", "thanks", "closing", "note")
        ),
    )


def compose(theme: Theme, dice: Dice) -> Script:
    """Return a new conversation of the kind `theme`."""
    state = dice.pick(STATES)
    if state == "escalated" and theme.category not in CLINICAL:
        state = "new"
    turns = [Turn("patient", dice.pick(theme.opening), False, _photo(theme, dice))]
    chance = dice.random()
    if chance < 0.25:
        turns.append(Turn("patient", dice.pick(theme.more)))
    turns += _later(theme, state, dice)
    return Script(
        subject=dice.pick(theme.subject),
        category=theme.category,
        pool=theme.pool,
        state=state,
        turns=tuple(turns),
        wish=_wish(theme.group, theme.language),
        writer=theme.writer,
        priority=_priority(theme, state, dice),
        owner=theme.answerer,
        appointment=theme.appointment,
    )


def _later(theme: Theme, state: str, dice: Dice) -> list[Turn]:
    """Return what is said after the opening, as far as `state` has it come."""
    staff, question, reply = theme.answerer, theme.question, theme.reply
    note = Turn("secretary", dice.pick(theme.note), True)
    asked = [Turn(staff, dice.pick(question))]
    told = [*asked, Turn("patient", dice.pick(reply))]
    answered = [Turn(staff, dice.pick(theme.answer)), Turn("patient", dice.pick(theme.thanks))]
    chance = dice.random()
    match state.removeprefix("mine-"):
        case "new" | "overdue":
            return [note] if chance < 0.08 else []
        case "mine" | "claimed":
            return [note, *told] if chance < 0.15 else told if chance < 0.8 else []
        case "waiting":
            return [note, *asked] if chance < 0.2 else asked
        case "asked" | "escalated":
            return [note]
        case _ if chance < 0.55:
            return [*told, *answered[: 1 if chance < 0.2 else 2]]
        case _ if chance < 0.7:
            return [*told, note, *answered, Turn(staff, dice.pick(theme.closing))]
        case _:
            return answered[: 1 if chance < 0.8 else 2]


def _priority(theme: Theme, state: str, dice: Dice) -> str:
    """Return how much it hastens: what is administrative seldom does."""
    if state == "escalated":
        return "urgent"
    return dice.pick(PRIORITIES) if theme.category in CLINICAL else "routine"


def _photo(theme: Theme, dice: Dice) -> str:
    return f"photo:{theme.photo}" if theme.photo and dice.random() < 0.6 else ""


@cache
def _wish(group: Group, language: Language) -> Wish:
    return replace(Wish(), group=group, language=language)
