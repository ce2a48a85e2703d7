"""The handover list in words: each thing the next shift must know, with the first conversations behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from widgets.cells import cut, outside
from widgets.display import for_display
from widgets.words import age_word, deadline_word, moment_word
from workbench.dialogue.overview import Handover, HandoverLine
from workbench.dialogue.queue import Item, Queue
from workbench.dialogue.work import ACTIVE
from workbench.language import N_, _, ngettext, number

WORDS: Final[Mapping[str, str]] = {
    "flagged": N_("Red flags that are open"),
    "overdue": N_("Overdue"),
    "due": N_("Due by {when}, what is overdue included"),
    "mine": N_("Yours, in progress"),
    "colleague": N_("Waits for a colleague"),
    "drafts": N_("Drafts begun and not sent"),
    "stuck": N_("In the outbox, needs somebody"),
}
URGENT: Final = frozenset({"flagged", "overdue", "stuck"})
"""What stands out where it is more than nothing."""


def line_word(line: HandoverLine, handover: Handover) -> str:
    """What a line of the list is called."""
    return _(WORDS[line.name]).format(when=moment_word(handover.until, handover.at))


def line_queue(line: HandoverLine, handover: Handover) -> Queue | None:
    """What opens from it; None where there is nothing."""
    return Queue(f"overview:{line_word(line, handover)}", line.figure.query) if line.figure.n else None


def handover_lines(line: HandoverLine, handover: Handover, first: Sequence[Item], width: int) -> Content:
    """A thing the next shift must know.

    Args:
        line: The thing.
        handover: The list it stands in.
        first: The first conversations behind it.
        width: Cells of a line.
    """
    n = line.figure.n
    sign = "▌" if n and line.name in URGENT else " "
    look = "$text-muted" if not n else "bold $text-error" if line.name in URGENT else "bold"
    head = Content.styled(f"{sign}{number(n):>4}  {line_word(line, handover)}", look)
    rows = [_row(item, handover.at, width - 8) for item in first]
    if n > len(rows) and rows:
        more = n - len(rows)
        rows.append(ngettext("and {n} more", "and {n} more", more).format(n=number(more)))
    return Content("\n").join([head, *(for_display(f"        {row}", "$text-muted", one_line=True) for row in rows)])


def _row(item: Item, now: datetime, cells: int) -> str:
    told = [age_word(item.waits_since, now)]
    if item.due is not None:
        told.append(deadline_word(item.due, now, ours=item.state in ACTIVE))
    end = " · ".join(told)
    name = outside(item.patient_name) or _("without a name")
    return f"{cut(f'{name} · {outside(item.title)}', cells - len(end) - 3)} · {end}"


def elsewhere_words(handover: Handover) -> str:
    """What no list shows; empty where there is none of it."""
    n = handover.elsewhere
    return ngettext(
        "{n} draft or unsent thing belongs to a conversation that is not here: see the outbox",
        "{n} drafts or unsent things belong to conversations that are not here: see the outbox",
        n,
    ).format(n=number(n)) if n else ""  # fmt: skip


def title_words(handover: Handover, now: datetime) -> str:
    """What the list is called, and when it was told."""
    return f"{_('Handover')} · {moment_word(handover.at, now)}"
