"""Does every task once, and gives the keys it took."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from tests.keystrokes.hand import ME, Hand
from tests.keystrokes.keys import Keys, pressed
from tests.keystrokes.tasks import OFFLINE, ONLINE, Doing
from tests.screens.seat import seat_at
from workbench.dialogue.status import Connection

NOWHERE: Final = "http://127.0.0.1:9/fhir"


async def count(folder: Path, address: str) -> dict[str, Keys]:
    """The keys of every task, done on a portal and, where nothing may leave, without one.

    Args:
        folder: For a store.
        address: Base of a sandbox portal with 20 conversations.
    """
    async with httpx.AsyncClient(base_url=address, trust_env=False, verify=False) as portal:
        counted = await _counted(folder, address, Connection.ONLINE, portal, ONLINE)
        return counted | await _counted(folder, NOWHERE, Connection.OFFLINE, portal, OFFLINE)


async def _counted(
    folder: Path, base: str, reached: Connection, portal: httpx.AsyncClient, tasks: Mapping[str, Doing]
) -> dict[str, Keys]:
    counted: dict[str, Keys] = {}
    async with seat_at(folder, base, ME) as seat:
        await seat.until(lambda: seat.session.me.name and seat.session.status.portals[0].connection is reached)
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key)
        hand = Hand(seat, portal)
        for name, do in tasks.items():
            await do(hand)
            assert hand.heard == pressed(hand.keys), f"{name}: the program heard {hand.heard} keys"
            counted[name] = hand.keys
    return counted
