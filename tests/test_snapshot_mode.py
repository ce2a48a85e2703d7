"""The tester's mode: the same picture everywhere, what changed on one page, scenes of one's own."""

import os
import re
import signal
import struct
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.cli.running import one_sentence, workbench
from tests.terminal.harness import WORKBENCH, Program
from workbench import language
from workbench.failure import Exit, Failure
from workbench.snapshot import command, png, stage
from workbench.snapshot.boxes import Rect, rectangles
from workbench.snapshot.differences import What, differences
from workbench.snapshot.page import page
from workbench.snapshot.picture import Ink, Picture, Run
from workbench.snapshot.scene import Scene
from workbench.snapshot.scene_file import add, scenes_in
from workbench.snapshot.scenes import SCENES
from workbench.snapshot.stage import shoot
from workbench.snapshot.svg import svg

SMALL = """
[[scene]]
name = "small"
conversations = 3
size = "60x12"
language = "en"

[[scene]]
name = "other"
conversations = 3
size = "60x12"
language = "en"
keys = ["j", "enter", "r", "type:Hei på deg"]
"""
HERE = {"TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "NO_COLOR": "1", "TERM": "dumb", "COLORTERM": ""}
THERE = {
    "TZ": "Asia/Tokyo",
    "LANG": "nn_NO.UTF-8",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "TEXTUAL_THEME": "nord",
    "TEXTUAL_ANIMATIONS": "full",
    "TEXTUAL_DIM_FACTOR": "10",
    "COLUMNS": "40",
    "PYTHONHASHSEED": "7",
}
PLAIN = Ink("#ffffff", "#000000")


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    file = tmp_path / "scenes.toml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_the_same_scenes_give_the_same_bytes_wherever_they_are_taken(tmp_path: Path) -> None:
    names = ("reply-confirm", "outbox", "hostile", "record", "error")

    def take(folder: Path, environment: dict[str, str]) -> None:
        done = workbench("snapshot", "take", *names, "--out", str(folder), "--formats", "svg,txt", **environment)
        assert done.returncode == 0, done.stderr

    with ThreadPoolExecutor() as pool:
        list(pool.map(take, (tmp_path / "here", tmp_path / "far" / "there"), (HERE, THERE)))
    here, there = (
        {file.name: file.read_bytes() for file in folder.iterdir()}
        for folder in (tmp_path / "here", tmp_path / "far/there")
    )
    assert len(here) == 2 * len(names)
    assert here == there


def test_a_picture_leaves_nothing_in_the_home_and_speaks_with_nobody(surroundings: Path) -> None:
    # Connections are refused by the suite's own guard.
    assert "Litt sliten" in shoot(Scene("x", conversations=3, size=(100, 20))).text
    assert not list(surroundings.iterdir())


def test_svg_names_no_address_and_is_what_an_xml_reader_takes() -> None:
    drawn = svg(shoot(Scene("x", data="hostile", conversations=9, size=(100, 30), keys=("j", "enter"))))
    assert re.findall(r"\w+://[^\"]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in drawn
    tree = ET.fromstring(drawn)
    words = " ".join(each.text or "" for each in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert "⟦U+001B⟧" in words


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ending_the_program_while_a_scene_is_played_ends_it_and_takes_no_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def perform(pilot: Pilot[None], _scene: Scene) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await pilot.pause(0.2)

    monkeypatch.setattr(stage, "perform", perform)
    with pytest.raises(KeyboardInterrupt):
        shoot(Scene("x", conversations=3, size=(70, 18)))


def test_every_row_of_the_text_is_as_wide_as_the_screen() -> None:
    text = shoot(Scene("x", conversations=3, size=(70, 18))).text
    assert [len(line) for line in text.splitlines()] == [70] * 18


def test_wide_characters_take_two_cells_in_svg() -> None:
    drawn = svg(Picture(6, 1, "wide", "#000000", ((Run(0, 6, "a漢b  ", PLAIN),),)))
    assert re.findall(r'x="(\d+)" y="\d+" textLength="(\d+)"[^>]*>(.)<', drawn) == [
        ("0", "8", "a"),
        ("8", "16", "漢"),
        ("24", "8", "b"),
    ]


def test_lines_reach_the_sides_of_their_cells_and_meet_in_the_middle() -> None:
    assert rectangles("─", 8, 16) == (Rect(0, 7, 8, 1),)
    assert rectangles("│", 8, 16) == (Rect(3, 0, 1, 16),)
    assert set(rectangles("╭", 8, 16)) == {Rect(3, 7, 5, 1), Rect(3, 7, 1, 9)}
    assert rectangles("━", 8, 16) == (Rect(0, 7, 8, 2),)
    assert len(rectangles("═", 8, 16)) == 2
    assert rectangles("▌", 8, 16) == (Rect(0, 0, 4, 16),)
    assert rectangles("█", 8, 16) == (Rect(0, 0, 8, 16),)
    assert len(rectangles("┆", 8, 16)) == 3
    assert rectangles("a", 8, 16) == ()


@pytest.mark.skipif(bool(png.why_not()), reason="Pillow or a font is missing")
def test_png_has_the_size_of_its_cells_and_the_colours_of_the_picture() -> None:
    drawn = png.png(Picture(2, 1, "x", "#102030", ((Run(0, 2, "█ ", Ink("#ff0000", "#102030")),),)))
    assert struct.unpack(">II", drawn[16:24]) == (2 * png.WIDTH, png.HEIGHT)
    from io import BytesIO

    from PIL import Image

    image = Image.open(BytesIO(drawn))
    assert image.getpixel((3, 3)) == (255, 0, 0)
    assert image.getpixel((png.WIDTH + 3, 3)) == (16, 32, 48)


def test_without_pillow_the_other_formats_are_written_and_a_sentence_says_why(
    scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    language.use("en")
    for name in ("PIL", "PIL.ImageFont"):
        monkeypatch.setitem(sys.modules, name, None)
    out = tmp_path / "out"
    assert command.take(scenes, ["small"], out, "png,txt") == Exit.WELL
    assert "Pillow is not installed" in capsys.readouterr().err
    assert [file.name for file in out.iterdir()] == ["small.txt"]
    with pytest.raises(Failure, match="Pillow is not installed"):
        command.take(scenes, ["small"], out, "png")


def test_compare_is_well_when_nothing_changed_and_tells_what_did(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    language.use("en")
    out, report = tmp_path / "out", tmp_path / "deep" / "report.html"
    command.take(scenes, [], out, "svg,txt")
    assert command.compare(scenes, out, report) == Exit.WELL

    (out / "other.txt").write_text((out / "other.txt").read_text("utf-8").replace("Hei på deg", "Hei på dag"), "utf-8")
    (out / "small.svg").write_text((out / "small.svg").read_text("utf-8").replace("#11161b", "#222222"), "utf-8")
    (out / "gone.txt").write_text("<script>x</script>\n", "utf-8")
    capsys.readouterr()
    assert command.compare(scenes, out, report) == Exit.FAILED
    told = capsys.readouterr().out
    assert "other: other words" in told
    assert "small: other looks, the same words" in told
    assert "gone: kept, but no scene any more" in told
    assert "3 of 3 scenes differ" in told
    shown = report.read_text("utf-8")
    marked = re.findall(r'<span class="changed">(.*?)</span>', shown)
    assert any("Hei på dag" in line for line in marked)
    assert any("Hei på deg" in line for line in marked)
    assert "<script>" not in shown


def test_a_scene_of_which_nothing_is_kept_is_a_difference(scenes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command.take(scenes, ["small"], out, "txt")
    assert command.compare(scenes, out, tmp_path / "report.html") == Exit.FAILED


def test_nothing_kept_is_said_in_a_sentence(scenes: Path, tmp_path: Path) -> None:
    for kept in (tmp_path / "nowhere", tmp_path):
        done = workbench("--lang", "en", "snapshot", "compare", "--scenes", str(scenes), "--kept", str(kept))
        assert done.returncode == Exit.FAILED
        assert "workbench snapshot take" in one_sentence(done)


def test_the_page_holds_all_it_shows_and_nothing_in_it_runs() -> None:
    bad = "<script>alert(1)</script>\x1b]0;x\x07 & \"'"
    shown = page(
        differences(
            {"a": {"txt": bad, "svg": "<svg onload='x'/>"}, bad: {"txt": "x"}}, {"a": {"txt": "other", "svg": "<svg/>"}}
        )
    )
    assert "<script" not in shown
    assert "\x1b" not in shown
    assert "onload" not in shown
    assert not re.findall(r"(?:src|href)=\"(?!data:image/svg\+xml;base64,|#)", shown)
    pictures = re.findall(r"base64,([A-Za-z0-9+/=]+)", shown)
    assert [b64decode(each) for each in pictures] == [b"<svg onload='x'/>", b"<svg/>"]


def test_other_words_weigh_more_than_other_looks() -> None:
    before = {"words": {"txt": "a", "svg": "a"}, "looks": {"txt": "a", "svg": "a"}, "same": {"txt": "a", "svg": "a"}}
    after = {"words": {"txt": "b", "svg": "b"}, "looks": {"txt": "a", "svg": "b"}, "same": {"txt": "a", "svg": "a"}}
    assert [each.what for each in differences(before, after)] == [What.TEXT, What.LOOKS, What.SAME]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('size = "10x2"', "120x40"),
        ('size = "wide"', "120x40"),
        ("now = 2026-02-03T10:00:00", "offset"),
        ('look = "nord"', "fjord"),
        ('outbox = ["sent"]', "queued"),
        ('kyes = ["j"]', "keys"),
        ("conversations = -1", "number"),
        ('role = "boss"', "clinician"),
    ],
)
def test_a_wrong_line_in_a_file_of_scenes_is_named(line: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "scenes.toml"
    file.write_text(f'[[scene]]\nname = "a"\n{line}\n', encoding="utf-8")
    done = workbench("--lang", "en", "snapshot", "list", "--scenes", str(file))
    assert done.returncode == Exit.CONFIGURATION
    sentence = one_sentence(done)
    assert f"{file}, line 3: " in sentence
    assert said in sentence


def test_two_scenes_of_one_name_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    language.use("en")
    file = tmp_path / "scenes.toml"
    with pytest.raises(Failure, match=r"scenes\.toml"):
        scenes_in(file)
    file.write_text('[[scene]]\nname = "a"\n[[scene]]\nname = "a"\n', encoding="utf-8")
    with pytest.raises(Failure, match="line 4"):
        scenes_in(file)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_scene_survives_being_written_to_a_file(scene: Scene, tmp_path: Path) -> None:
    add(tmp_path / "scenes.toml", scene)
    assert scenes_in(tmp_path / "scenes.toml") == (scene,)


def test_scenes_have_names_of_their_own_and_titles() -> None:
    assert len({scene.name for scene in SCENES}) == len(SCENES) >= 15
    assert all(scene.title for scene in SCENES)
    assert {scene.language for scene in SCENES} == {"nb", "nn", "en"}


def test_list_shows_every_scene() -> None:
    lines = workbench("--lang", "en", "snapshot", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [scene.name for scene in SCENES]
    assert any("All keys" in line for line in lines)


def test_an_unknown_scene_or_format_is_wrong_usage(tmp_path: Path) -> None:
    for arguments in (("nowhere",), ("--formats", "gif")):
        done = workbench("--lang", "en", "snapshot", "take", *arguments, "--out", str(tmp_path))
        assert done.returncode == Exit.USAGE
        one_sentence(done)


def test_what_is_pressed_in_a_terminal_becomes_a_scene_that_looks_the_same(tmp_path: Path, surroundings: Path) -> None:
    file = tmp_path / "scenes.toml"
    env = {"HOME": str(surroundings), "TERM": "xterm-256color", "LANG": "en_GB.UTF-8", "COLORTERM": "truecolor"}
    arguments = ("snapshot", "record", "mine", "--scenes", str(file), "--like", "narrow")
    with Program([*WORKBENCH, *arguments], env=env, size=(64, 20)) as program:
        program.wait("P-piller")
        program.press("j", "enter")
        program.wait("Ingrid Solberg")
        program.press("r")
        program.wait("SVAR")
        program.type("Hei du?")
        program.wait("utkast lagret")
        before = program.screen
        program.press("ctrl+q")
        assert program.ended() == 0
    (scene,) = scenes_in(file)
    assert scene.keys == ("j", "enter", "r", "type:Hei du?")
    assert scene.size == (64, 20)
    again = shoot(scene).text
    assert [line.rstrip() for line in again.splitlines()] == [line.rstrip() for line in before.splitlines()]
    done = workbench("--lang", "en", *arguments)
    assert done.returncode == Exit.USAGE


def test_recording_is_not_begun_under_a_name_that_is_taken(scenes: Path) -> None:
    with pytest.raises(Failure, match="small"):
        add_checked(scenes, "small")
    with pytest.raises(Failure):
        add_checked(scenes, "Not A Name")


def add_checked(file: Path, name: str) -> None:
    from workbench.snapshot.scene_file import check

    check(file, name)
    add(file, replace(SCENES[0], name=name))
