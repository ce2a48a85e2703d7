"""Takes back what was done: the last step, or one picked from all of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.choose import Choose
from screens.confirmed import confirmed
from screens.telling import Reporter
from widgets.picker import Choice
from widgets.step_words import line_state, outcome_words, step_words
from workbench.dialogue.steps import Step, Undone
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


async def pick_step(session: Session, app: App[object], reporter: Reporter) -> Step | None:
    """Shows all steps, newest first, each with whether it can be taken back, and lets the user pick one for that."""
    lines, now = tuple(reversed(await session.journal())), session.clock()
    if not lines:
        reporter.say(_("You have done nothing in this session yet"))
        return None
    choices = [Choice(str(line.step.number), step_words(line.step, now), line_state(line, now)) for line in lines]
    title = Content(_("What you did in this session · enter takes it back"))
    picked = await app.push_screen_wait(Choose(title, choices))
    return None if picked is None else session.steps.find(int(picked))


async def words_back(session: Session, reporter: Reporter, step: Step) -> bool:
    """Whether the words of a step can be opened to go on writing; says why where they cannot."""
    outcome = await session.pass_over(step.number)
    if outcome is not Undone.OPENED:
        reporter.say(f"{step_words(step, session.clock())}: {outcome_words(step, outcome)}")
    return outcome is Undone.OPENED


async def take_back(session: Session, reporter: Reporter, step: Step) -> None:
    """Takes a step back and says what became of it."""
    confirmed()
    try:
        done = await session.undo(step.number)
    except Exception as error:  # noqa: BLE001 - any failure is told
        reporter.report(error)
        return
    if done is None:
        reporter.say(_("{step} has been taken back already").format(step=step_words(step, session.clock())))
    else:
        reporter.say(f"{step_words(step, session.clock())}: {outcome_words(step, done)}")
