"""`workbench outbox`: each thing on its way, without a word of what it says."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from workbench import compose
from workbench.cli.chosen import settings_of
from workbench.cli.shown import as_json, moment
from workbench.dialogue.outgoing import Outgoing, Reason
from workbench.language import _


def run(options: Namespace) -> int:
    """Prints the outbox, oldest first; neither its words nor whom they are about."""
    place = compose.place_of(settings_of(options))
    entries: list[dict[str, Any]] = []
    if compose.there(place):
        with compose.opened(place) as store:
            entries = [_figures(outgoing) for outgoing in store.outbox.pending()]
    if options.json:
        print(as_json({"outbox": entries}))
        return 0
    for entry in entries:
        print("  ".join(str(value) for value in entry.values() if value is not None))
    if not entries:
        print(_("The outbox is empty."))
    return 0


def _figures(outgoing: Outgoing) -> dict[str, Any]:
    known = outgoing.reason in set(Reason)
    return {
        "id": outgoing.id,
        "portal": outgoing.key.portal,
        "verb": str(outgoing.verb),
        "state": str(outgoing.state),
        "queued": moment(outgoing.queued),
        "attempts": outgoing.attempts,
        "reason": outgoing.reason if known else Reason.REFUSED.value if outgoing.reason else None,
    }
