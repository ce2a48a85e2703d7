"""Where the workbench keeps things: under `WORKBENCH_HOME`, else in the platform's own folders."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

APP = "dialogue-workbench"


def configuration_file() -> Path:
    """The configuration file, which may not be there."""
    home = _home()
    if home is not None:
        return home / "config.toml"
    import platformdirs

    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def views_folder() -> Path:
    """Where a user's own saved views lie: beside the configuration; the folder may not be there."""
    return configuration_file().parent / "views"


def profile_folder(profile: str) -> Path:
    """Where the store of a profile lies; the folder may not be there."""
    home = _home()
    if home is not None:
        return home / "profiles" / profile
    import platformdirs

    return platformdirs.user_data_path(APP, appauthor=False, roaming=False) / "profiles" / profile


def profile_of(*bases: str) -> str:
    """Name of the profile for portals given on the command line: other addresses never open this one's store."""
    return "portal-" + hashlib.sha256("\n".join(sorted(bases)).encode()).hexdigest()[:16]


def private_folder(folder: Path) -> Path:
    """Makes a folder that only its owner can look into, with the folders above it.

    Raises:
        Failure: It cannot be made.
    """
    try:
        missing = [folder, *folder.parents]
        for each in reversed([path for path in missing if not path.exists()]):
            each.mkdir(mode=0o700, exist_ok=True)  # another window may make it at the same moment
    except OSError as error:
        raise _no_folder(folder, error.strerror) from error
    return folder


def _home() -> Path | None:
    home = os.environ.get("WORKBENCH_HOME", "")
    try:
        return Path(home).expanduser().absolute() if home else None
    except (OSError, RuntimeError) as error:  # the folder one stands in is gone, or nobody has that name
        reason = getattr(error, "strerror", None) or str(error)
        raise _no_folder(Path(home), reason) from error


def _no_folder(folder: Path, reason: str | None) -> Failure:
    return Failure(
        _("The folder {folder} cannot be made ({reason}): choose another one with WORKBENCH_HOME.").format(
            folder=visible(str(folder), one_line=True), reason=reason
        ),
        Exit.STORE,
    )
