"""An attachment is saved, or it is said that it was not, whatever one does meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import said
from tests.screens.seat import WITHIN, Seat, seat_at
from workbench import language, striking
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.key import Key

PDF = b"%PDF-1.7 " + bytes(2000)


async def with_a_file(world: World) -> None:
    """A message with a file, and the same file in the record."""
    address = await world.kept(PDF, "application/pdf")
    file = {"contentType": "application/pdf", "title": "svar.pdf", "url": address, "size": len(PDF)}
    await world.post("header", "", "filed", payload=[{"contentString": "Se vedlegget"}, {"contentAttachment": file}])
    await world.discharge(file)


async def asks_for_the_folder(seat: Seat) -> None:
    await seat.keys("v")
    await seat.on_top("Choose")
    await seat.keys("enter")


async def asks_in_the_record(seat: Seat) -> None:
    await seat.keys("o")
    await seat.on_top("RecordScreen")
    await seat.until(lambda: "Epikrise" in seat.shown())
    await seat.keys("enter")


@pytest.mark.parametrize("asks", [asks_for_the_folder, asks_in_the_record])
async def test_what_is_slow_to_come_is_saved_and_holds_no_key_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: Callable[[Seat], Awaitable[None]]
) -> None:
    language.use("nb")
    await with_a_file(world)
    folder = tmp_path / "brev"
    folder.mkdir()
    monkeypatch.setattr(striking, "PATIENCE", WITHIN * 2)
    async with seat_at(tmp_path / "store", world.base, world.ref("doctor"), poll=600) as seat:
        asked, come = asyncio.Event(), asyncio.Event()
        download = seat.session.download

        async def slow(key: Key, attachment: Attachment) -> bytes:
            asked.set()
            await come.wait()
            return await download(key, attachment)

        monkeypatch.setattr(seat.session, "download", slow)
        await seat.stands_on(world.id("header"))
        await asks(seat)
        await seat.on_top("AskText")
        await seat.keys("ctrl+u")
        await seat.writes(str(folder))
        await seat.keys("enter")
        await seat.until(asked.is_set)
        if asks is asks_in_the_record:
            await seat.keys("escape")
            await seat.on_top("InboxScreen")
        await seat.keys("g")
        await seat.on_top("Choose")
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        come.set()
        await seat.until(lambda: said(seat, "svar.pdf") or said(seat, "Epikrise"))
        (saved,) = folder.iterdir()
        assert saved.read_bytes() == PDF
