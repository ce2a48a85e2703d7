"""Why a store cannot be opened or used, in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from widgets.problems import sentence
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import N_, _

if TYPE_CHECKING:
    from workbench.store.errors import StoreError

OPENING: Final = {
    "newer-version": N_("The store was made by a newer version of this program: update the program."),
    "unsafe": N_(
        "The store, or its folder, is a link or belongs to somebody else: nothing was opened; see who put it there."
    ),
    "full": N_(
        "The disk is full or cannot be written: make room on it, or see who owns the folder; what was saved is kept."
    ),
    "damaged": N_(
        "The store is damaged and was left as it is: put a copy of it back, or remove it with "
        "workbench wipe --yes-lose-unsent."
    ),
    "wrong-key": N_(
        "The store does not open with the key that is kept for it, and was left as it is: put a copy of it back."
    ),
    "older": N_(
        "This store is older than the one last used here, so what waits in it may have been sent: put the newer one "
        "back, or accept this one with {command}; nothing was changed."
    ),
    "missing": N_(
        "The store last used here is gone: put it back, or begin a new one with {command}; nothing was changed."
    ),
}
"""What keeps a store from being used, by the word of the error, where the screen's own sentence does not fit."""
KEYRING: Final = {
    "absent": N_(
        "This machine has no keyring to keep the store's key in: install one, or open the workbench with --throwaway, "
        "which keeps nothing."
    ),
    "refused": N_(
        "The keyring here does not encrypt, so no key is kept in it: choose another, or open the workbench with "
        "--throwaway, which keeps nothing."
    ),
    "locked": N_("The keyring is locked: unlock it and start again."),
    "slow": N_("The keyring does not answer: see whether it waits for your password, and start again."),
    "failed": N_("The keyring failed to keep or give the store's key: see whether it works for other programs."),
    "key-missing": N_(
        "The key of this store is not in the keyring, and without it the store cannot be read: "
        "sign in to the keyring it was made with; nothing was changed."
    ),
}
"""Why there is no key, by the reason of the error."""


def refused(error: StoreError, folder: Path, accept_with: str = "") -> Failure:
    """The failure for a store that does not open, fails in use, or does not lose its key.

    Args:
        error: What the store said.
        folder: Where the store is, named when the error names no file.
        accept_with: The command that accepts an older store.
    """
    why = KEYRING.get(getattr(error, "reason", ""))
    where = visible(str(error.path or folder), one_line=True)
    return Failure(f"{where}: {_(why) if why else store_words(error.word, accept_with)}", Exit.STORE)


def store_words(word: str, accept_with: str = "") -> str:
    """What went wrong with a store, where nothing is on a screen."""
    known = OPENING.get(word)
    return _(known).format(command=accept_with) if known else sentence(word)
