"""Takes back what was done: the last step, or one picked from all of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.choose import Choose
from screens.confirmed import confirmed
from screens.telling import Reporter
from widgets.picker import Choice
from widgets.step_words import outcome_words, step_state, step_words
from workbench.dialogue.steps import Step, Undone
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


async def pick_step(session: Session, app: App[object]) -> Step | None:
    """Shows all steps of the session, newest first, and lets the user pick one to take back."""
    steps = tuple(reversed(session.steps.done))
    now = session.clock()
    choices = [Choice(str(step.number), step_words(step), step_state(step, now)) for step in steps]
    title = Content(_("Take back a step of this session"))
    picked = await app.push_screen_wait(Choose(title, choices))
    return None if picked is None else session.steps.find(int(picked))


async def words_back(session: Session, reporter: Reporter, step: Step) -> bool:
    """Whether the words of a step can be opened to go on writing; says why where they cannot."""
    outcome = await session.pass_over(step.number)
    if outcome is not Undone.OPENED:
        reporter.say(f"{step_words(step)}: {outcome_words(step, outcome)}")
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
        reporter.say(_("{step} has been taken back already").format(step=step_words(step)))
    else:
        reporter.say(f"{step_words(step)}: {outcome_words(step, done)}")
