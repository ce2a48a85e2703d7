"""`workbench sync`: send and fetch once, without a screen."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import asdict

from widgets.problems import STORE, asked_once
from workbench import compose
from workbench.cli.chosen import need_portals, settings_of
from workbench.cli.shown import as_json, portal_figures
from workbench.compose import Place
from workbench.config import Settings
from workbench.dialogue.clean import visible
from workbench.dialogue.status import Connection, PortalStatus, Status
from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.refused import store_words


def run(options: Namespace) -> int:
    """Syncs once.

    Raises:
        Failure: A portal could not be reached or asks for sign-in, or the store takes nothing.
    """
    settings = need_portals(settings_of(options))
    with compose.throwaway_place() if options.throwaway else nullcontext(compose.place_of(settings)) as place:
        status = asyncio.run(_once(settings, place))
    left = asdict(status.outbox)
    if options.json:
        print(as_json({"portals": [portal_figures(portal) for portal in status.portals], "outbox": left}))
    failed = next((portal for portal in status.portals if portal.word), None)
    if failed is not None:
        raise _failure(failed)
    if not options.json:
        print(_("Fetched; in the outbox {waiting} waiting, {unknown} unknown, {needs_you} needing you.").format(**left))
        if status.outbox.others:
            print(_("{n} more is of colleagues, and leaves when they act here.").format(n=status.outbox.others))
    return Exit.FAILED if any(left.values()) else Exit.WELL


async def _once(settings: Settings, place: Place) -> Status:
    with compose.opened(place, site=compose.site_of(settings)) as store:
        session = compose.session_on(store, settings)
        try:
            return await session.sync_once()
        finally:
            await session.close()


def _failure(portal: PortalStatus) -> Failure:
    if portal.word in STORE:
        return Failure(store_words(portal.word), Exit.STORE)
    said = visible(portal.text, one_line=True)
    words = f"{visible(portal.portal, one_line=True)}: {asked_once(portal.word)} {said}".strip()
    return Failure(words, Exit.SIGN_IN if portal.connection is Connection.REFUSED else Exit.UNREACHABLE)
