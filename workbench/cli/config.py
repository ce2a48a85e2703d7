"""`workbench config`: where the configuration is, whether it is right, and what it can hold."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from workbench import paths
from workbench.config import load
from workbench.flag_rules import load_rules
from workbench.language import _, ngettext
from workbench.views import Views

EXAMPLE = Path(__file__).parents[1] / "example.toml"


def run(options: Namespace) -> int:
    """Prints what was asked for; a configuration that is wrong ends with its own exit code."""
    file = paths.configuration_file()
    if options.what == "path":
        print(file)
    elif options.what == "example":
        print(EXAMPLE.read_text(encoding="utf-8"), end="")
    else:
        _check(file)
    return 0


def _check(file: Path) -> None:
    settings = load(file)
    shared = Path(settings.views) if settings.views else None
    for failure in Views(paths.views_folder(), shared).check():
        raise failure
    if settings.red_flags:
        load_rules(Path(settings.red_flags))
    if not file.exists():
        print(_("{file} is not there yet: workbench asks for a portal and writes it.").format(file=file))
        return
    number = len(settings.portals)
    print(
        ngettext("{file} is right: {number} portal.", "{file} is right: {number} portals.", number).format(
            file=file, number=number
        )
    )
    for portal in settings.portals:
        print(f"  {portal.name}  {portal.base}  {portal.as_}".rstrip())
