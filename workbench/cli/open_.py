"""`workbench` alone: the inbox of the configured portals."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from workbench import compose, paths
from workbench.cli.chosen import settings_of
from workbench.cli.first_run import ask_for_portal
from workbench.cli.terminal import need_terminal


def run(options: Namespace) -> int:
    """Opens the workbench; asks for a portal first when none is configured."""
    settings = settings_of(options)
    need_terminal()
    if not settings.portals:
        portal = ask_for_portal(paths.configuration_file(), options.as_ or "")
        settings = replace(settings, portals=(portal,))
    if not options.throwaway:
        return compose.show(compose.place_of(settings), settings)
    with compose.throwaway_place() as place:
        return compose.show(place, settings)
