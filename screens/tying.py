"""Ties a conversation to another of the same patient, goes to what it is tied to, or takes them apart: one choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.content import Content

from screens.choose import Choose
from screens.confirmed import confirmed
from screens.telling import Reporter
from widgets.cells import cut, outside
from widgets.display import short_name
from widgets.picker import Choice
from widgets.words import moment_word, state_word
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Query, Whose
from workbench.dialogue.tie import kept_first
from workbench.dialogue.work import Change, State, Verb
from workbench.language import _, ngettext

if TYPE_CHECKING:
    from workbench.session import Session

MOST: Final = 100
"""Conversations of one patient that are offered."""
TITLE: Final = 30
"""Cells of a title in the choice."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be chosen, and what is to be seen afterwards."""

    label: str
    detail: str
    to: Key
    """The conversation that is shown when it has been done."""
    key: Key | None = None
    """The conversation that a verb is done to; None where it only goes there."""
    change: Change | None = None
    said: str = ""


async def offers_at(session: Session, reporter: Reporter, key: Key) -> tuple[str, tuple[Offer, ...]]:
    """What can be chosen at a conversation, and the patient's name; says so where there is nothing."""
    conversation = await session.conversation(key)
    if conversation is None or conversation.patient is None:
        reporter.say(_("The portal names no patient here"))
        return "", ()
    rows = await _of_patient(session, conversation)
    mine = next((item for item in rows if item.key == key), None)
    offers = tuple(offers_of(conversation, mine, rows, session.clock())) if mine else ()
    if not offers:
        reporter.say(_("The patient has no other conversation on this portal"))
    return short_name(conversation.patient.name), offers


async def choose_tie(
    session: Session,
    app: App[object],
    reporter: Reporter,
    whose: str,
    offers: Sequence[Offer],
    seen: Conversation | None,
) -> Key | None:
    """Lets one be chosen, does it, and tells which conversation is to be shown; None where nothing was done."""
    choices = [Choice(str(place), offer.label, offer.detail) for place, offer in enumerate(offers)]
    title = Content(_("Tie together · {patient}").format(patient=whose))
    picked = await app.push_screen_wait(Choose(title, choices))
    if picked is None:
        return None
    confirmed()
    offer = offers[int(picked)]
    if offer.key is not None and offer.change is not None:
        try:
            await session.act(offer.key, offer.change, seen=seen if seen and seen.key == offer.key else None)
        except Exception as error:  # noqa: BLE001 - any failure is told; nothing was changed
            reporter.report(error)
            return None
        reporter.say(f"{whose}: {offer.said}")
    return offer.to


async def _of_patient(session: Session, conversation: Conversation) -> tuple[Item, ...]:
    """All rows of the patient, open ones first."""
    assert conversation.patient is not None
    query = Query(frozenset(State), portal=conversation.key.portal, patient=conversation.patient.reference)
    page = await session.page(query, 0, MOST)
    return tuple(sorted(page.items, key=lambda item: (item.state is State.DONE, item.order, item.key)))


def offers_of(here: Conversation, mine: Item, rows: Sequence[Item], now: datetime) -> Iterator[Offer]:
    """What can be chosen: merges, links, where one can go, and last what takes ties away.

    Args:
        here: The conversation.
        mine: Its row.
        rows: All rows of the patient on its portal, in the order to offer them.
        now: Aware, in the zone of who reads.
    """
    others = [item for item in rows if item.key != here.key]
    read_with = {one.key for one in here.merged} | {tied.key for tied in here.into}
    links = {tied.key for tied in here.linked}
    if not here.into:
        yield from (_merge(mine, item, now) for item in others if item.key not in read_with and not item.into)
    yield from (_link(here, item, now) for item in others if item.key not in links | read_with)
    for tied in (*here.linked, *here.into):
        yield Offer(_("Go to «{title}»").format(title=_short(tied.title)), state_word(tied.state), tied.key)
    for one in here.merged:
        yield Offer(_("Go to «{title}»").format(title=_short(one.title)), _("merged into this"), one.key)
    yield from _apart(here, {item.key: item for item in rows}, now)


def _merge(mine: Item, other: Item, now: datetime) -> Offer:
    kept, merged = kept_first(mine, other)
    words = _("Merge into «{title}»") if kept is other else _("Merge «{title}» into this")
    said = _("«{merged}» is merged into «{kept}»; l takes them apart again")
    return Offer(
        words.format(title=_short(other.title)),
        _detail(other, now, kept=kept),
        kept.key,
        merged.key,
        Change(Verb.MERGE, other=kept.key.thread),
        said.format(merged=_short(merged.title), kept=_short(kept.title)),
    )


def _link(here: Conversation, other: Item, now: datetime) -> Offer:
    """A link stands on one of the two, always the same, so that two colleagues do not make two of it."""
    first, second = sorted((here.key, other.key))
    return Offer(
        _("Link with «{title}»").format(title=_short(other.title)),
        _detail(other, now),
        here.key,
        first,
        Change(Verb.LINK, other=second.thread),
        _("linked with «{title}»").format(title=_short(other.title)),
    )


def _apart(here: Conversation, rows: Mapping[Key, Item], now: datetime) -> Iterator[Offer]:
    """What takes ties away again: each by itself, told apart by its last words where titles are alike."""
    words, said = _("Take apart from «{title}»"), _("«{title}» stands by itself again")
    for tied in here.into:
        change = Change(Verb.SPLIT, other=tied.key.thread)
        yield Offer(
            words.format(title=_short(tied.title)),
            moment_word(tied.latest, now),
            here.key,
            here.key,
            change,
            said.format(title=_short(here.title)),
        )
    for one in here.merged:
        change = Change(Verb.SPLIT, other=one.into)
        title = _short(one.title)
        detail = _goes_along(rows[one.key], now) if one.key in rows else ""
        yield Offer(words.format(title=title), detail, here.key, one.key, change, said.format(title=title))
    for tied in here.linked:
        first, second = (here.key, tied.key) if tied.here else (tied.key, here.key)
        title = _short(tied.title)
        yield Offer(
            _("Unlink from «{title}»").format(title=title),
            moment_word(tied.latest, now),
            here.key,
            first,
            Change(Verb.UNLINK, other=second.thread),
            _("no longer linked with «{title}»").format(title=title),
        )


def _goes_along(item: Item, now: datetime) -> str:
    """When it was last written in, and how much that was merged into it leaves with it."""
    joined = ngettext("{n} merged into it", "{n} merged into it", item.joined).format(n=item.joined)
    return " · ".join((moment_word(item.latest, now), *((joined,) if item.joined else ())))


def _short(title: str) -> str:
    return cut(outside(title) or _("(no subject)"), TITLE)


def _detail(item: Item, now: datetime, *, kept: Item | None = None) -> str:
    """Where it stands, since when, and whether the patient wrote of something urgent in it.

    Args:
        item: The other conversation.
        now: Aware, in the zone of who reads.
        kept: What a merge would keep, where that may be the conversation one is at: a colleague who has it is named.
    """
    here = kept is not None and kept is not item and kept.whose is Whose.COLLEAGUE
    names = [_with_whom(kept, _("this is with {name}"))] if kept is not None and here else []
    taken = item.whose is Whose.COLLEAGUE
    if taken:
        names.append(_with_whom(item, _("with {name}")))
    stands = () if taken and item.state is State.CLAIMED else (state_word(item.state),)
    flag = (_("red flag"),) if item.flag else ()
    return " · ".join((*names, *stands, moment_word(item.latest, now), *flag))


def _with_whom(item: Item, words: str) -> str:
    return words.format(name=outside(item.owner_name) or _("a colleague"))
