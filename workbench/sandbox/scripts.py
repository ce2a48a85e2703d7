"""Conversations written by hand (`texts/*.toml`): what is said, by whom, about whom, and how far it has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from typing import Any, Final

from workbench.sandbox.grammar import Template, template
from workbench.sandbox.names import load
from workbench.sandbox.people import ANYONE, Wish, Writer

FILES: Final = (
    "urgent.toml",
    "prescriptions.toml",
    "family.toml",
    "appointments.toml",
    "questions.toml",
    "nynorsk.toml",
    "office.toml",
    "english.toml",
)
"""Read a conversation from each in turn, so that the first few are of all kinds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said."""

    speaker: str
    """`patient`, or a profession."""
    text: Template
    note: bool = False
    """Said among colleagues only."""
    extra: str = ""
    """`photo:KIND`, `document:TYPE` (of the record, 9602), `aid`, or nothing."""


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation."""

    subject: Template
    category: str
    pool: str
    state: str
    """A name of `timeline.STATES`."""
    turns: tuple[Turn, ...]
    wish: Wish = ANYONE
    writer: Writer = "self"
    priority: str = "routine"
    hours: float | None = None
    """Hours since the first message; None: as the state has it."""
    who: str = ""
    """Conversations with the same word here are about the same patient."""
    owner: str = ""
    """Profession of who has taken it; nothing: as the pool has it."""
    appointment: bool = False
    """About the patient's next appointment."""


@cache
def scripts() -> tuple[Script, ...]:
    """Return all conversations written by hand, of all kinds from the start."""
    columns = [tuple(_file(name)) for name in FILES]
    return tuple(script for script in chain.from_iterable(zip_longest(*columns)) if script is not None)


def _file(name: str) -> Iterator[Script]:
    data = load(name)
    for entry in data["script"]:
        yield _script(entry, data["language"])


def _script(entry: dict[str, Any], language: str) -> Script:
    plain = {key: entry[key] for key in ("writer", "priority", "hours", "who", "owner", "appointment") if key in entry}
    return Script(
        subject=template(entry["subject"]),
        category=entry["category"],
        pool=entry["pool"],
        state=entry["state"],
        turns=tuple(_turn(*turn) for turn in entry["turns"]),
        wish=Wish(**{"language": language} | entry.get("patient", {})),
        **plain,
    )


def _turn(speaker: str, text: str, extra: str = "") -> Turn:
    note = speaker.startswith("note:")
    return Turn(speaker.removeprefix("note:"), template(text.strip()), note, extra)
