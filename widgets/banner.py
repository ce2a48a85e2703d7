"""Whose conversation it is: on screen whenever words to or about a patient are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from textual.content import Content

from widgets.cells import cut, outside
from widgets.display import for_display, short_name
from widgets.fitted import Fitted
from widgets.fitting import packed
from widgets.portals import ONE_PORTAL, PortalNames
from widgets.words import category_word, gender_word, pool_word, priority_word, state_word
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.work import ACTIVE, Priority, State
from workbench.language import _, birth, clock_time, day, ngettext

SEPARATOR: Final = Content(" · ")
NARROW: Final = 54
"""Cells below which the lines run together."""
REMARK: Final = 40
"""Cells of what staff wrote last on the work item; the whole of it stands in the conversation."""
FLAG: Final = 28
"""Cells of what a red-flag rule found, so that it takes one line of a narrow column."""
INFANT: Final = 2
"""Years of age up to which it is told in months."""
ADULT: Final = 18
"""Years of age from which nobody is called a girl or a boy."""


class Banner(Fitted):
    """Name, age, birth date and last digits; who writes and who will read; where the work stands."""

    DEFAULT_CSS = """
    Banner {
        height: auto;
        max-height: 10;
        padding: 0 1;
        background: $panel;
        color: $foreground;
    }
    """

    def __init__(self, portals: PortalNames = ONE_PORTAL) -> None:
        super().__init__(self._fitting)
        self._portals = portals
        self._shown: tuple[Conversation, datetime] | None = None
        self._gone = False

    def show(self, conversation: Conversation, now: datetime) -> None:
        """Shows a conversation's patient, and how the work stands."""
        before, self._shown = self._shown, (conversation, now)
        back, self._gone = self._gone, False
        if back or before is None or before[0] != conversation or _told(*before) != _told(conversation, now):
            self.refit()  # it is read again at every change, and each update lays out the screen

    def gone(self) -> None:
        """Tells that the portal does not hold what is shown any more; until it is shown anew."""
        if not self._gone:
            self._gone = True
            self.refit()

    def _fitting(self, width: int) -> Content:
        if self._shown is None:
            return Content("")
        portal = self._portals.name(self._shown[0].key.portal)
        return banner_content(*self._shown, width or NARROW, portal, gone=self._gone)


def _told(conversation: Conversation, now: datetime) -> tuple[date, bool]:
    """What of the time the banner tells: which day it is, and whether it is too late."""
    due = conversation.work.due
    return now.date(), due is not None and due <= now


def identity(patient: Patient | None, today: date) -> Content:
    """A patient told apart from others: name, age, birth date, last digits; or that the portal names none."""
    if patient is None:
        return Content(_("The portal names no patient"))
    return SEPARATOR.join(_identity(patient, today))


def banner_content(
    conversation: Conversation, now: datetime, width: int, portal: str = "", *, gone: bool = False
) -> Content:
    """The banner's lines, broken between their parts only; where it is narrow the first two run together.

    Args:
        conversation: What is shown.
        now: The moment ages and deadlines are told from, in the zone of who reads.
        width: Cells of a line.
        portal: What its portal is called, empty where there is only one.
        gone: The portal does not hold it any more, and somebody writes in it.
    """
    patient, today = conversation.patient, now.date()
    if patient is None:
        first = [Content.styled(_("The portal names no patient: nothing can be sent here"), "bold $text-error")]
    else:
        first = _identity(patient, today)
    who = _who(conversation, today)
    if portal:
        who = [Content.styled(_("portal {name}").format(name=portal), "bold $text-accent"), *who]
    warnings = [Content.styled(warning, "bold $text-error") for warning in _warnings(conversation, gone=gone)]
    rows = [first + who, warnings] if width < NARROW else [first, warnings, who]  # what has no room stands last
    rows.append(_work(conversation, now))
    if conversation.closed:
        rows.append([Content.styled(_("closed on the portal"), "bold $text-error")])
    return Content("\n").join([line for row in rows for line in packed(row, width, SEPARATOR)])


def _identity(patient: Patient, today: date) -> list[Content]:
    parts = [Content.styled(short_name(patient.name) or _("without a name"), "bold")]
    if age := _age(patient, today):
        parts.append(Content(age))
    if patient.birth:
        parts.append(for_display(_("b. {date}").format(date=birth(patient.birth)), one_line=True))
    if patient.id_tail:
        parts.append(for_display(patient.id_tail, one_line=True))
    return parts


def _age(patient: Patient, today: date) -> str:
    """Whole years, whole months for an infant; empty when the age is not known."""
    years = patient.age(today)
    if years is None:
        return ""
    if years >= INFANT:
        return ngettext("{count} year", "{count} years", years).format(count=years)
    born = date.fromisoformat(patient.birth)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 1:
        return _("under 1 month")
    return ngettext("{count} month", "{count} months", months).format(count=months)


def _who(conversation: Conversation, today: date) -> list[Content]:
    writer, patient = conversation.writer, conversation.patient
    parts = []
    if patient and patient.gender:
        age = patient.age(today)
        word = gender_word(patient.gender, child=age is not None and age < ADULT)
        parts.append(for_display(word, one_line=True))
    if writer is None or writer.kind is PartyKind.PATIENT:
        parts.append(Content(_("writes for themselves")))
    else:
        by, behalf = _("written by"), _("on behalf of the patient")
        parts.append(Content.assemble((f"{by} ", "bold"), _party(writer), (f" {behalf}", "bold")))
    readers = [_party(r) for r in conversation.readers]
    if not readers and patient is not None:
        readers = [Content(_("the patient"))]
    if readers:
        parts.append(Content.assemble(_("read by:"), " ", Content(", ").join(readers)))
    return parts


def _party(party: Party) -> Content:
    if party.kind is PartyKind.PATIENT:
        return Content(_("the patient"))
    name = short_name(party.name) or _("somebody the portal does not name")
    return Content(f"{name} ({short_name(party.detail)})" if party.detail else name)


def _work(conversation: Conversation, now: datetime) -> list[Content]:
    work = conversation.work
    parts = []
    if conversation.flag_words:  # the message may be scrolled out of sight, and the row hidden
        found = f"{_('red flag')} «{cut(outside(conversation.flag_words), FLAG)}»"
        parts.append(for_display(found, "bold $text-error", one_line=True))
    parts += [for_display(category_word(c), one_line=True) for c in conversation.categories[:2]]
    if work.priority is not Priority.ROUTINE:
        parts.append(Content.styled(priority_word(work.priority), "bold $text-error"))
    if work.due and work.state is not State.DONE:
        due = work.due.astimezone(now.tzinfo)
        late, today = due <= now and work.state in ACTIVE, due.date() == now.date()
        word = _("overdue since {day}") if late else _("due {day}")
        said = clock_time(due) if late and today else day(due, now.date())
        parts.append(Content.styled(word.format(day=said), "bold $text-error" if late else ""))
    if work.owner:
        parts.append(Content(_("with {name}").format(name=short_name(work.owner.name))))
    elif work.pool:
        parts.append(Content(_("team {name}").format(name=short_name(pool_word(work.pool)))))
    if work.state is not State.CLAIMED:
        parts.append(Content(state_word(work.state)))
    if work.remark and work.state is not State.DONE:
        parts.append(for_display(f"«{cut(outside(work.remark), REMARK)}»", one_line=True))
    if work.pending:
        parts.append(Content.styled(_("not yet confirmed by the portal"), "$text-warning"))
    return parts


def _warnings(conversation: Conversation, *, gone: bool) -> list[str]:
    found = [_("the portal does not hold this any more"), _("what you write is kept")] if gone else []
    if conversation.mixed:
        found.append(_("more than one patient is in this conversation: do not reply"))
    if conversation.patient and conversation.patient.confidential:
        found.append(_("confidential address"))
    if conversation.patient and conversation.patient.deceased:
        found.append(_("registered as deceased"))
    return found
