"""A frame that is lit while something in it has the focus, at the cost of its own style alone."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


class Lit(Widget):
    """Has the class `-lit` while the focus is within. What is inside must not depend on that class.

    With `:focus-within`, Textual styles everything inside anew each time the focus comes or goes: some 20 ms a
    conversation that is opened.
    """

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Lights up."""
        self._light()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Goes out, unless the focus stays within."""
        self._light()

    def _light(self) -> None:
        focused = self.screen.focused
        lit = focused is not None and self in focused.ancestors_with_self
        if lit != self.has_class("-lit"):
            self.set_class(lit, "-lit", update=False)
            self.app.stylesheet.apply(self)
