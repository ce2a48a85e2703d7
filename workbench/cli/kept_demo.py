"""A demo that was kept in a folder: what lies where in it, and what opens its store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from workbench import compose
from workbench.compose import Place
from workbench.config import PortalSettings, Settings
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

STORE: Final = "workbench"
PORTALS: Final = ("portal", "portal-2")
"""Where the store lies, and what each portal holds."""
NAMES: Final = ("national", "regional")
"""What two portals are called: the one that stays and the one that it takes over from."""
KEY: Final = "key"
"""File that holds the key: what it opens is made up, and a kept demo must open where there is no keyring."""
GENERATION: Final = "generation"
"""File beside it that remembers how old the kept store is."""
BASE: Final = "http://127.0.0.1/fhir"
"""Where a demo's portals lie: on this machine, at another port each time, which tells no two of them apart."""


def names(portals: int) -> tuple[str, ...]:
    """What a demo's portals are called, by how many there are."""
    return ("demo",) if portals == 1 else NAMES


def kept_place(folder: Path, *, accept_older: bool = False) -> Place:
    """The store in a kept folder.

    Args:
        folder: The one that `--keep` named.
        accept_older: The user has said that an older store than the one last used is to be used.
    """
    from workbench.store.witness import FileWitness

    return Place(
        folder / STORE,
        lambda _folder: _kept_key(folder / KEY),
        lambda _folder: None,
        lambda _folder: FileWitness(folder / GENERATION),
        accept_older,
        "workbench demo --keep --accept-older",
    )


def kept_demo(folder: Path, settings: Settings) -> tuple[Place, Settings]:
    """The store of a demo that was kept, and the settings that it was shown with.

    Raises:
        Failure: The folder holds none.
    """
    folder = folder.expanduser().absolute()
    place = kept_place(folder)
    if not compose.there(place):
        where = visible(str(folder), one_line=True)
        raise Failure(
            _("No demo was kept in {folder}: give --demo the folder of --keep.").format(folder=where), Exit.USAGE
        )
    many = sum((folder / portal).exists() for portal in PORTALS)
    portals = tuple(PortalSettings(name, BASE) for name in names(many))
    return place, replace(settings, portals=portals, profile="demo")


def _kept_key(file: Path) -> bytes:
    if not file.exists():
        from workbench.store.disk import write_whole
        from workbench.store.errors import Full
        from workbench.store.keys import throwaway

        try:
            write_whole(file, throwaway())
        except OSError as error:
            raise Full(f"it cannot be written ({error.strerror})", file) from error
    return file.read_bytes()
