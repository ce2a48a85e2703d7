"""What an empty list says of itself."""

from __future__ import annotations

from workbench.dialogue.status import Connection, Status
from workbench.language import _


def empty_words(status: Status, *, searched: bool) -> str:
    """Why a list holds nothing: because there is nothing, or because nothing has been fetched yet."""
    if any(portal.data_from for portal in status.portals):
        return _("Nothing was found") if searched else _("Nothing lies here now")
    if any(portal.connection in (Connection.CONNECTING, Connection.SYNCING) for portal in status.portals):
        return _("Fetching the conversations …")
    return _("Nothing has been fetched yet")
