"""Keeps what is searched for as a view, and throws a view away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.ask import Ask
from screens.ask_text import AskText
from screens.choose import Choose
from screens.telling import Reporter
from widgets.display import for_display
from widgets.picker import Choice
from workbench.failure import Failure
from workbench.language import _
from workbench.views import LONGEST, Taken, View

if TYPE_CHECKING:
    from workbench.session import Session

OWN, SHARED = "own", "shared"


async def keep_view(session: Session, app: App[object], reporter: Reporter, search: str) -> None:
    """Asks what to call a search, and for whom it is, and keeps it."""
    hint = _("It stands among the queues under this name; enter saves, esc goes back")
    name = await app.push_screen_wait(AskText(Content(_("Save the search as a view")), hint))
    if not name:
        return
    name = " ".join(name.split())[:LONGEST]
    shared = False
    if session.can_share_views:
        choices = [Choice(OWN, _("for me"), ""), Choice(SHARED, _("for everybody at the site"), "")]
        picked = await app.push_screen_wait(Choose(Content(_("For whom")), choices))
        if picked is None:
            return
        shared = picked == SHARED
    try:
        if await _save(session, app, View(name, search.lstrip(), shared)):
            reporter.say(_("Saved as the view {name}").format(name=name))
    except Failure as failure:
        reporter.say(str(failure))


async def _save(session: Session, app: App[object], view: View) -> bool:
    """Saves a view; asks first where another one would go for it. Whether it was saved."""
    try:
        await session.save_view(view)
    except Taken as taken:
        if not await app.push_screen_wait(_whether_to_replace(taken.view)):
            return False
        await session.save_view(view, taken.view)
    return True


def _whether_to_replace(there: View) -> Ask:
    lines = [for_display(there.name, one_line=True), for_display(there.search, one_line=True)]
    if there.shared:
        lines.append(Content(_("Everybody at the site has it, and gets the new one instead.")))
    body = Content("\n").join(line for line in lines if line.plain)
    return Ask(Content(_("Replace this view?")), body, _("replace"), _("keep"), kind="danger")


async def remove_view(session: Session, app: App[object], reporter: Reporter, name: str) -> None:
    """Asks whether a view is to go, and lets it."""
    view = await session.view(name)
    if view is None:
        return
    body = for_display(name, one_line=True)
    if view.shared:
        body = Content("\n").join((body, Content(_("Everybody at the site loses it."))))
    title = Content(_("Throw this view away?"))
    if not await app.push_screen_wait(Ask(title, body, _("throw away"), _("keep"), kind="danger")):
        return
    try:
        await session.remove_view(view)
    except Failure as failure:
        reporter.say(str(failure))
    else:
        reporter.say(_("Thrown away; the conversations are where they were"))
