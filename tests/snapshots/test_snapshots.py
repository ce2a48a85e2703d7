"""The scenes that come with the program look as they did when somebody last looked at them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.slices import Slices
from workbench.snapshot.scenes import SCENES
from workbench.snapshot.stage import perform, shoot, staged

BY_NAME = {scene.name: scene for scene in SCENES}
SLICE = 4
"""Of so many scenes whose pictures nobody keeps one is played; all of them with `--whole`."""
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
    "outbox-small",
    "both-sides",
    "both-sides-small",
    "overview",
    "overview-small",
    "handover",
    "two-portals",
    "two-portals-small",
    "two-portals-confirm",
    "one-portal-down",
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


def test_a_change_of_one_letter_is_seen(snap_compare: Callable[..., bool], request: pytest.FixtureRequest) -> None:
    if request.config.option.update_snapshots:
        pytest.skip("nothing is compared while pictures are taken anew")
    scene = BY_NAME["narrow"]
    with staged(scene) as app:
        app.export_screenshot = lambda **_given: "<svg>another</svg>"  # type: ignore[method-assign]
        assert not snap_compare(app, terminal_size=scene.size)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_scenes_that_are_not_kept_play_to_their_end(part: int, slices: Slices) -> None:
    for scene in slices.some([scene for scene in SCENES if scene.name not in SHOWN][part::4], SLICE):
        shown = shoot(scene)
        assert (shown.width, shown.height) == scene.size, scene.name
        assert len(set(shown.text)) > 20, scene.name


def test_the_picture_in_the_readme_is_the_scene_of_that_name(request: pytest.FixtureRequest) -> None:
    if request.config.option.update_snapshots:
        pytest.skip("pictures taken anew are written when all tests are done")
    here = Path(__file__)
    kept = here.parent / "__snapshots__" / here.stem / "test_scene[inbox].svg"
    readme = here.parents[2] / "docs" / "inbox.svg"
    assert readme.read_bytes() == kept.read_bytes(), "run workbench snapshot take inbox --out docs --formats svg"
