"""Every word on screen comes from a catalogue, and every catalogue has every word."""

import ast
import string
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from workbench import language

ROOT = Path(__file__).parents[1]
ROOMS = ("workbench", "screens", "widgets")
NOT_ON_SCREEN = (
    "workbench/sandbox",
    "workbench/store",
    "workbench/sync",
    "workbench/dialogue",
    "workbench/language.py",
)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
SINKS = {"Content", "Static", "notify", "styled", "say", "Label", "Option", "update", "TextInput", "SearchLine"}
"""Calls whose string argument ends on the screen."""


def messages() -> set[str | tuple[str, str]]:
    found: set[str | tuple[str, str]] = set()
    for room in ROOMS:
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, [("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else (message[0], message[1]))
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_catalogue_is_complete(code: str) -> None:
    with (language.FOLDER / code / "LC_MESSAGES" / "workbench.po").open("rb") as file:
        catalogue = read_po(file, locale=language.BABEL[code])
    wrong = []
    for message in messages():
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        words = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string)
        sources = [message] if isinstance(message, str) else list(message)
        if not words or not all(words):
            wrong.append(f"missing: {message!r}")
        elif entry is not None and entry.fuzzy:
            wrong.append(f"unsure: {message!r}")
        elif any(fields(word) != fields(sources[-1]) for word in words):
            wrong.append(f"other fields: {message!r}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_catalogue_holds_nothing_unused(code: str) -> None:
    with (language.FOLDER / code / "LC_MESSAGES" / "workbench.po").open("rb") as file:
        catalogue = read_po(file)
    used = {m if isinstance(m, str) else m[0] for m in messages()}
    held = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id}
    assert not held - used


def bare_words(source: str) -> list[tuple[int, str]]:
    """Literals with words in them that go straight to a sink, untranslated."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SINKS and node.args:
            for literal in literals(node.args[0]):
                if sum(c.isalpha() for c in literal) > 2:
                    found.append((node.lineno, literal))
    return found


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return []


def test_no_word_is_hard_coded() -> None:
    found = []
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            place = file.relative_to(ROOT).as_posix()
            if not place.startswith(NOT_ON_SCREEN):
                found += [f"{place}:{line}: {text!r}" for line, text in bare_words(file.read_text())]
    # "enter" and "esc" are names of keys
    assert not [f for f in found if "enter " not in f and "esc " not in f]


def test_the_check_finds_a_hard_coded_word() -> None:
    assert bare_words('notify("Sent")')
    assert bare_words('Static(f"Sent {x}")')
    assert not bare_words('notify(_("Sent"))')


def test_days_and_times_in_each_language() -> None:
    today = date(2026, 11, 23)
    now = datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=1)))
    said = {}
    for code in language.LANGUAGES:
        language.use(code)
        said[code] = (language.day(today, today), language.ago(now - timedelta(hours=3), now), language.number(12345))
    assert said["nb"] == ("i dag", "3 t", "12\xa0345")
    assert said["en"] == ("today", "3h", "12,345")
    assert said["nn"][0] == "i dag"


def test_birth_dates_stay_as_written_when_partial() -> None:
    language.use("nb")
    assert language.birth("1979-03-12") == "12.03.1979"
    assert language.birth("1979-03") == "1979-03"
    assert language.birth("tull") == "tull"


@pytest.mark.parametrize(
    ("environment", "code"),
    [({"LANG": "nn_NO.UTF-8"}, "nn"), ({"LC_ALL": "en_GB", "LANG": "nb_NO"}, "en"), ({"LANG": "C"}, "nb"), ({}, "nb")],
)
def test_language_of_the_environment(environment: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language.from_environment() == code


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language"):
        language.use("xx")
