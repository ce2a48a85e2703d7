"""`workbench outbox`: each thing on its way, without a word of what it says."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from widgets.outbox_lines import SIGNS, Circumstances, happened, times
from widgets.problems import reason_words
from widgets.words import sending_word, verb_word
from workbench import compose
from workbench.cli.chosen import store_of
from workbench.cli.shown import as_json, moment
from workbench.dialogue.clean import visible
from workbench.dialogue.outgoing import Outgoing, Reason, Sending
from workbench.language import _


def run(options: Namespace) -> int:
    """Prints the outbox, oldest first; neither its words nor whom they are about."""
    place, _settings = store_of(options)
    pending: Sequence[Outgoing] = ()
    if compose.there(place):
        with compose.opened(place) as store:
            pending = store.outbox.pending()
    if options.json:
        print(as_json({"outbox": [_figures(outgoing) for outgoing in pending]}))
        return 0
    now = compose.now()
    for outgoing in pending:
        print("\n".join(_lines(outgoing, Circumstances(now, None))))
    if not pending:
        print(_("The outbox is empty."))
    return 0


def _lines(outgoing: Outgoing, seen: Circumstances) -> Iterator[str]:
    """The same for a person, in the words of the screen: state, what it is, portal, when, and why it stopped."""
    head = (sending_word(outgoing.state), verb_word(outgoing.verb), visible(outgoing.key.portal, one_line=True))
    yield f"{SIGNS[outgoing.state]} {' · '.join(head)} · {times(outgoing, seen)}"
    if outgoing.state is Sending.NEEDS_YOU:
        yield f"  {visible(reason_words(outgoing.reason), one_line=True)}"
    elif outgoing.state is Sending.UNKNOWN:
        yield f"  {happened(outgoing, None, seen)}"


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
