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
    there = compose.there(place)
    if not place.folder.exists():
        print(_("There is nothing in {folder}.").format(folder=folder))
        return Exit.WELL
    if there:
        _refuse_unsent(place, lose=options.yes_lose_unsent)
    if not (options.yes or options.yes_lose_unsent):
        _ask(folder)
        if compose.there(place):  # while nobody answered, a window may have been opened and something written in it
            _refuse_unsent(place, lose=False)
    _remove(place, lose=options.yes_lose_unsent)
    print(_("{folder} is gone.").format(folder=folder))
    return Exit.WELL


class InUse(Failure):
    """A window is open on the store."""


def _refuse_unsent(place: Place, *, lose: bool) -> None:
    try:
        drafts, outgoing = _unsent(place)
    except InUse:
        raise
    except Failure:
        # What does not open cannot be asked; that too is lost only when one says so.
        if not lose:
            raise
        return
    if (drafts or outgoing) and not lose:
        raise Failure(
            _(
                "There are unsent things here (drafts: {drafts}, outbox: {outgoing}): "
                "send or discard them first, or lose them with --yes-lose-unsent."
            ).format(drafts=drafts, outgoing=outgoing)
        )


def _unsent(place: Place) -> tuple[int, int]:
    """How many drafts there are, and how many things in the outbox."""
    from workbench.desk.sender import Sender

    owner = str(uuid4())
    with compose.opened(place) as store:
        sender = Sender(place.folder, store.outbox)
        if not sender.acquire(owner):
            raise InUse(_("The workbench is open on this store: close it first."), Exit.STORE)
        try:
            return len(store.drafts.list()), len(store.outbox.pending())
        finally:
            sender.release(owner)


def _ask(folder: str) -> None:
    if not sys.stdin.isatty():
        raise Failure(_("Nobody can be asked here: add --yes to remove {folder}.").format(folder=folder), Exit.USAGE)
    question = _("Remove {folder} and its key? Write yes to do it: ").format(folder=folder)
    if input(question).strip().casefold() not in ("yes", _("yes")):
        raise Failure(_("Nothing was removed."))


def _remove(place: Place, *, lose: bool) -> None:
    from workbench.store.errors import StoreError

    try:
        # The key goes first: without it nothing that a half-finished removal leaves can be read.
        place.forget(place.folder)
    except StoreError as error:
        if not lose:
            raise refused(error, place.folder) from error
    try:
        shutil.rmtree(place.folder)
    except OSError as error:
        raise Failure(
            _("{folder} could not be removed ({reason}): remove it by hand.").format(
                folder=visible(str(place.folder), one_line=True), reason=error.strerror
            ),
            Exit.STORE,
        ) from error
