"""What patients write appears at once where the portal tells of it, without waiting for the next poll."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.interop import servers
from tests.session.live import Live, session_on
from tests.session.tunnel import tunnel
from workbench.dialogue.status import Connection, PortalStatus
from workbench.sandbox.organisation import default_practitioner

NEVER = 1_000_000.0
"""Seconds between two polls: what comes does not come by polling."""


def live(status: PortalStatus) -> bool:
    return status.live and status.connection is Connection.ONLINE


async def arrives(world: World, session: Live, entries: int) -> None:
    """A message of the patient is held once there are so many entries."""
    await world.post("header", f"Melding {entries}")
    found = await session.held(world.id("header"), entries=entries)
    assert f"Melding {entries}" in [entry.text for entry in found.entries]


async def test_a_message_appears_by_itself_with_two_workbenches(world: World, tmp_path: Path) -> None:
    async with (
        session_on(tmp_path / "a", world.base, world.ref("doctor"), poll=NEVER) as one,
        session_on(tmp_path / "b", world.base, world.ref("secretary"), poll=NEVER) as other,
    ):
        for session in (one, other):
            await session.held(world.id("header"), entries=1)
            assert (await session.stands(live)).data_from is not None
        for entries in (2, 3, 4):
            await world.post("header", f"Melding {entries}")
            for session in (one, other):
                await session.held(world.id("header"), entries=entries)


async def test_a_line_that_is_cut_is_opened_again_and_what_came_meanwhile_is_there(
    world: World, tmp_path: Path
) -> None:
    async with (
        tunnel(world.base) as way,
        session_on(tmp_path, way.base, world.ref("doctor"), poll=NEVER) as session,
    ):
        await session.held(world.id("header"), entries=1)
        await session.stands(live)
        for entries in (2, 4, 6):
            assert way.cut()
            await arrives(world, session, entries)
            await session.stands(live)
            await arrives(world, session, entries + 1)


async def test_without_live_updates_it_polls_and_says_how_old_the_data_is(tmp_path: Path) -> None:
    options = ("--port", "0", "--conversations", "20", "--no-subscriptions")
    me = default_practitioner("clinician")
    with servers.python("workbench.sandbox.run", *options) as base:
        async with session_on(tmp_path, base, me, poll=0.2) as session:
            first = await session.stands(lambda status: status.data_from is not None)
            later = await session.stands(lambda status: status.data_from != first.data_from)
            assert (first.live, later.live) == (False, False)
