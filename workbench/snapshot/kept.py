"""Pictures on disk: one file a scene and format, in one folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.snapshot.svg import svg

if TYPE_CHECKING:
    from workbench.snapshot.picture import Picture

FORMATS: Final = ("svg", "png", "txt")
COMPARED: Final = ("txt", "svg")
"""What two sets are compared by; a PNG depends on the machine's fonts."""


def keep(folder: Path, name: str, picture: Picture, formats: Iterable[str]) -> None:
    """Writes a scene's files; the folder is made when it is not there.

    Raises:
        Failure: The disk does not take them.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for form in formats:
            (folder / f"{name}.{form}").write_bytes(rendered(picture, form))
    except OSError as error:
        raise Failure(
            _("{folder} cannot be written ({reason}): choose another folder with --out.").format(
                folder=folder, reason=error.strerror
            ),
            Exit.FAILED,
        ) from error


def rendered(picture: Picture, form: str) -> bytes:
    """A picture in one of `FORMATS`."""
    if form == "png":
        from workbench.snapshot.png import png

        return png(picture)
    return (svg(picture) if form == "svg" else picture.text).encode()


def kept(folder: Path) -> dict[str, dict[str, str]]:
    """What a folder holds, by scene and then by format; what is compared only.

    Raises:
        Failure: There is no such folder, or nothing in it, or it cannot be read.
    """
    found: dict[str, dict[str, str]] = {}
    try:
        for file in sorted(folder.iterdir()):
            if file.suffix[1:] in COMPARED:
                found.setdefault(file.stem, {})[file.suffix[1:]] = file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise Failure(
            _(
                "The kept pictures in {folder} cannot be read ({reason}): make them with “workbench snapshot take”."
            ).format(folder=folder, reason=error.strerror)
        ) from error
    if not found:
        raise Failure(
            _("There are no kept pictures in {folder}: make them with “workbench snapshot take”.").format(folder=folder)
        )
    return found
