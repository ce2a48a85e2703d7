"""One sentence about what is wrong with a portal; hidden while all is well."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from widgets.display import for_display
from widgets.problems import sentence
from workbench.dialogue.status import Status


class ProblemLine(Static):
    """Stands above the key line whenever a portal cannot be spoken with."""

    DEFAULT_CSS = """
    ProblemLine {
        height: auto; max-height: 3; padding: 0 1; display: none;
        background: $error 20%; color: $text-error;
        &.-shown { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._told: list[tuple[str, str, bool, str]] = []

    def show(self, status: Status) -> None:
        """Says what is wrong, one portal a line; names the portals when there are several."""
        told = [(portal.portal, portal.word, portal.incomplete, portal.text) for portal in status.portals]
        if told == self._told:
            return  # the status changes many times a second during a sync, and each update lays out the screen
        self._told = told
        lines = []
        for portal in status.portals:
            if portal.word or portal.incomplete:
                words = Content(sentence(portal.word or "incomplete"))
                name = (
                    for_display(f"{portal.portal}: ", "bold", one_line=True) if len(status.portals) > 1 else Content("")
                )
                said = for_display(f" ({portal.text})", one_line=True) if portal.text else Content("")
                lines.append(Content.assemble("! ", name, words, said))
        self.set_class(bool(lines), "-shown")
        self.update(Content("\n").join(lines))
