"""Does one verb to all conversations that are selected, once every patient it touches has been shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.content import Content

from screens import asking
from screens.ask import Ask
from screens.asking import Answer
from screens.confirmed import confirmed
from screens.telling import Reporter
from screens.why import Why
from widgets.change_words import change_words
from widgets.plan_lines import counted, plan_lines
from widgets.words import total_word
from workbench.dialogue.bulk import Plan, meant, plan
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Total
from workbench.dialogue.work import Change, Verb
from workbench.language import N_, _, ngettext

if TYPE_CHECKING:
    from workbench.session import Session

ABLE = ("claim", "hand_over", "done", "priority", "category", "snooze", "turn")
"""Verbs that can be done to many."""

SAID: Final[Mapping[Verb, str]] = {
    Verb.CLAIM: N_("claimed by you"),
    Verb.RELEASE: N_("released by you"),
    Verb.DONE: N_("done"),
    Verb.REOPEN: N_("opened again"),
    Verb.WAKE: N_("brought back"),
}
"""What is said once it has been done of verbs that ask for nothing."""
ALONE: Final[Mapping[str, str]] = {
    "reply": N_("A reply is written to one patient, never to many at once"),
    "note": N_("A note is written about one patient, never about many at once"),
    "receipt": N_("A receipt promises one patient an answer, never many at once"),
    "attach": N_("A file is attached for one patient, never for many at once"),
    "tie": N_("Merging and linking is decided on one conversation, never on many at once"),
}
"""Verbs that are done to one alone, and why."""


def why_alone(verb: str, count: int, key: str) -> str:
    """Why a verb is not done while others are selected.

    Args:
        verb: One of `ALONE`.
        count: How many are selected.
        key: What lets go of them.
    """
    said = ngettext(
        "{why}: {count} conversation is selected, {key} lets go of it",
        "{why}: {count} conversations are selected, {key} lets go of them",
        count,
    )
    return said.format(why=_(ALONE[verb]), count=count, key=key)


class Bulk:
    """Performs verbs on many conversations through the session."""

    def __init__(self, session: Session, app: App[object], reporter: Reporter) -> None:
        self._session, self._app, self._reporter = session, app, reporter

    async def act(self, verb: str, keys: Collection[Key], of: Total | None = None) -> bool:
        """Asks what the verb needs, shows whom it touches, and does it.

        Args:
            verb: One of `ABLE`.
            keys: What is selected.
            of: How many the list holds, where all of it was meant and that is more; None where nothing is to be said.

        Returns:
            Whether it was done to any.
        """
        rows = await self._session.rows(keys)
        portal = next(iter(rows)).portal if rows else ""
        count = ngettext("{count} conversation", "{count} conversations", len(rows)).format(count=len(rows))
        beyond = "" if of is None else " · " + _("the list holds {count}").format(count=total_word(of))
        answer = await self._ask(verb, rows.values(), Content(count + beyond), portal)
        if answer is None:
            return False
        planned = await self._plan(answer.change, keys, portal)
        if not planned.to:
            nothing = _("There is nothing among what is selected that this can be done to")
            await self._app.push_screen_wait(Why(nothing, plan_lines(planned)))
            return False
        change = answer.change
        what = change_words(change.verb, change, self._session.clock())
        title = Content.assemble(f"{what[:1].upper()}{what[1:]} · ", counted(planned), beyond)
        if not await self._app.push_screen_wait(Ask(title, plan_lines(planned), _("do it"), _("back"))):
            return False
        confirmed()
        return await self._carry_out(planned, answer.said)

    async def _plan(self, change: Change, keys: Collection[Key], portal: str) -> Plan:
        """What will be done, as everything is held once nothing more is asked."""
        seen = await self._session.seen(keys)
        rows = await self._session.rows(keys)
        only = portal if change.verb is Verb.HAND_OVER else ""
        return plan(change, rows.values(), self._session.clock(), portal=only, seen=seen)

    async def _carry_out(self, planned: Plan, said: str) -> bool:
        """Does it to what is as it was shown, and names what is not."""
        try:
            done = await self._session.act_all(planned)
        except Exception as error:  # noqa: BLE001 - any failure is told; nothing was changed
            self._reporter.report(error)
            return False
        if done.to:
            self._reporter.say(f"{counted(done)}: {said}")
        if done.left_out:
            await self._app.push_screen_wait(Why(_("Not done: changed meanwhile"), plan_lines(replace(done, to=()))))
        return bool(done.to)

    async def _ask(self, verb: str, rows: Collection[Item], whom: Content, portal: str) -> Answer | None:
        match verb:
            case "claim" | "done" | "snooze" if (what := meant(Verb(verb), rows)) in SAID:
                return Answer(Change(what), _(SAID[what]))
            case "hand_over":
                return await asking.hand_over(self._app, whom, await self._session.directory(portal))
            case "priority":
                return await asking.priority(self._app, whom)
            case "category":
                return await asking.category(self._app, whom)
            case "snooze":
                now, office = self._session.clock(), self._session.office
                return await asking.snooze(self._app, whom, now, office, flagged=False)
            case _:
                return await asking.turn(self._app, whom)
