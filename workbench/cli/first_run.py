"""Asks for the first portal, and writes it into the configuration once it has answered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from widgets.problems import asked_once
from workbench import compose
from workbench.config import PortalSettings, base_of, write_portal
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _


def ask_for_portal(file: Path, as_: str) -> PortalSettings:
    """Asks for an address until a portal answers there.

    Args:
        file: The configuration to add it to.
        as_: Who acts, empty to be asked on screen.

    Raises:
        Failure: Nothing was given, or it cannot be written.
    """
    print(_("No portal is configured yet. Its FHIR base looks like https://portal.example/fhir;"))
    print(_("to try the workbench on a portal with made-up patients, leave this with enter and start workbench demo."))
    while True:
        address = _ask(_("Address of the portal: "))
        try:
            base = base_of(address)
        except ValueError as error:
            print("  " + _("That cannot be used: {reason}.").format(reason=error))
            continue
        portal = PortalSettings(name=urlsplit(base).netloc[:40], base=base, as_=as_)
        problem = asyncio.run(_problem(portal))
        if not problem:
            write_portal(file, portal.name, base, as_)
            return portal
        print(f"  {problem}")


def _ask(question: str) -> str:
    try:
        answer = input(question).strip()
    except EOFError:
        answer = ""
    if not answer:
        raise Failure(
            _("No portal is configured: start workbench again and give an address, or start workbench demo."),
            Exit.CONFIGURATION,
        )
    return answer


async def _problem(settings: PortalSettings) -> str:
    """Why a portal cannot be used; empty when it can."""
    from client.errors import PortalError

    async with compose.portal_at(settings) as portal:
        try:
            await portal.offered()
        except PortalError as error:
            said = visible(error.text, one_line=True)
            return f"{asked_once(error.word)} {said}".strip()
    return ""
