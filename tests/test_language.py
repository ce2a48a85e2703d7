"""Every word on screen comes from a catalogue, and every catalogue has every word."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.numbers import format_decimal

from tests.catalogues import Forms, forms_of, held, marked, messages, path_of, refreshed, trees
from widgets.key_line import key_line
from widgets.words import QUEUES, age_word, deadline_word, queue_word, short_day
from workbench import language
from workbench.command import INBOX, WRITING
from workbench.commands import hints
from workbench.dialogue.office import Office
from workbench.public_holidays import is_holiday

NOT_ON_SCREEN = ("workbench/sandbox", "workbench/store", "workbench/sync", "workbench/dialogue")
FIRST, ALL = slice(1), slice(None)
SINKS = {
    **dict.fromkeys(("Content", "Static", "Label", "Option", "SearchLine", "TextInput", "Input"), FIRST),
    **dict.fromkeys(("notify", "say", "report", "styled", "update", "clear", "Failure", "input"), FIRST),
    **dict.fromkeys(("assemble", "Ask", "AskText", "Choose", "print"), ALL),
    **dict.fromkeys(("Part", "_Part"), slice(1, 2)),
    "Choice": slice(1, 3),
    "SystemCommand": slice(2),
}
"""Calls whose arguments end on the screen, with the places of those that do."""
NAMED = {"placeholder", "tooltip", "help", "description", "metavar", "title", "prompt"}
"""Keyword arguments that end there, whatever is called."""
SHOWN = {"border_title", "border_subtitle", "placeholder", "tooltip", "title", "sub_title"}
"""Attributes that end there when they are set."""
SAME_EVERYWHERE = {"enter", "esc", "tab", "workbench", "Python", "FHIR", "ISO", "URL", "Practitioner", "ID"}
"""Names of keys, of programs and of what stands on the wire."""


def fields(text: str) -> set[tuple[str, str | None]]:
    percent = {(found, None) for found in re.findall(r"%(?:\(\w+\))?[a-z]", text)}
    return percent | {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name}


def wrong_in(code: str) -> Iterator[str]:
    for forms in messages():
        entry = held(code).get(forms[0])
        words = forms_of(entry.string) if entry is not None and forms_of(entry.id) == forms else ()
        if entry is None or len(words) != len(forms):
            yield f"missing: {forms}"
        elif entry.fuzzy:
            yield f"unsure: {forms}"
        elif any(fields(word) != fields(forms[-1]) for word in words):
            yield f"other fields: {forms}"
        elif any(
            (word[:1].isspace(), word[-1:].isspace()) != (forms[-1][:1].isspace(), forms[-1][-1:].isspace())
            for word in words
        ):
            yield f"other blanks at the ends: {forms}"


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_catalogue_is_complete(code: str) -> None:
    assert not sorted(wrong_in(code))


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_catalogue_holds_nothing_unused(code: str) -> None:
    assert not {forms_of(entry.id) for entry in held(code) if entry.id} - messages()


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_refreshing_the_catalogues_changes_nothing(code: str) -> None:
    text, missing = refreshed(code)
    assert not missing
    assert path_of(code).read_text(encoding="utf-8") == text, "run python -m tests.catalogues"
    assert "@" not in text


def test_one_word_is_one_message() -> None:
    """Catalogues know a message by its singular, so it must not stand alone in one place and counted in another."""
    singulars = [forms[0] for forms in messages()]
    assert len(singulars) == len(set(singulars))


def test_the_two_written_languages_differ() -> None:
    def translated(code: str) -> dict[Forms, Forms]:
        return {forms_of(entry.id): forms_of(entry.string) for entry in held(code) if entry.id}

    bokmål, nynorsk = translated("nb"), translated("nn")
    assert sum(bokmål[forms] != nynorsk[forms] for forms in bokmål) > len(bokmål) / 2
    wrong = re.compile(r"\b(ikke|jeg|hva|hvem|hvor|noen|noe|fra|bare|være|gjøre|hun|dere|mye|selv|ennå|nå)\b", re.I)
    assert not [words for words in nynorsk.values() if wrong.search(" ".join(words))]
    wrong = re.compile(r"\b(ikkje|eg|kva|kven|kvar|nokon|noko|frå|berre|vere|gjere|mykje|sjølv|enno|no)\b", re.I)
    assert not [words for words in bokmål.values() if wrong.search(" ".join(words))]


# -- no word is hard-coded


def literals(node: ast.expr) -> Iterator[str]:
    """What a node says by itself, in whichever branch."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts) | ast.List(elts=parts):
            for part in parts:
                yield from literals(part)
        case ast.FormattedValue(value=part) | ast.Starred(value=part) | ast.ListComp(elt=part):
            yield from literals(part)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from literals(one)
            yield from literals(other)
        case ast.Tuple(elts=[text, *_style]):
            yield from literals(text)
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "upper" | "lower" | "join")):
            yield from literals(text)


def shown(node: ast.AST) -> list[ast.expr]:
    """The parts of a node that end on the screen."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords):
            named = [keyword.value for keyword in keywords if keyword.arg in NAMED]
            return [*args[SINKS[name]], *named] if name in SINKS else named
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in SHOWN:
            return [value]
        case ast.AnnAssign(target=ast.Attribute(attr=name), value=ast.expr() as value) if name in SHOWN:
            return [value]
    return []


def bare_words(tree: ast.AST) -> list[tuple[int, str]]:
    """Literals with words in them that go straight to the screen, untranslated."""
    found = [(part.lineno, text) for node in ast.walk(tree) for part in shown(node) for text in literals(part)]
    return [(line, text) for line, text in found if set(re.findall(r"[^\W\d_]{2,}", text)) - SAME_EVERYWHERE]


def test_no_word_is_hard_coded() -> None:
    places = {place: tree for place, tree in trees().items() if not place.startswith(NOT_ON_SCREEN)}
    assert not [f"{place}:{line}: {text!r}" for place, tree in places.items() for line, text in bare_words(tree)]


@pytest.mark.parametrize(
    "source",
    [
        'notify("Sent")',
        'Static(f"Sent {x}")',
        'self.notify(_("Gone") if gone else "Sent")',
        'box.border_title = Content("Sent")',
        'self.border_title = "Sent"',
        'self.border_subtitle: str = f"{n} sent"',
        'TextInput(placeholder="Sent to")',
        'options.add_option(Option(f"{name} sent"))',
        'reporter.say(who + " sent")',
        'Content.assemble(name, ("sent", "bold"))',
        'Content.styled("Sent {n}".format(n=1), "bold")',
        'Ask(title, body, _("send"), "go back")',
        'add("name", help="what it is")',
        'Failure(name or "Nothing was sent.")',
    ],
)
def test_the_check_finds_a_hard_coded_word(source: str) -> None:
    assert bare_words(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        'notify(_("Sent"))',
        'Content.assemble(name, (sent, "bold"))',
        'Content(f"enter {yes}")',
        'Content.styled(x, "bold")',
    ],
)
def test_the_check_lets_pass_what_is_translated(source: str) -> None:
    assert not bare_words(ast.parse(source))


def test_messages_are_found_wherever_they_stand() -> None:
    source = """f"{_('one')} {x:{_('two')}}" + N_("th" "ree") + ngettext("four", "fours", n) + _(five)"""
    assert set(marked(ast.parse(source))) == {("one",), ("two",), ("three",), ("four", "fours")}


# -- what is said


DAYS = {
    "nb": ["i dag", "i går", "i morgen", "torsdag 26.", "tirsdag 17.", "14. mars", "3. des. 2025"],
    "nn": ["i dag", "i går", "i morgon", "torsdag 26.", "tysdag 17.", "14. mars", "3. des. 2025"],
    "en": ["today", "yesterday", "tomorrow", "Thursday 26", "Tuesday 17", "14 Mar", "3 Dec 2025"],
}


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_days_as_one_says_them(code: str) -> None:
    language.use(code)
    today = date(2026, 11, 23)
    days = [today + timedelta(days=ahead) for ahead in (0, -1, 1, 3, -6)] + [date(2026, 3, 14), date(2025, 12, 3)]
    assert [language.day(when, today) for when in days] == DAYS[code]


SHORT = {
    "nb": ["nå", "59 min", "3 t", "40 d", "over frist", "frist i dag", "frist tor", "frist 14.12.", "frist 3.1.2027"],
    "nn": ["no", "59 min", "3 t", "40 d", "over frist", "frist i dag", "frist tor", "frist 14.12.", "frist 3.1.2027"],
    "en": ["now", "59 min", "3 h", "40 d", "overdue", "due today", "due Thu", "due 14/12", "due 3/1 2027"],
}


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_ages_and_deadlines_are_short(code: str) -> None:
    language.use(code)
    now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    ages = [timedelta(seconds=30), timedelta(minutes=59), timedelta(hours=3), timedelta(days=40)]
    dues = [now, now + timedelta(hours=1), now + timedelta(days=3), now + timedelta(days=21), now + timedelta(days=41)]
    said = [age_word(now - age, now) for age in ages] + [deadline_word(due, now) for due in dues]
    assert said == SHORT[code]


LONG = {
    "nb": ["over frist", "over frist 1 dag", "over frist 2 dager", "over frist 2 d", "frist i dag 15:30"],
    "nn": ["over frist", "over frist 1 dag", "over frist 2 dagar", "over frist 2 d", "frist i dag 15:30"],
    "en": ["overdue", "overdue 1 day", "overdue 2 days", "overdue 2 d", "due today 15:30"],
}
WEEK = {
    "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "nn": "måndag tysdag onsdag torsdag fredag laurdag søndag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_deadlines_where_there_is_room(code: str) -> None:
    language.use(code)
    office, now = Office(is_holiday, zone="UTC"), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    overdue = [now - timedelta(days=days) for days in (0, 3, 4)]
    said = [deadline_word(due, now, office, roomy=True) for due in overdue]
    said.append(deadline_word(overdue[2], now, office))
    said.append(deadline_word(now + timedelta(hours=1, minutes=30), now, office, roomy=True))
    assert said == LONG[code]
    days = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    assert [short_day(day, day - timedelta(days=3), whole=True) for day in days] == WEEK[code].split()


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_words_fit_where_they_stand(code: str) -> None:
    language.use(code)
    assert max(len(queue_word(name)) for name in QUEUES) <= 17
    for place in (INBOX, WRITING):
        words = hints((place,), {})
        line = key_line(words, ("?", language._("help")), 80).plain
        assert all(word in line for _key, word in words[:6])


@pytest.mark.parametrize(("code", "said"), [("nb", "12\xa0345"), ("nn", "12\xa0345"), ("en", "12,345")])
def test_counts_are_grouped(code: str, said: str) -> None:
    language.use(code)
    assert language.number(12345) == said
    assert language.number(999) == "999"


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


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_counts_are_grouped_as_the_language_groups_them(code: str) -> None:
    language.use(code)
    for count in (0, 7, 999, 1000, 12_345, 1_234_567, -4_321):
        assert language.number(count) == format_decimal(count, locale=language.BABEL[code])


def test_bokmal_spells_a_word_in_one_way() -> None:
    """Both forms are right; a reader who meets both looks for a difference."""
    words = " ".join(" ".join(forms_of(entry.string)) for entry in held("nb")).casefold()
    assert not re.search(r"\bfrem\b", words)
