"""The scenes that come with the program look as they did when somebody last looked at them."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.snapshot.scenes import SCENES
from workbench.snapshot.stage import perform, staged

BY_NAME = {scene.name: scene for scene in SCENES}
SHOWN = (
    "inbox",
    "reply",
    "reply-confirm",
    "reply-sent",
    "note-confirm",
    "hand-over",
    "search",
    "record",
    "outbox",
    "offline",
    "empty",
    "error",
    "hostile",
    "narrow",
    "middle-note",
    "nynorsk",
    "english",
    "light",
    "contrast",
)


@pytest.mark.parametrize("name", SHOWN)
def test_scene(name: str, snap_compare: Callable[..., bool]) -> None:
    scene = BY_NAME[name]
    with staged(scene) as app:
        assert snap_compare(app, run_before=lambda pilot: perform(pilot, scene), terminal_size=scene.size)


def test_a_change_of_one_letter_is_seen(snap_compare: Callable[..., bool], request: Any) -> None:
    if request.config.option.update_snapshots:
        pytest.skip("nothing is compared while pictures are taken anew")
    scene = BY_NAME["narrow"]
    with staged(scene) as app:
        app.export_screenshot = lambda **_given: "<svg>another</svg>"  # type: ignore[method-assign]
        assert not snap_compare(app, terminal_size=scene.size)
