"""Brings the catalogues up to date with the code: `python -m tests.catalogues`.

Every message of the code is put into `workbench/locale/<language>/LC_MESSAGES/workbench.po`, in the order of the
messages, with the translation it has; what the code no longer says goes away. What is still to be translated is
printed, and the exit code is then 1. English says what the code says, unless its catalogue says otherwise. The
compiled form is written beside each, as a start that has to compile takes a fifth of a second longer.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from workbench import language

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("workbench", "screens", "widgets")
MARKS: Final = {"_": 1, "N_": 1, "ngettext": 2}
"""Functions that mark a message, with how many of their arguments are its forms."""
HEADER: Final = """\
# The words of the clinician dialogue workbench, {name}.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
"""The same whoever writes it and whenever: no date, no name, no address."""
NAMES: Final = {"nb": "bokmål", "nn": "nynorsk", "en": "British English"}

Forms = tuple[str, ...]
"""A message: one form, or singular and plural."""


@cache
def trees() -> dict[str, ast.Module]:
    """Every file that could put a word on the screen, parsed, by its path."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_bytes()) for file in files}


@cache
def messages() -> frozenset[Forms]:
    """Every message of the code. Read from the syntax tree, which unlike a tokenizer looks into f-strings too."""
    return frozenset(forms for tree in trees().values() for forms in marked(tree))


def marked(tree: ast.AST) -> Iterator[Forms]:
    """The messages that are marked for the catalogues; a mark around anything but a literal marks nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            given = node.args[: MARKS[node.func.id]]
            texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if texts and len(texts) == len(given):
                yield tuple(texts)


def path_of(code: str) -> Path:
    """Where a language's catalogue lies."""
    return language.FOLDER / code / "LC_MESSAGES" / "workbench.po"


@cache
def held(code: str) -> Catalog:
    """A catalogue as it is on disk, empty when there is none."""
    file = path_of(code)
    return read_po(io.BytesIO(file.read_bytes() if file.exists() else b""), locale=language.BABEL[code])


def forms_of(text: object) -> Forms:
    """The forms of a catalogue's entry; none for one that is empty."""
    forms = (text,) if isinstance(text, str) else tuple(text) if isinstance(text, tuple | list) else ()
    return forms if all(forms) else ()


def refreshed(code: str) -> tuple[str, list[Forms]]:
    """A catalogue's text as the code wants it, and the messages that are not translated in it."""
    catalog, missing = Catalog(locale=language.BABEL[code]), []
    for forms in sorted(messages()):
        entry = held(code).get(forms[0])
        words = forms_of(entry.string) if entry is not None and forms_of(entry.id) == forms else ()
        if not words and code == "en":
            words = forms
        if not words:
            missing.append(forms)
        filled = words or ("",) * len(forms)
        catalog.add(forms if len(forms) > 1 else forms[0], filled if len(forms) > 1 else filled[0])
    out = io.BytesIO()
    write_po(out, catalog, omit_header=True, width=0)
    return HEADER.format(name=NAMES[code], code=code) + out.getvalue().decode(), missing


def main() -> int:
    """Writes the three catalogues, and says what they lack."""
    lacking = 0
    for code in language.LANGUAGES:
        text, missing = refreshed(code)
        path_of(code).parent.mkdir(parents=True, exist_ok=True)
        path_of(code).write_text(text, encoding="utf-8", newline="\n")
        with path_of(code).with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(io.StringIO(text), locale=language.BABEL[code]))
        for forms in missing:
            print(f"{code}: {forms[0]}")
        lacking += len(missing)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
