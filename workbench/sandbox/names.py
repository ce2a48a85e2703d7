"""Names of made-up people, by background, and places of made-up addresses (`texts/names.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Background:
    """First names and family names that go together."""

    spoken: str
    """`nb`, `nn`, `se`, or `abroad`."""
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Everything people are called and where they live."""

    backgrounds: tuple[Background, ...]
    """Each as often as its weight: pick any."""
    bokmaal: Background
    nynorsk: Background
    abroad: tuple[Background, ...]
    shared: tuple[tuple[bool, str, str], ...]
    """Names that several patients share: female, given, family."""
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """Postal code and city."""


def load(name: str) -> dict[str, Any]:
    """Return the parsed text file `name` of the package `texts`."""
    return tomllib.loads((files("workbench.sandbox.texts") / name).read_text(encoding="utf-8"))


@cache
def names() -> Names:
    """Return all names, read once."""
    data = load("names.toml")
    weighted = [(_background(entry), int(entry["weight"])) for entry in data["background"]]
    by_language = {background.spoken: background for background, _ in weighted}
    return Names(
        backgrounds=tuple(background for background, weight in weighted for _ in range(weight)),
        bokmaal=by_language["nb"],
        nynorsk=by_language["nn"],
        abroad=tuple(background for background, _ in weighted if background.spoken == "abroad"),
        shared=tuple((entry["female"], entry["given"], entry["family"]) for entry in data["shared"]),
        streets=tuple(data["addresses"]["streets"]),
        places=tuple((code, city) for code, city in data["addresses"]["places"]),
    )


def _background(entry: dict[str, Any]) -> Background:
    return Background(entry["spoken"], tuple(entry["female"]), tuple(entry["male"]), tuple(entry["family"]))
