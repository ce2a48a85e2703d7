"""One conversation as two lines of a list: a pure function from values to words with their looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from rich.cells import cell_len

from widgets.cells import cut, outside
from widgets.match import match_parts
from widgets.portals import ONE_PORTAL, PortalNames
from widgets.words import (
    age_word,
    category_word,
    deadline_word,
    moment_word,
    priority_sign,
    priority_word,
    sending_word,
    state_word,
)
from workbench.dialogue.office import Office
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.presence import Doing, Presence
from workbench.dialogue.queue import InGroup, Item, Whose
from workbench.dialogue.work import ACTIVE, Priority, State
from workbench.language import _, ngettext

ROW_HEIGHT: Final = 2
GUTTER: Final = 3
"""Cells before the words: the cursor's bar, a sign, a blank."""
AGE: Final = 7
"""Cells of the age, right-aligned, so that the names before it stand in one column."""
NARROWEST: Final = 20
"""Rows are laid out for at least this many cells, and cropped below that."""
BETWEEN: Final = " · "
SPACIOUS: Final = 56
"""Cells from which there is room for the beginning of the message, and for a portal's whole name."""
ROOMY: Final = 46
"""Cells from which a deadline is told in whole words."""
TIGHT: Final = 28
"""Cells below which it is not told how long something is overdue."""
NEVER_SKIPPED: Final = 4
"""Parts of the second line up to this rank are cut where they do not fit: the outbox, a red flag, a colleague who
is at it, what it was merged into, whose it is."""
GAP: Final = 2
"""Cells before a deadline at least, but for one where not even a sign would fit beside it."""
SHORTEST: Final = 8
"""Cells a part is cut to at least."""
BAR, UNREAD, MARK, DRAFT, FLAG, LINKED = "▌", "●", "✓", "✎", "!", "↔"
PRESENT: Final = {Doing.WRITING: "◆", Doing.READING: "◇"}
SENDING_SIGNS: Final = {
    Sending.QUEUED: "↑",
    Sending.SENDING: "↑",
    Sending.SENT: "↑",
    Sending.UNKNOWN: "?",
    Sending.NEEDS_YOU: "×",
}


class Look(StrEnum):
    """What a piece of a row is, as the list's component classes name it."""

    PLAIN = "row--plain"
    UNREAD = "row--unread"
    NAME = "row--name"
    QUIET = "row--quiet"
    URGENT = "row--urgent"
    ALERT = "row--alert"
    SIGN = "row--sign"


class Piece(NamedTuple):
    """Some words of a line in one look."""

    text: str
    look: Look


Line = tuple[Piece, ...]


class _Part(NamedTuple):
    """A candidate for the second line, each of another rank; where not all fit, the lowest rank stays."""

    rank: int
    text: str
    look: Look


def row_lines(
    item: Item,
    width: int,
    now: datetime,
    *,
    cursor: bool = False,
    marked: bool = False,
    portals: PortalNames = ONE_PORTAL,
    office: Office | None = None,
) -> tuple[Line, Line]:
    """The two lines of a row, each exactly so many cells wide and free of control characters.

    When the width is short the least important goes first: the preview, attachments, who wrote, the subject
    matter, the age. The patient's name, a red flag, the deadline, and what needs the user, stay, and so does the
    portal's name where there are several: in brackets, at the beginning of the second line. For the deadline, in the
    narrowest list, what is in the outbox is told by its sign alone and the portal's name goes.

    Args:
        item: What is held of the conversation.
        width: Cells of a line.
        now: Aware, in the zone of who reads.
        cursor: Whether the cursor stands on it.
        marked: Whether it is selected.
        portals: What the portals are called.
        office: Whose working days tell how long something is overdue; None where that is not told.
    """
    above, below = _bracket(item.group)
    room = max(width, NARROWEST) - GUTTER - len(above) - 1
    bar = BAR if cursor else " "
    first = (_gutter(bar, UNREAD if item.unread else " ", above), *_first(item, room, now))
    second = (_gutter(bar, MARK if marked else _sign(item.present), below), *_second(item, room, now, portals, office))
    return _exact(first, width), _exact(second, width)


def placeholder_lines(width: int, *, cursor: bool = False) -> tuple[Line, Line]:
    """What stands where a row is not held yet."""
    gutter = _gutter(BAR if cursor else " ", " ")
    dots = Piece("· · ·", Look.QUIET)
    return _exact((gutter, dots), width), _exact((gutter,), width)


def short_name(name: str, birth: str, cells: int, *, full: bool = False) -> str:
    """A patient in a list: family name, initial and birth year, as `Solberg I 79`.

    Two patients who share a short name stand in the same list sooner or later; the year tells most of them apart.
    A long family name is cut, never the initial or the year.

    Args:
        name: As the portal wrote it, given names first unless a comma says otherwise; text from outside.
        birth: FHIR date, possibly partial, or anything else.
        cells: Cells there are.
        full: Show the first given name whole.
    """
    words = outside(name)
    if not words:
        return cut(_("unknown patient"), cells)
    family, comma, given = words.partition(",")
    if not comma:
        given, _blank, family = words.rpartition(" ")
    first = (given.split() or [""])[0]
    year = birth[2:4] if birth[:4].isascii() and birth[:4].isdigit() and len(birth) >= 4 else ""
    tail = "".join(f" {word}" for word in (first if full else first[:1], year) if word)
    if cells - cell_len(tail) < 4:
        return cut(family.strip() + tail, cells)
    return cut(family.strip(), cells - cell_len(tail)) + tail


def _first(item: Item, room: int, now: datetime) -> Line:
    age = f" {age_word(item.waits_since, now)}".rjust(AGE) if room >= 36 else ""
    space = room - len(age)
    name = short_name(item.patient_name, item.birth, max(space - 8, 12), full=room >= 76)
    signs = priority_sign(item.priority) or (FLAG if item.flag else "")
    alert = item.priority is Priority.STAT or bool(item.flag)
    title = outside(item.title) or _("(no subject)")
    left = cut(title, space - cell_len(name) - 1 - (len(signs) + 1 if signs else 0))
    lead = (Piece(f"{signs} ", Look.ALERT if alert else Look.URGENT),) if signs else ()
    gap = space - cell_len(name) - cell_len(left) - (len(signs) + 1 if signs else 0)
    return (
        *lead,
        Piece(left, Look.UNREAD if item.unread else Look.PLAIN),
        Piece(" " * gap + name, Look.NAME),
        Piece(age, Look.QUIET),
    )


def _second(item: Item, room: int, now: datetime, portals: PortalNames, office: Office | None) -> Line:
    parts = _parts(item, now)
    wanted = cell_len(parts[0].text) if item.sending else 0
    tag = portals.tag(item.key.portal, short=room < SPACIOUS)
    lead = (Piece(f"{tag} ", Look.PLAIN),) if tag else ()
    taken = cell_len(lead[0].text) if lead else 0
    due, look = "", Look.QUIET
    if item.due and item.state is not State.DONE:
        due, look = _deadline(item, now, room, room - taken - wanted - GAP, office), _look_of(item, now)
    if due and room - taken - cell_len(due) - GAP < min(wanted, 1):
        lead, taken = (), 0
    beside = room - taken - cell_len(due)
    space = max(beside - GAP, min(beside, wanted, 1)) if due else beside
    if item.sending and space < min(wanted, SHORTEST):
        parts[0] = parts[0]._replace(text=SENDING_SIGNS[item.sending])
    said = _said(item, parts, space, spacious=room >= SPACIOUS) if item.match is None else _found(item, space)
    pieces = [*lead, *said]
    used = sum(cell_len(piece.text) for piece in pieces)
    return (*pieces, Piece(" " * (room - used - cell_len(due)), Look.QUIET), Piece(due, look))


def _deadline(item: Item, now: datetime, room: int, space: int, office: Office | None) -> str:
    """A deadline in the most words there is room for; in the fewest where there is not even room for those."""
    assert item.due is not None
    ours = item.state in ACTIVE
    counted = deadline_word(item.due, now, office if room >= TIGHT else None, roomy=room >= ROOMY, ours=ours)
    return counted if cell_len(counted) <= space else deadline_word(item.due, now, ours=ours)


def _said(item: Item, parts: list[_Part], space: int, *, spacious: bool) -> list[Piece]:
    """The parts that fit, and the beginning of the message where there is room for it."""
    pieces = list(_joined(_fitting(parts, space)))
    left = space - sum(cell_len(piece.text) for piece in pieces) - len(BETWEEN)
    if spacious and left >= 12 and item.preview:
        pieces.append(Piece(BETWEEN + cut(outside(item.preview), left), Look.QUIET))
    return pieces


def _found(item: Item, space: int) -> list[Piece]:
    """What a search found in it, behind the sign of what is in the outbox."""
    assert item.match is not None
    pieces = []
    if item.sending:
        look = Look.ALERT if item.sending in (Sending.NEEDS_YOU, Sending.UNKNOWN) else Look.SIGN
        pieces.append(Piece(f"{SENDING_SIGNS[item.sending]} ", look))
        space -= 2
    before, words, after = match_parts(item.match, space)
    return [*pieces, Piece(before, Look.QUIET), Piece(words, Look.NAME), Piece(after, Look.QUIET)]


def _look_of(item: Item, now: datetime) -> Look:
    """A deadline's look, which says once more what its words say: overdue, due today, or another day."""
    assert item.due is not None
    if item.due <= now:
        return Look.ALERT if item.state in ACTIVE else Look.QUIET
    return Look.URGENT if item.due.astimezone(now.tzinfo).date() == now.date() else Look.QUIET


def _parts(item: Item, now: datetime) -> list[_Part]:
    """All that may stand on the second line, in the order it is read."""
    parts = []
    if item.sending:
        look = Look.ALERT if item.sending in (Sending.NEEDS_YOU, Sending.UNKNOWN) else Look.SIGN
        parts.append(_Part(0, f"{SENDING_SIGNS[item.sending]} {sending_word(item.sending)}", look))
    if item.flag:
        parts.append(_Part(1, f"«{cut(outside(item.flag_words), 40)}»", Look.ALERT))
    if item.present:
        parts.append(_present(item.present))
    if item.into:
        parts.append(_Part(3, _("merged into «{title}»").format(title=cut(outside(item.into), 30)), Look.SIGN))
    if item.draft:
        parts.append(_Part(6, f"{DRAFT} {_('draft')}", Look.SIGN))
    if item.priority is not Priority.ROUTINE:
        parts.append(_Part(5, priority_word(item.priority), Look.URGENT))
    if item.category:
        parts.append(_Part(7, cut(outside(category_word(item.category)), 24), Look.QUIET))
    parts.append(_Part(4, _standing(item, now), Look.QUIET))
    if item.writer:
        parts.append(_Part(8, _("written by {name}").format(name=cut(outside(item.writer), 18)), Look.QUIET))
    if item.joined:
        text = ngettext("{n} merged into it", "{n} merged into it", item.joined).format(n=item.joined)
        parts.append(_Part(9, text, Look.QUIET))
    if item.linked:
        parts.append(_Part(10, f"{LINKED} {_('linked')}", Look.QUIET))
    if item.attachments:
        text = ngettext("{n} attachment", "{n} attachments", item.attachments).format(n=item.attachments)
        parts.append(_Part(11, text, Look.QUIET))
    return parts


def _sign(present: tuple[Presence, ...]) -> str:
    """Tells of a colleague also where there is no room for words."""
    return PRESENT[present[0].doing] if present else " "


def _present(present: tuple[Presence, ...]) -> _Part:
    """The colleague who is there, one who writes before one who reads, and how many more."""
    first, more = present[0], len(present) - 1
    name = (cut(_familiar(outside(first.name)), 14) or _("a colleague")) + (f" +{more}" if more else "")
    writes = first.doing is Doing.WRITING
    said = _("{name} writes") if writes else _("{name} reads")
    return _Part(2, said.format(name=name), Look.URGENT if writes else Look.SIGN)


def _familiar(name: str) -> str:
    """How colleagues call each other where there is little room: the first name, and the letter of the last."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first


def _standing(item: Item, now: datetime) -> str:
    """Whose it is, and where the work stands when that is not said by the owner alone."""
    owner = {
        Whose.ME: _("yours"),
        Whose.NOBODY: _("unclaimed"),
        Whose.COLLEAGUE: cut(outside(item.owner_name), 18) or _("a colleague's"),
    }[item.whose]
    if item.state in (State.NEW, State.CLAIMED):
        return owner
    word = state_word(item.state)
    if item.state is State.SNOOZED and item.wakes is not None:
        word = _("snoozed until {when}").format(when=moment_word(item.wakes, now))
    return word if item.whose is Whose.NOBODY else f"{word}, {owner}"


def _fitting(parts: list[_Part], space: int) -> list[_Part]:
    """Those of the parts that fit side by side, the important ones first; the most important are cut, not skipped."""
    kept: dict[int, _Part] = {}
    left = space
    for part in sorted(parts):
        between = len(BETWEEN) if kept else 0
        room = left - between
        text = cut(part.text, room) if part.rank <= NEVER_SKIPPED and (room >= SHORTEST or not kept) else part.text
        if cell_len(text) <= room:
            kept[part.rank] = part._replace(text=text)
            left -= between + cell_len(text)
    return [kept[part.rank] for part in parts if part.rank in kept]


def _joined(parts: Iterable[_Part]) -> Iterable[Piece]:
    for place, part in enumerate(parts):
        if place:
            yield Piece(BETWEEN, Look.QUIET)
        yield Piece(part.text, part.look)


def _bracket(group: InGroup | None) -> tuple[str, str]:
    """What holds the rows of one patient together at their left, on a row's two lines; nothing where it is alone."""
    if group is None:
        return "", ""
    return "┌" if group.first else "└" if group.last else "├", " " if group.last else "│"


def _gutter(bar: str, sign: str, bracket: str = "") -> Piece:
    text = f"{bar}{sign}{bracket} "
    return Piece(text, Look.PLAIN if text.isspace() else Look.SIGN)


def _exact(line: Line, width: int) -> Line:
    """The line in exactly so many cells."""
    out, left = [], width
    for piece in line:
        cells = cell_len(piece.text)
        if cells > left:
            piece, cells = Piece(cut(piece.text, left), piece.look), left
        if piece.text:
            out.append(piece)
            left -= cell_len(piece.text)
    if left:
        out.append(Piece(" " * left, Look.QUIET))
    return tuple(out)
