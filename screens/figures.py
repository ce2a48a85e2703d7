"""Between inbox and overview: a figure that is stepped into becomes the list, and going back leads to the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.dialogue.queue import Queue

if TYPE_CHECKING:
    from textual.app import App

    from workbench.session import Session


def is_figure(queue: Queue | None) -> bool:
    """Whether a list is what lies behind a figure, and not one of the queues."""
    return queue is not None and queue.name.startswith("overview:")


class Figures:
    """Shows the overview, and remembers where one stood in it and from which queue one came."""

    def __init__(self, session: Session, app: App[object], remapped: Mapping[str, str]) -> None:
        self._session, self._app, self._remapped = session, app, remapped
        self._places: dict[str, tuple[str, int]] = {}
        self._before: Queue | None = None

    async def look(self, current: Queue | None) -> Queue | None:
        """Shows the overview.

        Args:
            current: What the list shows now.

        Returns:
            What it is to show: what lies behind the figure that was stepped into, or the queue from before the first
            one when the overview is left; None where it is to stay as it is.
        """
        from screens.overview import OverviewScreen

        if not is_figure(current):
            self._before = current
        screen = OverviewScreen(self._session, self._remapped, self._places)
        picked = await self._app.push_screen_wait(screen)
        if picked is not None:
            return picked
        return self._before if is_figure(current) else None
