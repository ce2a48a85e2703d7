"""A TOML file read strictly: what is not known or not of the right kind is refused with its file and line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

HEADER = re.compile(r"\s*(\[{1,2})([^\]]+)\]")
ASSIGNMENT = re.compile(r"\s*([^=#\s][^=#]*?)\s*=")


class Table:
    """One table of the file: hands out values of the kind asked for.

    Args:
        file: The file, for messages.
        text: All of its text, in which lines are found.
        path: Where the table stands, as in `portal[1].systems`; empty for the top.
        values: What the table holds.
    """

    def __init__(self, file: Path, text: str, path: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.path = path
        self.values = values
        self._text = text

    def refuse(self, key: str, allowed: str) -> Failure:
        """The failure for a key of this table, or for the table itself when the key is empty.

        Args:
            key: The key that is wrong.
            allowed: A sentence that says what would be right.
        """
        return refusal(self.file, line_of(self._text, self._path_of(key)), allowed)

    def only(self, *known: str) -> None:
        """Refuses any key but these."""
        for key in self.values:
            if key not in known:
                allowed = _("“{key}” is not a setting here; allowed are {known}.").format(
                    key=visible(key, one_line=True), known=", ".join(known)
                )
                raise self.refuse(key, allowed)

    def string(self, key: str, default: str = "") -> str:
        """A text, or the default when the key is not there."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.refuse(
                key, _("“{key}” must be text in quotation marks.").format(key=visible(key, one_line=True))
            )
        return value

    def list_of_strings(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refuse(key, _("“{key}” must be a list of texts in quotation marks.").format(key=key))
        return tuple(value)

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of some words."""
        value = self.string(key, default)
        if value != default and value not in allowed:
            raise self.refuse(key, _("“{key}” must be one of {known}.").format(key=key, known=", ".join(allowed)))
        return value

    def number(self, key: str, least: float, most: float, default: float) -> float:
        """A number within bounds."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            bounds = _("“{key}” must be a number from {least:g} to {most:g}.").format(key=key, least=least, most=most)
            raise self.refuse(key, bounds)
        return float(value)

    def table(self, key: str) -> Table:
        """A table inside this one, empty when it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(key, _("“{key}” must be a table of settings.").format(key=visible(key, one_line=True)))
        return Table(self.file, self._text, self._path_of(key), value)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a name that may stand several times."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.refuse(key, _("“{key}” must be written [[{key}]], once for each.").format(key=key))
        for place, each in enumerate(value):
            yield Table(self.file, self._text, f"{self._path_of(key)}[{place}]", each)

    def strings(self) -> dict[str, str]:
        """All of the table as texts."""
        return {key: self.string(key) for key in self.values}

    def _path_of(self, key: str) -> str:
        return f"{self.path}.{key}".strip(".")


def read(file: Path) -> Table | None:
    """The whole file, or None when there is none.

    Raises:
        Failure: It cannot be read, is no file, is not UTF-8 or is not TOML.
    """
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise refusal(file, 0, _("it is no file; put one in its place."))  # a pipe or a device may never end
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal(
            file, 0, _("it cannot be read ({reason}); see who owns it.").format(reason=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise refusal(file, line, _("it must be UTF-8 text; save it as such.")) from error
    try:
        return Table(file, text, "", tomllib.loads(text))
    except RecursionError as error:
        raise refusal(
            file, 0, _("it is not TOML ({reason}); see workbench config example.").format(reason="nested too deep")
        ) from error
    except tomllib.TOMLDecodeError as error:
        said = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        what, number = (said[1], said[2]) if said else (str(error), None)
        line = int(number) if number else text.count("\n") + 1
        raise refusal(
            file, line, _("it is not TOML ({reason}); see workbench config example.").format(reason=visible(what))
        ) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise refusal(
            file, 0, _("it is not TOML ({reason}); see workbench config example.").format(reason=visible(str(error)))
        ) from error


def quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's, a lone DEL apart."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def refusal(file: Path, line: int, sentence: str) -> Failure:
    """The failure that names the file, the line (0: none) and what is allowed."""
    name = visible(str(file), one_line=True)
    where = _("{file}, line {line}").format(file=name, line=line) if line else name
    return Failure(f"{where}: {sentence}", Exit.CONFIGURATION)


def line_of(text: str, path: str) -> int:
    """The line, from 1, where something is set; that of the table it would stand in when it is not found.

    Args:
        text: The file.
        path: As in `portal[1].base`; empty for the file itself.
    """
    inside = path.rpartition(".")[0]
    found = 1
    for number, each in _paths(text):
        if each == path or each.startswith((f"{path}.", f"{path}[")):
            return number
        if each == inside:
            found = number
    return found


def _paths(text: str) -> Iterator[tuple[int, str]]:
    table = ""
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := HEADER.match(line):
            first, _dot, rest = _dotted(header[2]).partition(".")
            if header[1] == "[[":
                counts[first] = counts.get(first, -1) + 1
            table = f"{first}[{counts[first]}]" if first in counts else first
            table += f".{rest}" if rest else ""
            yield number, table
        elif assignment := ASSIGNMENT.match(line):
            yield number, f"{table}.{_dotted(assignment[1])}".lstrip(".")


def _dotted(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
