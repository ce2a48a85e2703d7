"""`workbench keys`: every key and what it does."""

from __future__ import annotations

from argparse import Namespace

from workbench.cli.chosen import settings_of
from workbench.command import PLACES
from workbench.commands import COMMANDS, key_name, table
from workbench.language import _


def run(options: Namespace) -> int:
    """Prints the keys as they are with the user's remapping, with the names that `[keys]` knows them by."""
    if options.markdown:
        print(table())
        return 0
    remapped = settings_of(options).keys
    for place, title in PLACES.items():
        print(f"\n{_(title)}")
        for command in COMMANDS:
            if command.place == place:
                keys = remapped[command.id].split(",") if command.id in remapped else command.keys
                shown = ", ".join(key_name(key) for key in keys)
                print(f"  {shown:<18} {command.id:<18} {_(command.help)}")
    return 0
