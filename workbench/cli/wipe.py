"""`workbench wipe`: removes what is kept on this machine."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from uuid import uuid4

from workbench import compose
from workbench.cli.chosen import settings_of
from workbench.compose import Place
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.refused import refused


def run(options: Namespace) -> int:
    """Removes the profile's folder and its key.

    Raises:
        Failure: Something is unsent, the workbench is open, or nobody said yes.
    """
    place = compose.place_of(settings_of(options))
    folder = visible(str(place.folder), one_line=True)
    if not place.folder.exists():
        print(_("There is nothing in {folder}.").format(folder=folder))
        return Exit.WELL
    if compose.there(place) and not options.yes_lose_unsent:
        _refuse_unsent(place)
    if not (options.yes or options.yes_lose_unsent):
        _ask(folder)
    _remove(place)
    print(_("{folder} is gone, and so is its key.").format(folder=folder))
    return Exit.WELL


def _refuse_unsent(place: Place) -> None:
    owner = str(uuid4())
    with compose.opened(place) as store:
        if not store.outbox.acquire(owner):
            raise Failure(
                _("The workbench is open on this store, or was a moment ago: close it and try again in half a minute."),
                Exit.STORE,
            )
        drafts, outgoing = len(store.drafts.list()), len(store.outbox.pending())
        store.outbox.release(owner)
    if drafts or outgoing:
        raise Failure(
            _(
                "{drafts} drafts and {outgoing} things in the outbox were never sent: "
                "send or discard them first, or lose them with --yes-lose-unsent."
            ).format(drafts=drafts, outgoing=outgoing)
        )


def _ask(folder: str) -> None:
    if not sys.stdin.isatty():
        raise Failure(_("Nobody can be asked here: add --yes to remove {folder}.").format(folder=folder), Exit.USAGE)
    question = _("Remove {folder} and its key? Write yes to do it: ").format(folder=folder)
    if input(question).strip().casefold() not in ("yes", _("yes")):
        raise Failure(_("Nothing was removed."))


def _remove(place: Place) -> None:
    from workbench.store.errors import StoreError

    try:
        # The key goes first: without it nothing that a half-finished removal leaves can be read.
        place.forget(place.folder)
        shutil.rmtree(place.folder)
    except StoreError as error:
        raise refused(error, place.folder) from error
    except OSError as error:
        raise Failure(
            _("{folder} could not be removed ({reason}): remove it by hand.").format(
                folder=visible(str(place.folder), one_line=True), reason=error.strerror
            ),
            Exit.STORE,
        ) from error
