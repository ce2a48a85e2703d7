"""The whole program on a disk that is full when told, in a process of its own; tells what stood on the screen."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.proofs.vfs.abi import FULL
from tests.proofs.vfs.shim import Call, Shim
from tests.screens.seat import Seat, seat_at
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind


class Room:
    """A watcher: there is room on the disk, or there is none."""

    def __init__(self) -> None:
        self.full = False
        self.refused = 0

    def before(self, call: Call) -> int:
        if self.full and call.op == "write":
            self.refused += 1
            return FULL
        return 0

    def after(self, call: Call) -> None:
        """Nothing to remember."""


async def day(folder: Path, base: str, doctor: str, thread: str) -> dict[str, object]:
    """Writes with room, without, and with room again; then starts the program without room."""
    room = Room()
    shim = Shim(room)
    shim.register()
    seen: dict[str, object] = {}
    async with seat_at(folder, base, doctor) as seat:
        await seat.stands_on(thread)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.writes("Det som fikk plass")
        await seat.until(lambda: held(seat, thread) == "Det som fikk plass")
        seen["with room"] = await seat.until(lambda: line(seat) if "draft saved" in line(seat) else "")
        room.full = True
        await seat.writes(" og ikke")
        lines: list[str] = []

        def told() -> bool:
            lines.append(line(seat))
            return bool(list(seat.app._notifications))

        await seat.until(told)
        seen["told"] = [note.message for note in seat.app._notifications]
        await seat.keys("escape")
        await seat.keys("ctrl+s")
        await seat.pilot.pause(0.5)
        lines.append(line(seat))
        seen["without room"] = lines
        seen["stays"] = [type(seat.app.screen).__name__, seat.inbox.pane.composer.text, held(seat, thread)]
        seen["queued"] = len(seat.store.outbox.all())
        room.full = False
        await seat.writes(" mer")
        await seat.until(lambda: held(seat, thread) == "Det som fikk plass og ikke mer")
        seen["again"] = await seat.until(lambda: line(seat) if "draft saved" in line(seat) else "")
    room.full = True
    async with seat_at(folder, base, doctor) as seat:
        await seat.stands_on(thread)
        seen["started"] = [status.word for status in seat.session.status.portals]
        seen["shown"] = await seat.until(lambda: "Ingrid Solberg" in seat.shown())
        room.full = False
    seen["refused"] = room.refused
    if shim.broken is not None:
        raise shim.broken
    return seen


def line(seat: Seat) -> str:
    """What the composer says of its draft."""
    return str(seat.inbox.pane.composer.border_subtitle)


def held(seat: Seat, thread: str) -> str:
    """The words that are on disk."""
    draft = seat.store.drafts.get(Key("here", thread), seat.session.me.reference, Kind.REPLY)
    return draft.text if draft else ""


if __name__ == "__main__":
    print(json.dumps(asyncio.run(day(Path(sys.argv[1]), *sys.argv[2:5]))))
