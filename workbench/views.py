"""Saved views: a name and a search line each, in a file of its own that a person can read and edit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench import paths
from workbench.dialogue.clean import visible
from workbench.dialogue.fold import fold
from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.strict_toml import quoted, read
from workbench.whole_file import write_whole

ENDING: Final = ".toml"
LONGEST: Final = 40
"""Characters of a name: what a file's name can hold anywhere, and a side bar nearly."""
MOST: Final = 100
"""Views of a folder that are read; a hundred are more than anybody looks through."""


@dataclass(frozen=True, slots=True)
class View:
    """A search somebody keeps."""

    name: str
    search: str
    """As it is typed in the search line."""
    shared: bool = False
    """Everybody at the site has it."""


class Taken(Failure):
    """There is another view where one is to be saved: it goes only when that is asked for."""

    def __init__(self, view: View) -> None:
        super().__init__(
            _("There is a view called {name} already: give this one another name.").format(
                name=visible(view.name, one_line=True)
            )
        )
        self.view = view
        """The one that is there."""


class Views:
    """The views of a user: one folder of their own, and one they share with others where the site has set one."""

    def __init__(self, own: Path, shared: Path | None = None) -> None:
        self._own, self._shared = own, shared

    @property
    def can_share(self) -> bool:
        """Whether the site has set a folder that everybody reads."""
        return self._shared is not None

    def all(self) -> tuple[View, ...]:
        """Every view by its name, shared ones first; a file that cannot be understood is left out.

        `check` says which those are.
        """
        found: dict[str, View] = {}
        for file, shared in self._files():
            try:
                view = _read(file, shared=shared)
            except Failure:
                continue
            found.setdefault(view.name, view)
        return tuple(found.values())

    def check(self) -> tuple[Failure, ...]:
        """What is wrong with files of views, a sentence each."""
        wrong = []
        for file, shared in self._files():
            try:
                _read(file, shared=shared)
            except Failure as failure:
                wrong.append(failure)
        return tuple(wrong)

    def save(self, view: View, replaces: View | None = None) -> None:
        """Writes a view, whole or not at all.

        Args:
            view: What to keep.
            replaces: The view that may go for it; None for none.

        Raises:
            Taken: Another view has its file or its name; that one is untouched.
            Failure: It has no name, cannot be written, or would hide a view of the other folder, or be hidden by it.
        """
        if not stem(view.name):
            raise Failure(_("A view needs a name of letters or digits: give it one."), Exit.USAGE)
        file = self._place(view)
        self._refuse_taken(view, file, replaces)
        text = f"name = {quoted(view.name)}\nsearch = {quoted(view.search)}\n"
        try:
            if view.shared:
                file.parent.mkdir(parents=True, exist_ok=True)
            else:
                paths.private_folder(file.parent)
            write_whole(file, text)
            if view.shared:
                file.chmod(0o644)
        except OSError as error:
            raise _unwritable(file.parent, error) from error

    def remove(self, view: View) -> None:
        """Deletes a view's file.

        Raises:
            Failure: It cannot be deleted.
        """
        folder = self._folder(view)
        try:
            for file in _toml(folder):
                if _named(file, view):
                    file.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def _place(self, view: View) -> Path:
        """The file of a view: the one that holds its name already, as people name files as they like."""
        folder = self._folder(view)
        return next((file for file in _toml(folder) if _named(file, view)), folder / (stem(view.name) + ENDING))

    def _refuse_taken(self, view: View, file: Path, replaces: View | None) -> None:
        there = _there(file, shared=view.shared)
        if there is not None and there not in (view, replaces):
            raise Taken(there)
        for other in self.all():
            if other.name == view.name and other.shared != view.shared and other.search != view.search:
                raise Failure(str(Taken(other)))  # the one in this folder would be hidden, or hide the other

    def _folder(self, view: View) -> Path:
        return self._shared if view.shared and self._shared is not None else self._own

    def _files(self) -> Sequence[tuple[Path, bool]]:
        shared = [(file, True) for file in _toml(self._shared)] if self._shared else []
        return [*shared, *((file, False) for file in _toml(self._own))]


def stem(name: str) -> str:
    """A view's name as the name of a file on any platform: small letters, digits and hyphens."""
    bare = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:LONGEST]


def _toml(folder: Path) -> list[Path]:
    try:
        hidden = "."  # as what is still being written begins, or was when the machine died
        found = (each for each in folder.iterdir() if each.suffix == ENDING and not each.name.startswith(hidden))
        return sorted(found)[:MOST]
    except OSError:
        return []  # it is not there yet, or not now


def _named(file: Path, view: View) -> bool:
    try:
        return _read(file, shared=view.shared).name == view.name
    except Failure:
        return False


def _there(file: Path, *, shared: bool) -> View | None:
    """What a file holds; one that cannot be understood is a view of that name all the same, as somebody wrote it."""
    if not file.exists():
        return None
    try:
        return _read(file, shared=shared)
    except Failure:
        return View(file.name, "", shared)


def _read(file: Path, *, shared: bool) -> View:
    top = read(file)
    if top is None:
        raise Failure(_("{file} has gone.").format(file=visible(str(file), one_line=True)), Exit.CONFIGURATION)
    top.only("name", "search")
    name = " ".join(top.string("name").split())
    if not stem(name) or len(name) > LONGEST:
        raise top.refuse("name", _("“name” must be 1 to {most} characters.").format(most=LONGEST))
    search = top.string("search")
    if not search.strip():
        raise top.refuse("search", _("“search” must hold what is typed in the search line."))
    return View(name, search, shared)


def _unwritable(folder: Path, error: OSError) -> Failure:
    return Failure(
        _("The view cannot be written in {folder} ({reason}): see who owns it.").format(
            folder=visible(str(folder), one_line=True), reason=error.strerror
        ),
        Exit.FAILED,
    )
