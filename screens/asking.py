"""Asks what a verb needs: to whom, how urgent, until when. One answer serves one conversation or many."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from textual.app import App
from textual.content import Content

from screens.ask_text import AskText
from screens.choose import Choose
from widgets.display import short_name
from widgets.picker import Choice
from widgets.words import (
    CATEGORIES,
    category_word,
    moment_word,
    pool_word,
    priority_word,
    snooze_word,
    state_word,
)
from workbench.dialogue.held import Directory
from workbench.dialogue.office import Office
from workbench.dialogue.snooze_times import snooze_times
from workbench.dialogue.work import TURNS, Change, Priority, State, Verb
from workbench.language import _


class Answer(NamedTuple):
    """What to do, and what is said once it has been done."""

    change: Change
    said: str


async def hand_over(app: App[object], whom: Content, directory: Directory, owner: str = "") -> Answer | None:
    """To whom or which team, and why.

    Args:
        app: Shows the questions.
        whom: The patient, or how many conversations.
        directory: Who works at the site.
        owner: Reference of who has it now, who is no choice.
    """
    # Teams stand first and are few: where a letter fits both, it is a person's, of whom there are many.
    choices = [Choice(f"pool:{p.code}", pool_word(p.code, p.name), _("team"), yields=True) for p in directory.pools]
    choices += [Choice(c.reference, c.name, c.title) for c in directory.colleagues if c.reference != owner]
    picked = await app.push_screen_wait(Choose(_title(_("Hand over"), whom), choices))
    if picked is None:
        return None
    label = next(c.label for c in choices if c.id == picked)
    hint = _("Why, in a few words: only staff will read it; enter hands over, esc goes back")
    title = Content.assemble(_("Hand over to") + " ", short_name(label))
    note = await app.push_screen_wait(AskText(title, hint, may_be_empty=True))
    if note is None:
        return None
    if picked.startswith("pool:"):
        change = Change(Verb.HAND_OVER, pool=picked.removeprefix("pool:"), note=note)
    else:
        change = Change(Verb.HAND_OVER, owner=picked, owner_name=label, note=note)
    return Answer(change, _("handed over to {name}").format(name=short_name(label)))


async def priority(app: App[object], whom: Content, now: Priority | None = None) -> Answer | None:
    """How much it hurries."""
    choices = [Choice(p.value, priority_word(p), "") for p in reversed(Priority)]
    picked = await app.push_screen_wait(Choose(_title(_("Priority"), whom), choices, highlighted=now))
    if picked is None:
        return None
    chosen = Priority(picked)
    return Answer(Change(Verb.PRIORITY, priority=chosen), priority_word(chosen))


async def category(app: App[object], whom: Content, now: str | None = None) -> Answer | None:
    """What it is about."""
    choices = [Choice(c, category_word(c), c) for c in CATEGORIES]
    picked = await app.push_screen_wait(Choose(_title(_("Category"), whom), choices, highlighted=now))
    return None if picked is None else Answer(Change(Verb.CATEGORY, category=picked), category_word(picked))


async def snooze(
    app: App[object], whom: Content, now: datetime, office: Office | None, *, flagged: bool
) -> Answer | None:
    """Until when, and why."""
    times = snooze_times(now, office, flagged=flagged)
    choices = [
        Choice(each.name, snooze_word(each.name), moment_word(each.until, now) if each.until else "") for each in times
    ]
    picked = await app.push_screen_wait(Choose(_title(_("Snooze"), whom), choices))
    if picked is None:
        return None
    until = next(each.until for each in times if each.name == picked)
    hint = _("Why, in a few words: only staff will read it; enter snoozes, esc goes back")
    title = Content.assemble(_("Snooze") + " · ", snooze_word(picked))
    note = await app.push_screen_wait(AskText(title, hint, may_be_empty=True))
    if note is None:
        return None
    when = moment_word(until, now) if until else snooze_word(picked)
    return Answer(Change(Verb.SNOOZE, until=until, note=note), _("snoozed until {when}").format(when=when))


async def turn(app: App[object], whom: Content) -> Answer | None:
    """Whose turn it is."""
    words = {State.NEW: _("ours")} | {state: state_word(state) for state in TURNS[1:]}
    choices = [Choice(state.value, words[state], "") for state in TURNS]
    picked = await app.push_screen_wait(Choose(_title(_("Whose turn is it?"), whom), choices))
    if picked is None:
        return None
    state = State(picked)
    return Answer(Change(Verb.NEXT, state=state), words[state])


def _title(verb: str, whom: Content) -> Content:
    return Content.assemble(f"{verb} · ", whom)
