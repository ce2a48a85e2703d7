"""What `workbench snapshot` does: list, take, compare, record."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.terminal import Progress, need_terminal
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _, ngettext
from workbench.snapshot import scene_file
from workbench.snapshot.differences import Difference, What, differences, worth_telling
from workbench.snapshot.kept import COMPARED, FORMATS, keep, kept, rendered
from workbench.snapshot.page import WORDS, page
from workbench.snapshot.scene import Scene
from workbench.snapshot.scenes import SCENES

if TYPE_CHECKING:
    from workbench.snapshot.picture import Picture


def known(file: Path | None) -> tuple[Scene, ...]:
    """The scenes of a file, or those that come with the program.

    Raises:
        Failure: The file is not as it must be.
    """
    return SCENES if file is None else scene_file.scenes_in(file)


def show_list(file: Path | None) -> int:
    """Prints every scene with what it shows."""
    for scene in known(file):
        size = "x".join(map(str, scene.size))
        title = visible(_(scene.title) if scene.title else "", one_line=True)
        print(f"{scene.name:<16} {size:>7}  {scene.language}  {scene.look:<9} {title}".rstrip())
    return Exit.WELL


def take(file: Path | None, names: Sequence[str], folder: Path, formats: str) -> int:
    """Renders scenes into a folder.

    Args:
        file: The tester's own scenes, None for those of the program.
        names: Which; all when empty.
        folder: Where to.
        formats: Some of `kept.FORMATS`, separated by commas.

    Raises:
        Failure: A name or format is unknown, nothing can be drawn, or the folder cannot be written.
    """
    wanted = _formats(formats)
    count = 0
    for scene, picture in _shot(_chosen(known(file), names)):
        keep(folder, scene.name, picture, wanted)
        count += 1
    words = ngettext("{count} scene in {folder}", "{count} scenes in {folder}", count)
    print(words.format(count=count, folder=visible(str(folder), one_line=True)))
    return Exit.WELL


def compare(file: Path | None, before: Path, out: Path) -> int:
    """Renders all scenes again, and writes a page with what differs from what is kept.

    Returns:
        `FAILED` on any difference, a new scene or a missing one.

    Raises:
        Failure: Nothing is kept, or the page cannot be written.
    """
    old = kept(before)
    new = {
        scene.name: {form: rendered(picture, form).decode() for form in COMPARED}
        for scene, picture in _shot(known(file))
    }
    found = differences(old, new)
    _write(out, page(found))
    changed = tuple(worth_telling(found))
    for each in changed:
        print(_told(each))
    print(
        _("{changed} of {all} scenes differ; see {page}").format(
            changed=len(changed), all=len(found), page=visible(str(out), one_line=True)
        )
    )
    return Exit.FAILED if changed else Exit.WELL


def record(file: Path, name: str, like: str, language: str) -> int:
    """Lets the tester use the workbench, and writes what was pressed as a scene into a file.

    Args:
        file: Added to, or made.
        name: Of the new scene.
        like: The scene of the program to begin with.
        language: Code of another language than that scene's; empty for the same.

    Raises:
        Failure: There is no terminal, no such scene, or the file cannot be added to.
    """
    from workbench.snapshot.record import record as recorded

    need_terminal()
    begin = replace(_chosen(SCENES, [like])[0], name=name, title="")
    scene_file.check(file, name)
    scene = recorded(replace(begin, language=language or begin.language))
    scene_file.add(file, scene)
    print(
        _("Recorded “{name}” in {file}: {keys}").format(
            name=name, file=visible(str(file), one_line=True), keys=visible(" ".join(scene.keys), one_line=True)
        )
    )
    return Exit.WELL


def _told(each: Difference) -> str:
    return f"{each.name}: {_(WORDS[What(each.what)])}"


def _formats(words: str) -> tuple[str, ...]:
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown or not wanted:
        raise Failure(
            _("“{format}” is no format of pictures: use some of {known}.").format(
                format=visible(words, one_line=True), known=",".join(FORMATS)
            ),
            Exit.USAGE,
        )
    from workbench.snapshot.png import why_not

    why = why_not() if "png" in wanted else ""
    kept_formats = tuple(word for word in FORMATS if word in wanted and not (word == "png" and why))
    if why and not kept_formats:
        raise Failure(why)
    if why:
        sys.stderr.write(f"workbench: {why}\n")
    return kept_formats


def _chosen(scenes: Iterable[Scene], names: Sequence[str]) -> list[Scene]:
    by_name = {scene.name: scene for scene in scenes}
    for name in names:
        if name not in by_name:
            raise Failure(
                _("There is no scene “{name}”: see workbench snapshot list.").format(name=visible(name, one_line=True)),
                Exit.USAGE,
            )
    return [by_name[name] for name in names] if names else list(by_name.values())


def _shot(scenes: Iterable[Scene]) -> Iterator[tuple[Scene, Picture]]:
    from workbench.snapshot.stage import shoot

    for scene in scenes:
        with Progress(f"{scene.name} …"):
            picture = shoot(scene)
        yield scene, picture


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(
            _("{file} cannot be written ({reason}): choose another with --out.").format(
                file=file, reason=error.strerror
            )
        ) from error
