"""Files and documents travel with words, and come back as files."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import Incomplete
from tests.contract.world import World
from tests.session.live import Live, session_on
from workbench.desk.files import LARGEST, read_for_attaching, save_new
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.conversation import Message
from workbench.dialogue.held import RecordDocument
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Sending
from workbench.dialogue.refusals import AttachError, SaveError

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)


async def draft_of(live: Live, thread: str) -> Draft:
    await live.held(thread, entries=1)
    return await live.session.draft(Key("here", thread), Kind.REPLY)


async def test_a_file_goes_and_comes_back_whole_under_a_safe_name(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    photo = tmp_path / "utslett.txt"
    photo.write_bytes(PNG)
    async with session_on(tmp_path / "store", world.base, world.ref("doctor")) as live:
        draft = await live.session.attach_file(await draft_of(live, thread), await live.session.copy_file(photo))
        photo.unlink()
        assert [(file.name, file.content_type, file.size) for file in draft.files] == [
            ("utslett.txt", "image/png", len(PNG))
        ]
        reply = await live.session.send(replace(draft, text="Se bildet"), await live.held(thread))
        await live.settled(reply, Sending.SENT)
        shown = await live.held(thread, entries=2)
        last = shown.entries[-1]
        assert isinstance(last, Message)
        (attachment,) = last.attachments
        assert await live.session.download(shown.key, attachment) == PNG
        folder = tmp_path / "saved"
        folder.mkdir()
        hostile = replace(attachment, title="../../.bashrc\u202egnp.exe")
        paths = [await live.session.save_attachment(shown.key, hostile, folder) for _ in range(2)]
        assert [path.name for path in paths] == ["bashrcgnp.exe.png", "bashrcgnp.exe (2).png"]
        assert all(path.parent == folder and path.read_bytes() == PNG for path in paths)
        assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
        with pytest.raises(Incomplete):
            await live.session.download(shown.key, replace(attachment, sha1="AAAA"))
        with pytest.raises(Incomplete):
            await live.session.download(shown.key, replace(attachment, size=3))
        with pytest.raises(SaveError) as refused:
            await live.session.save_attachment(shown.key, attachment, tmp_path / "nowhere")
        assert refused.value.word == "no-folder"


async def test_only_a_final_open_document_of_the_same_patient_is_attached(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    good = RecordDocument(
        "DocumentReference/1", world.ref("patient"), "Epikrise", attachment=Attachment("x.pdf"), portal="here"
    )
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        draft = await draft_of(live, thread)
        for document, word in (
            (replace(good, patient="Patient/other"), "other-patient"),
            (replace(good, portal="there"), "other-portal"),
            (replace(good, restricted=True), "restricted"),
            (replace(good, final=False), "not-final"),
        ):
            with pytest.raises(AttachError) as refused:
                await live.session.attach_document(draft, document)
            assert (refused.value.word, refused.value.detail) == (word, "Epikrise")
        draft = await live.session.attach_document(draft, good)
        assert [(each.title, each.reference) for each in draft.documents] == [("Epikrise", "DocumentReference/1")]
        with pytest.raises(AttachError, match="already-attached"):
            await live.session.attach_document(draft, good)
        assert (await live.session.detach(draft, 0)).empty


def test_what_cannot_be_attached_is_refused_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(LARGEST + 1)
    for name, word in {
        "nowhere": "missing",
        "empty/below": "missing",
        "": "folder",
        "empty": "empty-file",
        "pipe": "special",
        "large": "file-too-large",
        "nul\0byte": "unreadable",
    }.items():
        with pytest.raises(AttachError) as refused:
            read_for_attaching(tmp_path / name)
        assert refused.value.word == word, name


def test_a_link_in_the_folder_is_not_followed_when_saving(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.png").symlink_to(target)
    path = save_new(folder, "a.png", PNG)
    assert path.name == "a (2).png"
    assert not target.exists()


@pytest.mark.parametrize("folder", ["~ingenslik/brev", "a" * 5000], ids=["home of nobody", "too long"])
def test_a_folder_that_cannot_be_looked_at_is_told_of_as_one_that_is_not_there(folder: str) -> None:
    with pytest.raises(SaveError) as refused:
        save_new(Path(folder), "a.png", PNG)
    assert refused.value.word == "no-folder"
