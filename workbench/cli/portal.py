"""`workbench portal`: the sandbox portal alone."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from workbench.cli.described import Add
from workbench.language import _

CONVERSATIONS = 50


def describe(add: Add) -> None:
    """Adds the command."""
    command = add("portal", _("run the sandbox portal alone, on this machine, with synthetic patients"), run)
    sandbox_options(command)
    command.add_argument("--data", metavar=_("FOLDER"), type=Path, help=_("keep what the portal holds in this folder"))
    command.add_argument("--now", metavar="ISO", type=_moment, help=_("the portal's clock stands at this time"))


def sandbox_options(command: ArgumentParser) -> None:
    """The options that shape the sandbox portal."""
    command.add_argument("--port", type=_port, default=0, help=_("port on this machine; 0 for any free one"))
    command.add_argument(
        "--conversations", metavar="N", type=_count, default=CONVERSATIONS, help=_("how many conversations it holds")
    )
    command.add_argument("--seed", metavar="S", type=int, default=1, help=_("the same seed gives the same patients"))
    command.add_argument("--live", action="store_true", help=_("new messages keep arriving"))


def run(options: Namespace) -> int:
    """Serves until it is stopped."""
    raise NotImplementedError


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(_("a port is a number from 0 to 65535"))
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000_000:
        raise argparse.ArgumentTypeError(_("it must be a number from 0 to 10000000"))
    return int(text)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("a time looks like 2026-03-14T12:00:00+01:00")) from error
