"""argparse, speaking our languages and in one sentence."""

from __future__ import annotations

import argparse
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from workbench.cli import grammar
from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import N_, _

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
    shared = Parser(add_help=False, allow_abbrev=False)
    grammar.everywhere(shared, default=SUPPRESS)
    shared.add_argument("--throwaway", action="store_true", default=SUPPRESS, help=SUPPRESS)
    parser = Parser(
        prog="workbench",
        description=_("The clinician dialogue workbench: read, sort and answer what patients write."),
        allow_abbrev=False,
    )
    grammar.everywhere(parser, default=None)
    parser.add_argument(
        "--throwaway", action="store_true", help=_("keep nothing on this machine: what is unsent at the end is lost")
    )
    parser.add_argument("--version", action=_Version, help=_("show the version and exit"))
    parser.set_defaults(file="open_")
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="command")

    def add(name: str, words: str, file: str = "") -> ArgumentParser:
        command = commands.add_parser(name, help=words, description=words, parents=[shared], allow_abbrev=False)
        command.set_defaults(file=file or name)
        return command

    grammar.commands(add)
    return parser


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
