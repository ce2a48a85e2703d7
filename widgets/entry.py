"""One entry of a conversation's timeline as lines: a message, a note, or something on its way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual.content import Content
from textual.style import Style

from widgets.display import for_display, short_name
from widgets.problems import reason_words
from widgets.words import sending_word
from workbench.commands import first_key
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Entry, Message, MessageState, Note
from workbench.dialogue.outgoing import Draft, LocalFile, Outgoing, Sending
from workbench.dialogue.work import Verb
from workbench.language import _, clock_time, day, number

File = Attachment | LocalFile
"""Anything that travels with words."""
SHORT: Final = (12_000, 120)
"""Characters and lines of a message that are shown at first."""
WHOLE: Final = (400_000, 8_000)
"""Characters and lines shown on demand; beyond this the terminal is no place to read it."""
OPENS, CLOSES = "⟨", "⟩"
"""Stand around words that a red-flag rule found."""
URGENT: Final = re.compile("⟨[^⟨⟩]*⟩")
NOTE_MARK: Final = "┆ "
OUT_MARK: Final = "» "
MERGED_MARK: Final = "│ "


@dataclass(frozen=True, slots=True)
class EntryStyles:
    """The looks of an entry's parts, as the theme has them."""

    name: Style
    quiet: Style
    body: Style
    note: Style
    note_name: Style
    out: Style
    warn: Style


@dataclass(frozen=True, slots=True)
class Look:
    """What an entry's lines depend on besides the entry."""

    width: int
    now: datetime
    whole: bool
    styles: EntryStyles


def entry_lines(entry: Entry, look: Look, origin: str = "") -> Iterator[Content]:
    """The lines of one entry, each at most `look.width` cells, an empty one at the end.

    Args:
        entry: Any.
        look: How it is to look.
        origin: The conversation that it was written in, where that is another than the one that is read.
    """
    if origin:
        style = look.styles.out
        said = for_display(f"{MERGED_MARK}{_('from «{title}»').format(title=origin)}", one_line=True)
        yield said.stylize(style).truncate(look.width, ellipsis=True)
        yield from _marked(MERGED_MARK, _lines(entry, _narrower(look, MERGED_MARK)), style)
    else:
        yield from _lines(entry, look)
    yield Content("")


def nothing_yet(look: Look) -> Iterator[Content]:
    """What stands where messages will: an empty place could be taken for a conversation without words."""
    said = _("No message of this conversation has come from the portal yet.")
    yield from Content.styled(said, look.styles.quiet).wrap(look.width)
    yield Content("")


def _lines(entry: Entry, look: Look) -> Iterator[Content]:
    if isinstance(entry, Message):
        yield from _message(entry, look)
    elif isinstance(entry, Note):
        yield from _note(entry, look)
    else:
        yield from _outgoing(entry, look)


def _message(message: Message, look: Look) -> Iterator[Content]:
    who = for_display(message.sender.name or _("somebody the portal does not name"), one_line=True)
    if message.sender.detail:
        who = Content.assemble(who, for_display(f" ({message.sender.detail})", one_line=True))
    yield _heading(who.stylize(look.styles.name), message.sent, look)
    if message.state is MessageState.RETRACTED:
        yield Content.styled(_("This message was withdrawn."), look.styles.warn)
        return
    if message.unreadable:
        yield Content.styled(
            _("The portal marks this message in a way that this program does not know: read it in the portal."),
            look.styles.warn,
        )
    yield from _body(message.text, look, look.styles.body, message.flagged)
    yield from _attachments(message.attachments, look, look.styles.quiet)
    if message.state is MessageState.READ and not message.sender.outside:
        yield Content.styled(_("read"), look.styles.quiet)


def _note(note: Note, look: Look) -> Iterator[Content]:
    word = _("REASON, staff only") if note.remark else _("NOTE")
    author = for_display(note.author.name or _("somebody the portal does not name"), one_line=True)
    who = Content.assemble(
        (word, look.styles.note_name),
        " · ",
        author.stylize(look.styles.note_name),
    )
    yield from _marked(NOTE_MARK, _note_lines(note, who, _narrower(look, NOTE_MARK)), look.styles.note)


def _note_lines(note: Note, who: Content, look: Look) -> Iterator[Content]:
    yield _heading(who, note.written, look)
    if note.retracted:
        yield Content.styled(_("This note was withdrawn."), look.styles.warn)
        return
    yield from _body(note.text, look, look.styles.note)
    yield from _attachments(note.attachments, look, look.styles.note)


def _outgoing(out: Outgoing, look: Look) -> Iterator[Content]:
    worrying = out.state in (Sending.UNKNOWN, Sending.NEEDS_YOU) and out.writer is None
    style = look.styles.warn if worrying else look.styles.out
    kind = {Verb.NOTE: _("NOTE"), Verb.RECEIPT: _("RECEIPT")}.get(out.verb, _("REPLY"))
    by = (
        f" · {_('written by {name}').format(name=short_name(out.writer.name) or _('a colleague'))}"
        if out.writer
        else ""
    )
    who = Content.assemble((f"{kind} · {sending_word(out.state)}{by}", style))
    yield from _marked(OUT_MARK, _outgoing_lines(out, who, _narrower(look, OUT_MARK)), style)


def _outgoing_lines(out: Outgoing, who: Content, look: Look) -> Iterator[Content]:
    yield _heading(who, out.queued, look)
    if out.reason and out.state is Sending.NEEDS_YOU and out.writer is None:
        yield from for_display(reason_words(out.reason)).stylize(look.styles.warn).wrap(look.width)
    yield from _body(out.text, look, look.styles.body)
    yield from _attachments(files_of(out), look, look.styles.quiet)
    if hint := _hint(out):
        yield from Content.styled(hint, look.styles.quiet).wrap(look.width)


def _hint(out: Outgoing) -> str:
    """What can be done about it from here."""
    if out.writer is not None:
        name = short_name(out.writer.name) or _("a colleague")
        return _("It leaves when {name} opens the program here.").format(name=name)
    undo, outbox = first_key("undo"), first_key("outbox")
    if out.state is Sending.QUEUED:
        return _("{key} takes it back to edit it").format(key=undo)
    if out.state in (Sending.NEEDS_YOU, Sending.UNKNOWN):
        return _("{key} shows in the outbox what happened and what can be done").format(key=outbox)
    return ""


def _heading(who: Content, when: datetime, look: Look) -> Content:
    time = f"{day(when.astimezone(look.now.tzinfo), look.now.date())} {clock_time(when.astimezone(look.now.tzinfo))}"
    room = look.width - len(time) - 1
    if room < 8:
        return who.truncate(look.width, ellipsis=True)
    return Content.assemble(who.truncate(room, ellipsis=True, pad=True), " ", (time, look.styles.quiet))


def _body(text: str, look: Look, style: Style, flagged: tuple[tuple[int, int], ...] = ()) -> Iterator[Content]:
    kept, cut = clip(text, *(WHOLE if look.whole else SHORT))
    if kept:
        yield from _with_flags(kept, flagged, look.styles.warn).stylize_before(style).wrap(look.width)
    if cut:
        left = number(len(text) - len(kept))
        said = _("{count} more characters: m shows the whole message").format(count=left)
        if look.whole:
            said = _("{count} more characters are not shown here: read the message in the portal").format(count=left)
        yield from Content.styled(said, look.styles.warn).wrap(look.width)


def _with_flags(text: str, flagged: tuple[tuple[int, int], ...], style: Style) -> Content:
    """A message with its urgent words in brackets and in their colour."""
    for start, end in reversed(flagged):
        if start < len(text):
            text = f"{text[:start]}{OPENS}{text[start:end]}{CLOSES}{text[end:]}"
    shown = for_display(text)
    if flagged:
        for found in URGENT.finditer(shown.plain):
            shown = shown.stylize(style, *found.span())
    return shown


def _attachments(files: tuple[File, ...], look: Look, style: Style) -> Iterator[Content]:
    for file in files:
        yield attachment_line(file).stylize(style).truncate(look.width, ellipsis=True)


def attachment_line(file: File) -> Content:
    """A file in one line: name, size, type; a document of the record is called one."""
    title = file.name if isinstance(file, LocalFile) else file.title
    parts = [for_display(title or _("without a name"), one_line=True)]
    if file.size is not None:
        parts.append(Content(size_words(file.size)))
    if isinstance(file, Attachment) and file.reference:
        parts.append(Content(_("document of the record")))
    elif file.content_type:
        parts.append(for_display(file.content_type, one_line=True))
    return Content.assemble("▫ ", Content(" · ").join(parts))


def size_words(size: int) -> str:
    """Bytes in words: `312 B`, `24 kB`, `1,2 MB`."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{number(round(size / 1000))} kB"
    return f"{number(round(size / 1_000_000, 1))} MB"


def _marked(mark: str, lines: Iterator[Content], style: Style) -> Iterator[Content]:
    for line in lines:
        yield Content.assemble((mark, style), line)


def _narrower(look: Look, mark: str) -> Look:
    return Look(max(look.width - len(mark), 1), look.now, look.whole, look.styles)


def files_of(draft: Draft | Outgoing) -> tuple[File, ...]:
    """What goes along with a draft: files first, then documents of the record."""
    return (*draft.files, *draft.documents)
