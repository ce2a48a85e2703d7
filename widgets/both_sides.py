"""Both sides of what was stopped: what the user wrote on what they had seen, and how the conversation stands now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from textual.content import Content

from widgets.change_words import change_words
from widgets.display import for_display, short_name
from widgets.entry import attachment_line, files_of
from widgets.words import moment_word, state_word
from workbench.dialogue.basis import Seen
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Conversation, Message, MessageState, Note
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.people import Party
from workbench.dialogue.since import noted_since, since
from workbench.dialogue.work import State, Verb
from workbench.language import _, number

LONGEST: Final = (20_000, 400)
"""Characters and lines of one text here; the whole of it stands in the conversation."""


def written(out: Outgoing, held: Conversation | None, names: Mapping[str, str], now: datetime) -> Content:
    """What the user wrote, and what they had seen then.

    Args:
        out: What was stopped.
        held: Its conversation as it is held now.
        names: What people are called, by reference.
        now: Aware, in the zone of who reads.
    """
    lines = [_head(change_words(out.verb, out.change, now), out.queued, now)]
    if out.text:
        lines.append(_text(out.text))
    if out.change is not None and out.change.note:
        lines.append(_text(out.change.note))
    lines += [attachment_line(file) for file in files_of(out)]
    seen = Seen.read(out.basis)
    lines += [Content(""), _title(_("What you had seen last"))]
    before = [entry for entry in _messages(held) if entry.id in seen.messages]
    if before:
        last = before[-1]
        lines += [_head(_name(last.sender), last.sent, now), _message(last)]
    else:
        lines.append(Content(_("No message that is still there")))
    lines.append(Content(with_whom(seen.owner, "" if out.writer else out.author, names)))
    return Content("\n").join(lines)


def standing(out: Outgoing, held: Conversation | None, names: Mapping[str, str], now: datetime) -> Content:
    """How the conversation stands now: who has it, who will read, and what was written since."""
    if held is None:
        return Content.styled(_("The conversation is not on the portal any more."), "bold $text-error")
    return Content("\n").join(
        [*_work(out, held, names), *_readers(out, held, names), Content(""), *_since(out, held, now)]
    )


def with_whom(owner: str, me: str, names: Mapping[str, str]) -> str:
    """Who has a conversation, or had it."""
    if not owner:
        return _("Nobody had taken it")
    if owner == me:
        return _("You had taken it")
    return _("{name} had taken it").format(name=short_name(names.get(owner, "")) or _("a colleague"))


def _work(out: Outgoing, held: Conversation, names: Mapping[str, str]) -> Iterator[Content]:
    seen, owner = Seen.read(out.basis), held.work.owner
    reference = owner.reference if owner else ""
    style = "" if reference in (seen.owner, out.author) else "bold $text-error"
    if owner is None:
        words = _("Nobody has it")
    elif reference == out.author and out.writer is None:
        words = _("You have it")
    else:
        words = _("{name} has it").format(name=short_name(owner.name or names.get(reference, "")) or _("a colleague"))
    state = "" if held.work.state in (State.CLAIMED, State.NEW) else f" · {state_word(held.work.state)}"
    yield Content.assemble((words, style), state)
    patient = held.patient.reference if held.patient else ""
    warnings = {
        _("It is about another patient than when you wrote."): bool(out.patient) and patient != out.patient,
        _("More than one patient is in this conversation."): held.mixed,
        _("It is closed on the portal."): held.closed,
    }
    yield from [Content.styled(words, "bold $text-error") for words, true in warnings.items() if true]


def _readers(out: Outgoing, held: Conversation, names: Mapping[str, str]) -> Iterator[Content]:
    """Who will read a reply, those that came since and those that went by name."""
    if out.verb not in (Verb.REPLY, Verb.RECEIPT):
        return
    seen = Seen.read(out.basis).readers
    now = {reader.reference: _name(reader) for reader in held.readers}
    told = ", ".join(now.values()) or _("nobody on the patient's side")
    yield Content(_("Will be read by: {names}").format(names=told))
    for reference in sorted(now.keys() - seen):
        yield Content.styled(_("{name} was not among the readers").format(name=now[reference]), "bold $text-error")
    for reference in sorted(seen - now.keys()):
        gone = short_name(names.get(reference, "")) or _("somebody")
        yield Content.styled(_("{name} does not read it any more").format(name=gone), "bold $text-error")


def _since(out: Outgoing, held: Conversation, now: datetime) -> Iterator[Content]:
    """What was written after the user looked, oldest first: messages, and colleagues' notes."""
    seen = Seen.read(out.basis)
    came = {entry.id for told in (since, noted_since) for entry in told(seen, held, out.author)}
    new = [
        entry
        for entry in held.entries
        if (isinstance(entry, Message | Note) and entry.id in came)
        or (isinstance(entry, Note) and entry.written > out.queued and entry.author.reference != out.author)
    ]
    if not new:
        yield Content(_("Nothing was written since"))
        return
    yield _title(_("Written since"))
    for entry in new:
        if isinstance(entry, Message):
            yield _head(_name(entry.sender), entry.sent, now)
            yield _message(entry)
        else:
            yield _head(f"{_('NOTE')} · {_name(entry.author)}", entry.written, now)
            yield _text(entry.text)


def _messages(held: Conversation | None) -> list[Message]:
    return [entry for entry in held.entries if isinstance(entry, Message)] if held else []


def _message(message: Message) -> Content:
    if message.state is MessageState.RETRACTED:
        return Content.styled(_("This message was withdrawn."), "bold $text-error")
    return Content("\n").join([_text(message.text), *(attachment_line(file) for file in message.attachments)])


def _text(text: str) -> Content:
    """A text in full, or as much as there is sense in, and then a sentence that says so."""
    kept, cut = clip(text, *LONGEST)
    if not cut:
        return for_display(kept)
    left = _("{count} more characters: read them in the conversation").format(count=number(len(text) - len(kept)))
    return Content.assemble(for_display(kept), "\n", (left, "bold $text-error"))


def _name(party: Party) -> str:
    name = short_name(party.name) or _("somebody the portal does not name")
    return f"{name} ({short_name(party.detail)})" if party.detail else name


def _head(name: str, when: datetime, now: datetime) -> Content:
    return Content.assemble((name, "bold $text-primary"), f"  {moment_word(when, now)}")


def _title(words: str) -> Content:
    return Content.styled(words, "bold underline")
