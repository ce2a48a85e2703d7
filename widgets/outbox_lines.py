"""One thing in the outbox as lines: what it is, what happened to it, since when, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual.content import Content

from widgets.change_words import change_words
from widgets.display import for_display, short_name
from widgets.portals import ONE_PORTAL, PortalNames
from widgets.problems import asked_once, reason_words, sentence
from widgets.words import moment_word, sending_word, verb_word
from workbench.commands import by_id, key_of
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Receipt, Sending
from workbench.dialogue.people import Party
from workbench.dialogue.remedies import WORDS, Remedy
from workbench.dialogue.status import Connection, PortalStatus
from workbench.dialogue.work import Verb
from workbench.language import _, birth, ngettext

BETWEEN_KEYS: Final = Content("   ")
BEGINNING: Final = 200
"""Characters of a message that tell it apart."""
TOLD: Final = (300, 3)
"""Characters and lines of what a portal says of a refusal, or somebody wrote."""
SIGNS: Final = {
    Sending.QUEUED: "↑",
    Sending.SENDING: "↑",
    Sending.SENT: "✓",
    Sending.UNKNOWN: "?",
    Sending.NEEDS_YOU: "!",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an entry's words depend on besides the entry and its conversation."""

    now: datetime
    """Aware, in the zone of who reads."""
    portal: PortalStatus | None
    """How its portal stands; None when this run does not know it."""
    mine: bool = True
    """Who wrote it is who acts now."""
    elsewhere: bool = False
    """Another window of the program sends."""
    before: Outgoing | None = None
    """What stands before it in its conversation."""
    names: PortalNames = ONE_PORTAL
    doubtful: bool = False
    """A try of it that nobody answered may still come to pass."""


def entry_lines(out: Outgoing, held: Conversation | None, seen: Circumstances, keys: Sequence[Content]) -> Content:
    """An entry whole: whose and what, what happened, when, the words, and its keys."""
    lines = [
        heading(out, held, seen.names, seen.now),
        for_display(happened(out, held, seen)),
        Content(times(out, seen)),
    ]
    if said := quoted(out):
        lines.append(for_display(said, "italic", one_line=True))
    if out.text:
        beginning, cut = clip(" ".join(out.text.split()), BEGINNING, 1)
        lines.append(for_display(f"«{beginning}{' …' if cut else ''}»", "$text-muted", one_line=True))
    return Content("\n").join([*lines, *([BETWEEN_KEYS.join(keys)] if keys else [])])


def stranded_lines(draft: Draft, now: datetime, names: PortalNames) -> Content:
    """Unsent words whose conversation is not here: kind, portal, when they were saved, and how they begin."""
    kind = verb_word(Verb.REPLY if draft.kind is Kind.REPLY else Verb.NOTE)
    head = Content.assemble(("✎ " + kind, "bold"), " · ", for_display(names.tag(draft.key.portal), one_line=True))
    saved = _("draft saved {time}").format(time=moment_word(draft.saved, now)) if draft.saved else ""
    beginning, cut = clip(" ".join(draft.text.split()), BEGINNING, 1)
    words = for_display(f"«{beginning}{' …' if cut else ''}»", "$text-muted", one_line=True)
    return Content("\n").join([head, Content(saved), words])


def heading(out: Outgoing, held: Conversation | None, names: PortalNames, now: datetime) -> Content:
    """State, kind, patient and portal; of a colleague's whose it is, and that it asks nothing of who reads it."""
    worrying = out.state in (Sending.UNKNOWN, Sending.NEEDS_YOU) and out.writer is None
    word = _("stopped") if out.writer and out.state is Sending.NEEDS_YOU else sending_word(out.state)
    state = f"{SIGNS[out.state]} {word}"
    return Content.assemble(
        (state, "bold $text-error" if worrying else "bold $text-accent"),
        " · ",
        (change_words(out.verb, out.change, now), "bold"),
        " · ",
        Content(" ").join([Content.styled(whose(held), "bold"), *_tag(out, names)]),
        *(Content.styled(f" · {theirs}", "bold $text-warning") for theirs in _by(out)),
    )


def _by(out: Outgoing) -> Iterator[str]:
    """Who wrote it, where that is not who acts now."""
    if out.writer is not None:
        yield _("written by {name}").format(name=writer_name(out.writer))


def writer_name(writer: Party) -> str:
    """What a colleague is called who has something in the outbox, harmless."""
    return short_name(writer.name) or _("a colleague")


def _tag(out: Outgoing, names: PortalNames) -> list[Content]:
    tag = names.tag(out.key.portal)
    return [Content.styled(tag, "bold $text-accent")] if tag else []


def whose(held: Conversation | None) -> str:
    """The patient with the day of birth, harmless; the conversation's title where the portal names none."""
    if held is None:
        return _("an unknown conversation")
    patient = held.patient
    if patient is None:
        return short_name(held.title)
    born = _("b. {date}").format(date=birth(patient.birth)) if patient.birth else ""
    return " · ".join(short_name(part) for part in (patient.name, born) if part)


def happened(out: Outgoing, held: Conversation | None, seen: Circumstances) -> str:
    """What happened to it, in a plain sentence or two; may hold text from outside."""
    if out.state is Sending.SENDING:
        return _("It is being sent right now.")
    if out.writer is not None and seen.portal is not None:
        return _of_another(out, held, writer_name(out.writer))
    if out.state is Sending.UNKNOWN:
        return _(
            "It was sent and no answer came: it may have arrived. "
            "The portal is asked before anything is sent again, so it cannot arrive twice."
        )
    if out.state is Sending.NEEDS_YOU:
        return _stopped(out, held)
    return _waits(out, seen)


def _of_another(out: Outgoing, held: Conversation | None, name: str) -> str:
    """What happened to a colleague's: it waits for them, and nobody else can do anything about it."""
    if out.state is Sending.UNKNOWN:
        said = _("It was sent and no answer came: it may have arrived.")
        return f"{said} {_('The portal is asked when {name} opens the program here.').format(name=name)}"
    if out.state is Sending.NEEDS_YOU:
        return f"{_stopped(out, held)} {_('{name} decides about it.').format(name=name)}"
    return _("It leaves when {name} opens the program here.").format(name=name)


def _stopped(out: Outgoing, held: Conversation | None) -> str:
    """Why it needs the user; who has it is told by name."""
    if out.reason != Reason.TAKEN:
        return reason_words(out.reason)
    owner = held.work.owner.name if held and held.work.owner else ""
    name = out.detail if out.detail and "/" not in out.detail else owner
    if not name:
        return reason_words(out.reason)
    return _("{name} has the conversation now, so it was stopped.").format(name=short_name(name))


def _waits(out: Outgoing, seen: Circumstances) -> str:
    """Why something that is queued has not left yet."""
    if seen.portal is None:
        return _("Its portal is not among those configured now: it cannot leave until it is.")
    if not seen.mine:
        return _("Somebody else wrote it: it leaves when they act here.")
    if seen.before is not None and seen.before.state is not Sending.QUEUED:
        return _("It waits for what stands before it in the same conversation.")
    if seen.doubtful and out.verb in WORDS:
        return _(
            "It was sent and no answer came, and the portal does not have it yet: it is sent again by itself. "
            "It cannot be taken back for some minutes, as it might arrive twice."
        )
    if seen.portal.connection in (Connection.OFFLINE, Connection.REFUSED) and seen.portal.word:
        return sentence(seen.portal.word)
    if out.reason:
        return sentence(out.reason)
    if seen.elsewhere:
        return _("Another window of this program sends: it leaves from there.")
    return _("It leaves in a moment.")


def quoted(out: Outgoing) -> str:
    """What the portal said, or what somebody wrote since; may hold text from outside."""
    if not out.detail or out.reason == Reason.TAKEN:
        return ""
    said, cut = clip(" ".join(out.detail.split()), *TOLD)
    words = f"«{said}{' …' if cut else ''}»"
    if out.reason == Reason.NEW_ACTIVITY:
        return _("New: {words}").format(words=words)
    return _("The portal says: {words}").format(words=words)


def times(out: Outgoing, seen: Circumstances) -> str:
    """Since when, how often tried, when last and when next."""
    parts = [_("written {time}").format(time=moment_word(out.queued, seen.now))]
    if out.attempts:
        tried = ngettext("tried {count} time", "tried {count} times", out.attempts).format(count=out.attempts)
        if out.settled is not None:
            tried = _("{tried}, last {time}").format(tried=tried, time=moment_word(out.settled, seen.now))
        parts.append(tried)
    following = next_try(out, seen)
    if following is not None:
        parts.append(_("next try {time}").format(time=moment_word(following, seen.now)))
    return " · ".join(parts)


def next_try(out: Outgoing, seen: Circumstances) -> datetime | None:
    """When it is tried next, as far as that is known."""
    if seen.portal is None or out.state not in (Sending.QUEUED, Sending.UNKNOWN) or not seen.mine:
        return None
    own = dict(seen.portal.waits).get(out.id)
    known = [moment for moment in (own, seen.portal.next_try) if moment is not None and moment > seen.now]
    return max(known, default=None)


def key_words(able: Sequence[Remedy], remapped: Mapping[str, str]) -> list[Content]:
    """The keys that do something for an entry, each with its word."""
    return [key_word(key_of(by_id(name), remapped), _(by_id(name).word)) for name in able]


def key_word(key: str, word: str) -> Content:
    """A key with what it does."""
    return Content.assemble((key, "bold $text-accent"), f" {word}")


def receipt_lines(receipt: Receipt, held: Conversation | None, seen: Circumstances) -> Content:
    """Something that arrived: when, what, whose; and what its Task was not told."""
    out = receipt.outgoing
    when = moment_word(out.settled or out.queued, seen.now)
    name = Content(" ").join([Content(whose(held)), *_tag(out, seen.names)])
    by = [Content(f" · {theirs}") for theirs in _by(out)]
    line = Content.assemble(
        (f"✓ {when}", "$text-success"), f"  {change_words(out.verb, out.change, seen.now)} · ", name, *by
    )
    if not receipt.untold:
        return line
    told = _("It arrived, but the portal did not let the task be marked as answered: do that yourself with d. {why}")
    return Content.assemble(
        line, "\n", for_display(f"! {told.format(why=asked_once(receipt.untold))}", "$text-warning")
    )
