"""What stands on a host app's screen."""

from textual.app import App
from textual.pilot import Pilot


def lines(app: App[None]) -> list[str]:
    """The screen's lines as text."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def settled(pilot: Pilot[None]) -> None:
    """Waits until what was posted is handled and drawn."""
    await pilot.pause()
    await pilot.pause()
