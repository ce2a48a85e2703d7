"""`workbench doctor`: what works here and what does not, one line each."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from widgets.problems import asked_once, sentence
from workbench import compose, paths
from workbench.cli.chosen import settings_of
from workbench.cli.terminal import need_utf8
from workbench.compose import Place
from workbench.config import PortalSettings, Settings
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _
from workbench.refused import refused
from workbench.store.errors import StoreError

Check = Callable[[], str]
"""Says what it found; raises a `Failure` when that will not do."""

WITNESS: Final = 10.0
"""Seconds to wait for a keyring that is to remember how old the store is."""


def run(options: Namespace) -> int:
    """Runs every check; the exit code is that of the first that failed."""
    codes = [_report(_("program"), _program), _report(_("terminal"), _terminal)]
    try:
        settings = settings_of(options)
    except Failure as failure:
        codes.append(_report(_("configuration"), partial(_raise, failure)))
    else:
        codes.append(_report(_("configuration"), partial(_configuration, settings)))
        if not options.throwaway:
            place = replace(compose.place_of(settings), accept_older=options.accept_older)
            codes.append(_report(_("keyring"), partial(_keyring, place)))
            codes.append(_report(_("store"), partial(_store, place)))
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
    need_utf8(sys.stdout)
    colours = os.environ.get("COLORTERM", "–")
    return f"{os.environ.get('TERM', '–')}, {size.columns}x{size.lines}, {sys.stdout.encoding.lower()}, {colours}"


def _configuration(settings: Settings) -> str:
    compose.site_of(settings)  # reads the site's own rules for red flags, without which the inbox does not open
    return str(paths.configuration_file())


def _keyring(place: Place) -> str:
    from workbench.store.keys import proven_backend

    try:
        return proven_backend()
    except StoreError as error:
        raise refused(error, place.folder) from error


def _store(place: Place) -> str:
    if not (compose.there(place) or place.accept_older):
        return _("none yet in {folder}").format(folder=place.folder)
    with compose.opened(place) as store:
        try:
            whole = store.examine()
            store.attest()
        except StoreError as error:
            raise refused(error, place.folder) from error
        store.witness.finish(WITNESS)
        lacks = [] if whole and not store.cache.was_damaged else [sentence("cache-anew")]
        if store.witness.trouble:
            why = visible(store.witness.trouble, one_line=True)
            lacks.append(_("the keyring does not remember how old the store is ({reason})").format(reason=why))
        opens = _("opens in {folder}; drafts: {drafts}, outbox: {outgoing}").format(
            folder=place.folder, drafts=len(store.drafts.list()), outgoing=len(store.outbox.pending())
        )
        return ", ".join([opens, *lacks])


def _portal(settings: PortalSettings) -> str:
    return asyncio.run(_asked(settings))


async def _asked(settings: PortalSettings) -> str:
    from client.errors import PortalError, Unauthorised

    async with compose.portal_at(settings) as portal:
        try:
            offered = await portal.offered()
            await portal.changes("Communication", None, None)  # the statement is often open where nothing else is
        except PortalError as error:
            said = visible(error.text, one_line=True)
            code = Exit.SIGN_IN if isinstance(error, Unauthorised) else Exit.UNREACHABLE
            raise Failure(f"{asked_once(error.word)} {said}".strip(), code) from error
    lacks = [] if offered.patch else [_("offers no JSON Patch: nothing but replies and notes can be sent")]
    lacks += [] if offered.conditional_create else [_("does not say that it creates conditionally")]
    lacks += [_("names a sign-in, but answers without it")] if offered.sign_in else []
    return ", ".join([f"{settings.base}, {offered.software}, FHIR {offered.fhir_version}", *lacks])
