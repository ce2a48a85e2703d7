"""`workbench demo`: the workbench on a sandbox portal of its own, with nothing left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from workbench import compose, paths
from workbench.cli.chosen import settings_of
from workbench.cli.kept_demo import PORTALS, STORE, kept_place, names
from workbench.cli.terminal import Progress, need_terminal
from workbench.compose import Place
from workbench.config import PortalSettings, Settings
from workbench.demo import sandbox
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _, ngettext


def run(options: Namespace) -> int:
    """Starts the portal, opens the workbench on it, and ends both."""
    if options.portal or options.profile:
        raise Failure(_("“demo” starts a portal of its own: leave --portal and --profile out."), Exit.USAGE)
    settings = settings_of(options)
    need_terminal()
    kept = hasattr(options, "keep")
    with _folder(options) as folder:
        words = ngettext(
            "Starting a portal with {number} conversation …",
            "Starting a portal with {number} conversations …",
            options.conversations,
        )
        with ExitStack() as stack:
            started = [
                stack.enter_context(sandbox(_portal_options(options, folder, place), folder if kept else None))
                for place in range(options.portals)
            ]
            with Progress(words.format(number=options.conversations)):
                _load_ahead()
                bases = [portal.base() for portal in started]
            opened = _place(folder, kept=kept, accept_older=options.accept_older)
            return compose.show(opened, _acting(options, settings, bases))


def _portal_options(options: Namespace, folder: Path, place: int) -> list[str]:
    """What the first or the second portal is started with: other patients, of whom some are called alike."""
    given = {
        "--port": options.port and options.port + place,
        "--conversations": options.conversations,
        "--seed": options.seed + place,
        "--data": folder / PORTALS[place],
    }
    if not hasattr(options, "keep"):
        given["--then-remove"] = folder
    words = [str(word) for pair in given.items() for word in pair]
    words += ["--live"] if options.live else []
    return words if options.subscriptions else [*words, "--no-subscriptions"]


def _acting(options: Namespace, settings: Settings, bases: Sequence[str]) -> Settings:
    from workbench.sandbox.organisation import default_practitioner

    as_ = options.as_ or default_practitioner(options.role)
    portals = tuple(PortalSettings(name, base, as_) for name, base in zip(names(len(bases)), bases, strict=True))
    return replace(settings, portals=portals)


def _load_ahead() -> None:
    """Loads the interface while the portal makes its patients."""
    import workbench.app  # noqa: F401


def _place(folder: Path, *, kept: bool, accept_older: bool) -> Place:
    from workbench.store.keys import throwaway

    if kept:
        return kept_place(folder, accept_older=accept_older)
    return Place(folder / STORE, lambda _folder: throwaway(), lambda _folder: None)


def _kept_folder(given: Path) -> Path:
    folder = given.expanduser().absolute()
    with suppress(Failure):
        paths.private_folder(folder)
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise Failure(
            _("{folder} is no folder that can be written in: choose another with --keep.").format(
                folder=visible(str(folder), one_line=True)
            ),
            Exit.USAGE,
        )
    return folder


@contextmanager
def _folder(options: Namespace) -> Iterator[Path]:
    """Where the demo lives: a folder that goes away at the end, or one that is kept."""
    kept = hasattr(options, "keep")
    chosen = options.keep if kept else None
    folder = _kept_folder(chosen) if chosen else Path(tempfile.mkdtemp(prefix="workbench-demo-"))
    try:
        yield folder
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    if kept:
        where = visible(str(folder), one_line=True)
        print(_("Kept in {folder}; go on with: workbench demo --keep {folder}").format(folder=where))
