"""Who acts, asked when a portal signs nobody in and the command line did not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.dialog import Dialog
from screens.telling import Telling
from widgets.display import for_display
from widgets.picker import Choice, Picker
from widgets.portals import PortalNames
from widgets.problems import asked_once
from workbench.dialogue.people import Me
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


class ChooseMe(Telling, Dialog[Me | None]):
    """Lists those who work at the portal; without a choice one can read but not act."""

    BINDINGS = [Binding("f5", "again", show=False), Binding("escape", "without", show=False)]
    DEFAULT_CSS = """
    ChooseMe {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 96%; height: auto; max-height: 80%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & #said { height: auto; }
    }
    """

    @dataclass
    class Got(Message):
        """Who could act, or why that is not known."""

        people: tuple[Me, ...]
        problem: Content | None = None

    def __init__(self, session: Session, portal: str) -> None:
        super().__init__()
        self._session, self._portal = session, portal
        self._people: tuple[Me, ...] = ()

    def compose(self) -> ComposeResult:
        """A word while the portal is asked."""
        with Vertical(id="box") as box:
            portal = PortalNames.of(self._session.people).name(self._portal)
            title = _("Who are you on the portal {portal}?").format(portal=portal) if portal else _("Who are you?")
            box.border_title = Content(title)
            yield Static(Content(_("asking the portal …")), id="said", markup=False)

    def on_mount(self) -> None:
        """Asks the portal."""
        self._ask()

    @work(group="people", exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        try:
            people = await self._session.candidates(self._portal)
        except Exception as error:  # noqa: BLE001 - any failure is told on this screen
            words = Content(asked_once(str(getattr(error, "word", "internal"))))
            said = for_display(str(getattr(error, "text", "")), one_line=True)
            self.post_message(self.Got((), Content("\n").join([words, said, Content(""), self._keys()])))
            return
        self.post_message(self.Got(people))

    @on(Got)
    async def got(self, event: Got) -> None:
        """Shows who could act."""
        self._people = event.people
        said = self.query_one("#said", Static)
        if event.problem is not None:
            said.update(event.problem)
        elif not event.people:
            said.update(Content("\n").join([Content(_("The portal names nobody who works there.")), self._keys()]))
        else:
            said.display = False
            choices = [Choice(me.reference, me.name, me.title) for me in event.people]
            await self.query_one("#box").mount(Picker(choices))

    def _keys(self) -> Content:
        return Content.styled(_("F5 asks again   esc reads without acting   ctrl+q quits"), "bold")

    @on(Picker.Picked)
    def picked(self, event: Picker.Picked) -> None:
        """Gives back the person."""
        event.stop()
        self.dismiss(next((me for me in self._people if me.reference == event.id), None))

    @on(Picker.Cancelled)
    def cancelled(self, event: Picker.Cancelled) -> None:
        """Gives back nobody."""
        event.stop()
        self.dismiss(None)

    def action_again(self) -> None:
        """Asks the portal again, unless it has told."""
        if self._people:
            return
        self.query_one("#said", Static).update(Content(_("asking the portal …")))
        self._ask()

    def action_without(self) -> None:
        """Gives back nobody."""
        self.dismiss(None)
