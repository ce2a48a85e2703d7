"""Another look reaches every word at once: none is left in the colours of the look before."""

from __future__ import annotations

from textual.pilot import Pilot

from widgets.timeline import Timeline
from workbench.snapshot.scenes import SCENES
from workbench.snapshot.stage import perform, staged
from workbench.theme import LOOKS

SCENE = next(scene for scene in SCENES if scene.name == "inbox")


def colours(pilot: Pilot[int]) -> tuple[str, ...]:
    """The colours of a line of the patient's words."""
    line = pilot.app.screen.query_one(Timeline).render_line(1)
    return tuple(str(segment.style.color) for segment in line if segment.style is not None)


async def test_the_conversation_takes_the_colours_of_the_look_that_is_on() -> None:
    seen = []
    with staged(SCENE) as app:
        async with app.run_test(size=SCENE.size) as pilot:
            await perform(pilot, SCENE)
            for _ in range(len(LOOKS) + 1):
                seen.append((app.theme, colours(pilot)))
                await pilot.press("f9")
                await pilot.pause()
    assert len(dict(seen)) == len(LOOKS)
    assert len(set(dict(seen).values())) == len(LOOKS), f"a look has another's colours: {seen}"
    assert seen[-1] == seen[0], "back at the first look, it is as it was"
