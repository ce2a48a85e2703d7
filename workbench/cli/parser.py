"""What can be written after `workbench`: the options of every command, and one parser for each command."""

from __future__ import annotations

import argparse
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from workbench.cli import config, demo, doctor, keys, open_, outbox, portal, sign_in, snapshot, status, sync, wipe
from workbench.config import base_of, practitioner_of, profile_name
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import LANGUAGES, N_, _

ARGPARSE_WORDS: Final = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("ignored explicit argument %r"),
)
"""What argparse itself says, so that the catalogues hold it."""


class Parser(ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with the code for wrong usage."""
        raise Failure(
            _("{problem}: see {program} --help.").format(
                problem=visible(message, one_line=True).rstrip("."), program=self.prog
            ),
            Exit.USAGE,
        )


def build() -> ArgumentParser:
    """The parser of the whole command line, in the language that is on."""
    setattr(argparse, "_", _)  # noqa: B010 - argparse's own words come from our catalogues too
    everywhere = Parser(add_help=False, allow_abbrev=False)
    _options(everywhere, default=SUPPRESS)
    parser = Parser(
        prog="workbench",
        description=_("The clinician dialogue workbench: read, sort and answer what patients write."),
        allow_abbrev=False,
    )
    _options(parser, default=None)
    parser.add_argument("--version", action=_Version, help=_("show the version and exit"))
    parser.set_defaults(run=open_.run)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="command")

    def add(name: str, words: str, run: Callable[[Namespace], int]) -> ArgumentParser:
        command = commands.add_parser(name, help=words, description=words, parents=[everywhere], allow_abbrev=False)
        command.set_defaults(run=run)
        return command

    for each in (demo, portal, sync, status, outbox, config, keys, doctor, wipe, snapshot, sign_in):
        each.describe(add)
    return parser


def _options(parser: ArgumentParser, default: str | None) -> None:
    """The options that concern every command; given before its name, or after it."""
    parser.add_argument("--lang", choices=LANGUAGES, default=default, help=_("language of all words"))
    parser.add_argument(
        "--portal", metavar="URL", type=checked(base_of), default=default, help=_("FHIR base of the portal, this once")
    )
    parser.add_argument(
        "--as",
        dest="as_",
        metavar="Practitioner/ID",
        type=checked(practitioner_of),
        default=default,
        help=_("who acts"),
    )
    parser.add_argument(
        "--profile", metavar=_("NAME"), type=checked(profile_name), default=default, help=_("keep data under this name")
    )


def checked(check: Callable[[str], str]) -> Callable[[str], str]:
    """A check as argparse wants it, with its sentence kept."""

    def convert(text: str) -> str:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return convert


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **rest: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=SUPPRESS, **rest)

    def __call__(self, parser: ArgumentParser, *_rest: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("clinician-dialogue-workbench")
        except PackageNotFoundError:
            number = _("from its source, not installed")
        parser.exit(message=f"workbench {number}\n")
