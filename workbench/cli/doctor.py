"""`workbench doctor`: what works here and what does not, one line each."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import partial

from widgets.problems import sentence
from workbench import compose, paths
from workbench.cli.chosen import settings_of
from workbench.config import PortalSettings, Settings
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

Check = Callable[[], str]
"""Says what it found; raises a `Failure` when that will not do."""


def run(options: Namespace) -> int:
    """Runs every check; the exit code is that of the first that failed."""
    codes = [_report(_("program"), _program), _report(_("terminal"), _terminal)]
    try:
        settings = settings_of(options)
    except Failure as failure:
        codes.append(_report(_("configuration"), partial(_raise, failure)))
    else:
        codes.append(_report(_("configuration"), lambda: str(paths.configuration_file())))
        codes.append(_report(_("store"), partial(_store, settings)))
        codes += [_report(portal.name, partial(_portal, portal)) for portal in settings.portals]
    return next((code for code in codes if code), Exit.WELL)


def _raise(failure: Failure) -> str:
    raise failure


def _report(what: str, check: Check) -> Exit:
    try:
        sign, said, code = "✓", check(), Exit.WELL
    except Failure as failure:
        sign, said, code = "✗", failure.sentence, failure.code
    print(f"{sign} {visible(what, one_line=True)}: {visible(said, one_line=True)}")
    return code


def _program() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _terminal() -> str:
    size = shutil.get_terminal_size()
    coding = sys.stdout.encoding.lower()
    if coding.replace("-", "") != "utf8":
        raise Failure(_("It does not speak UTF-8 but {coding}: set LANG=nb_NO.UTF-8.").format(coding=coding))
    colours = os.environ.get("COLORTERM", "–")
    return f"{os.environ.get('TERM', '–')}, {size.columns}x{size.lines}, {coding}, {colours}"


def _store(settings: Settings) -> str:
    place = compose.place_of(settings)
    if not compose.there(place):
        return _("none yet in {folder}").format(folder=place.folder)
    with compose.opened(place) as store:
        return _("opens in {folder}; drafts: {drafts}, outbox: {outgoing}").format(
            folder=place.folder, drafts=len(store.drafts.list()), outgoing=len(store.outbox.pending())
        )


def _portal(settings: PortalSettings) -> str:
    return asyncio.run(_asked(settings))


async def _asked(settings: PortalSettings) -> str:
    from client.errors import PortalError

    async with compose.portal_at(settings) as portal:
        try:
            offered = await portal.offered()
        except PortalError as error:
            said = visible(error.text, one_line=True)
            raise Failure(f"{sentence(error.word)} {said}".strip(), Exit.UNREACHABLE) from error
    lacks = [] if offered.patch else [_("offers no JSON Patch: nothing but replies and notes can be sent")]
    lacks += [] if offered.conditional_create else [_("does not say that it creates conditionally")]
    lacks += [_("asks for sign-in, which this version does not do")] if offered.sign_in else []
    return ", ".join([f"{settings.base}, {offered.software}, FHIR {offered.fhir_version}", *lacks])
