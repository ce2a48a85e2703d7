"""Whose conversation it is: on screen whenever words to or about a patient are."""

from __future__ import annotations

from datetime import date

from textual.content import Content
from textual.widgets import Static

from widgets.display import for_display
from widgets.words import category_word, gender_word, priority_word, state_word
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.work import Priority, State
from workbench.language import _, birth, day, ngettext


class Banner(Static):
    """Name, age, birth date and last digits; who writes and who will read; where the work stands."""

    DEFAULT_CSS = """
    Banner {
        height: auto;
        max-height: 5;
        padding: 0 1;
        background: $panel;
        color: $foreground;
    }
    """

    def show(self, conversation: Conversation | None, today: date) -> None:
        """Shows a conversation's patient, or nothing."""
        self.update(Content("") if conversation is None else banner_content(conversation, today))


def identity(patient: Patient, today: date) -> Content:
    """A patient told apart from others: name, age, birth date, last digits."""
    parts = [for_display(patient.name or _("without a name"), "bold", one_line=True)]
    age = patient.age(today)
    if age is not None:
        parts.append(Content(ngettext("{count} year", "{count} years", age).format(count=age)))
    if patient.birth:
        parts.append(for_display(_("b. {date}").format(date=birth(patient.birth)), one_line=True))
    if patient.id_tail:
        parts.append(for_display(patient.id_tail, one_line=True))
    if patient.gender:
        parts.append(for_display(gender_word(patient.gender), one_line=True))
    return Content(" · ").join(parts)


def banner_content(conversation: Conversation, today: date) -> Content:
    """The banner's lines."""
    patient = conversation.patient
    if patient is None:
        first = Content.styled(_("The portal names no patient: nothing can be sent here"), "bold $text-error")
    else:
        first = identity(patient, today)
    lines = [first, _who(conversation), _work(conversation, today)]
    warnings = _warnings(conversation)
    if warnings:
        lines.append(Content.styled(" · ".join(warnings), "bold $text-error"))
    return Content("\n").join(lines)


def _who(conversation: Conversation) -> Content:
    writer, patient = conversation.writer, conversation.patient
    if writer is None or writer.kind is PartyKind.PATIENT:
        written = Content(_("writes for themselves"))
    else:
        written = Content.assemble(
            (_("written by") + " ", "bold"), _party(writer), Content.styled(" " + _("on behalf of the patient"), "bold")
        )
    readers = [_party(r) for r in conversation.readers]
    if not readers and patient is not None:
        readers = [Content(_("the patient"))]
    return Content.assemble(written, " · ", _("read by:") + " ", Content(", ").join(readers))


def _party(party: Party) -> Content:
    if party.kind is PartyKind.PATIENT:
        return Content(_("the patient"))
    text = f"{party.name} ({party.detail})" if party.detail else party.name
    return for_display(text or _("somebody the portal does not name"), one_line=True)


def _work(conversation: Conversation, today: date) -> Content:
    work = conversation.work
    parts = [for_display(category_word(c), one_line=True) for c in conversation.categories[:2]]
    if work.priority is not Priority.ROUTINE:
        parts.append(Content.styled(priority_word(work.priority), "bold $text-error"))
    if work.due and work.state is not State.DONE:
        due = work.due.date()
        word = _("due {day}") if due >= today else _("overdue since {day}")
        style = "" if due >= today else "bold $text-error"
        parts.append(Content.styled(word.format(day=day(due, today)), style))
    if work.owner:
        parts.append(for_display(_("with {name}").format(name=work.owner.name), one_line=True))
    elif work.pool:
        parts.append(for_display(_("team {name}").format(name=work.pool), one_line=True))
    parts.append(Content(state_word(work.state)))
    if work.pending:
        parts.append(Content.styled(_("not yet confirmed by the portal"), "$text-warning"))
    return Content(" · ").join(parts)


def _warnings(conversation: Conversation) -> list[str]:
    found = []
    if conversation.mixed:
        found.append(_("messages of more than one patient lie here: do not reply"))
    if conversation.patient and conversation.patient.confidential:
        found.append(_("confidential address"))
    if conversation.patient and conversation.patient.deceased:
        found.append(_("registered as deceased"))
    if conversation.closed:
        found.append(_("closed on the portal"))
    return found
