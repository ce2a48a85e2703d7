"""The whole command line on one page: which commands there are, and what each takes."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Protocol

from workbench.cli.checks import checked, count, day, fault, moment, port
from workbench.config import base_of, practitioner_of, profile_name
from workbench.language import LANGUAGES, _

CONVERSATIONS = 50
"""How many conversations a sandbox portal holds when nobody says."""
SNAPSHOTS = Path("snapshots")
"""Where pictures go when nobody says."""


THROWAWAY = frozenset({"open_", "sync", "doctor"})
"""Files of the commands that can do without anything kept on this machine."""


class Add(Protocol):
    """Adds a command by its name, what it does in a few words, and the file of this package that runs it."""

    def __call__(self, name: str, words: str, file: str = "") -> ArgumentParser:
        """Gives the command's own parser; the file is named after the command unless it is told."""


def everywhere(parser: ArgumentParser, default: str | None) -> None:
    """Adds the options that concern every command; they stand before its name or after it."""
    parser.add_argument("--lang", choices=LANGUAGES, default=default, help=_("language of all words"))
    parser.add_argument(
        "--portal",
        metavar="URL",
        type=checked(base_of),
        action="append",
        default=default,
        help=_("FHIR base of the portal, this once; give it again for a second portal in the same inbox"),
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


def commands(add: Add) -> None:
    """Adds every command."""
    demo = add("demo", _("open the workbench on made-up patients; leaves nothing behind"))
    _sandbox(demo)
    demo.add_argument(
        "--portals",
        type=int,
        choices=(1, 2),
        default=1,
        help=_("2: a regional portal beside the national one, in one inbox"),
    )
    demo.add_argument("--role", choices=("clinician", "support"), default="clinician", help=_("who you are"))
    demo.add_argument(
        "--keep",
        metavar=_("FOLDER"),
        nargs="?",
        type=Path,
        default=SUPPRESS,
        help=_("keep everything in this folder, and go on from there the next time"),
    )
    _accept(demo)
    portal = add("portal", _("run the sandbox portal alone, on this machine, with made-up patients"))
    _sandbox(portal)
    portal.add_argument("--data", metavar=_("FOLDER"), type=Path, help=_("keep what the portal holds in this folder"))
    portal.add_argument("--now", metavar="ISO", type=checked(moment), help=_("the portal's clock begins at this time"))
    portal.add_argument(
        "--fault",
        metavar=_("FAULT"),
        action="append",
        type=checked(fault),
        help=_("let something go wrong; “list” tells of all that can; may be given more than once"),
    )
    # For a demo: its portal outlives whoever started it by a moment, and so is the one to clean up, even after a kill.
    portal.add_argument("--until-stdin-closes", action="store_true", help=SUPPRESS)
    portal.add_argument("--then-remove", type=Path, help=SUPPRESS)
    _json(add("sync", _("send and fetch once, without a screen; ends with 0 when nothing is left to send")))
    status = add("status", _("what is held, unsent and unknown, in figures"))
    overview = add("overview", _("how each queue stands and what the last days were like, in figures"))
    how = overview.add_mutually_exclusive_group()
    how.add_argument("--csv", action="store_true", help=_("print the figures as CSV"))
    how.add_argument("--json", action="store_true", help=_("print the figures as JSON"))
    what = overview.add_mutually_exclusive_group()
    what.add_argument("--queue", metavar=_("NAME"), help=_("one queue alone, with its own days"))
    what.add_argument("--handover", action="store_true", help=_("what the next shift must know instead"))
    outbox = add("outbox", _("each thing that is on its way or needs you"))
    effort = add("effort", _("how many keys and seconds handling a conversation takes, by day and by verb"))
    effort.add_argument("--since", metavar=_("DATE"), type=checked(day), help=_("only from this day on"))
    for command in (status, outbox, effort):
        _json(command)
    for command in (status, overview, outbox, effort):
        command.add_argument(
            "--demo", metavar=_("FOLDER"), type=Path, help=_("of the demo that was kept in this folder, with --keep")
        )
    config = add("config", _("show where the configuration is, check it, or print an example"))
    config.add_argument("what", nargs="?", choices=("check", "path", "example"), default="check")
    keys = add("keys", _("show every key and what it does"))
    keys.add_argument("--markdown", action="store_true", help=_("as a table for a document, without your own keys"))
    doctor = add("doctor", _("look at terminal, configuration, keyring, store and portals, and say what is wrong"))
    _accept(doctor)
    wipe = add("wipe", _("remove drafts, outbox and cache of a profile from this machine: asks first"))
    wipe.add_argument("--yes", action="store_true", help=_("do not ask"))
    wipe.add_argument(
        "--yes-lose-unsent", action="store_true", help=_("do not ask, and remove even what was never sent")
    )
    _flags(add("flags", _("try the rules for red flags: on their own examples, or on a text")))
    _snapshot(add("snapshot", _("pictures of named scenes: list, take, compare, record")))
    add("login", _("sign in to a portal"), "sign_in")
    add("logout", _("sign out of a portal"), "sign_in")


def _sandbox(command: ArgumentParser) -> None:
    command.add_argument("--port", type=checked(port), default=0, help=_("port on this machine; 0 for any free one"))
    command.add_argument(
        "--conversations",
        metavar="N",
        type=checked(count),
        default=CONVERSATIONS,
        help=_("how many conversations it holds"),
    )
    command.add_argument("--seed", metavar="S", type=int, default=1, help=_("the same seed gives the same patients"))
    command.add_argument("--live", action="store_true", help=_("new messages keep arriving"))
    command.add_argument(
        "--no-subscriptions",
        action="store_false",
        dest="subscriptions",
        help=_("the portal tells nobody by itself of what is new; the workbench has to ask"),
    )


def _accept(command: ArgumentParser) -> None:
    command.add_argument(
        "--accept-older",
        action="store_true",
        help=_(
            "use a store that is older than the one last used here; what waits in it is looked for before it is sent"
        ),
    )


def _flags(command: ArgumentParser) -> None:
    ways = command.add_subparsers(title=_("what to do"), metavar=_("WHAT"), dest="what", required=True)

    def way(name: str, words: str) -> ArgumentParser:
        parser = ways.add_parser(name, help=words, description=words, allow_abbrev=False)
        everywhere(parser, SUPPRESS)
        _json(parser)
        return parser

    check = way("check", _("whether each rule does what its own examples say; ends with 1 when one does not"))
    check.add_argument("rules", nargs="?", type=Path, metavar=_("FILE"), help=_("your own rules; else those built in"))
    test = way("test", _("what would be marked in a text, and by which rule"))
    test.add_argument("text", metavar=_("TEXT"), help=_("the text; - reads it from standard input"))
    test.add_argument("--rules", type=Path, metavar=_("FILE"), help=_("your own rules; else those built in"))


def _snapshot(command: ArgumentParser) -> None:
    ways = command.add_subparsers(title=_("what to do"), metavar=_("WHAT"), dest="what", required=True)

    def way(name: str, words: str, scenes: Path | None = None) -> ArgumentParser:
        parser = ways.add_parser(name, help=words, description=words, allow_abbrev=False)
        everywhere(parser, SUPPRESS)
        parser.add_argument(
            "--scenes", type=Path, default=scenes, metavar=_("FILE"), help=_("scenes of your own, in a TOML file")
        )
        return parser

    way("list", _("every scene with what it shows"))
    take = way("take", _("render scenes into files"))
    take.add_argument("names", nargs="*", metavar=_("SCENE"), help=_("which; all when none is named"))
    take.add_argument("--out", type=Path, default=SNAPSHOTS, metavar=_("FOLDER"), help=_("where to; ./snapshots"))
    take.add_argument("--formats", default="svg,png,txt", help=_("some of svg,png,txt"))
    compare = way("compare", _("render again and show what changed; ends with 1 when anything did"))
    compare.add_argument(
        "--kept", type=Path, default=SNAPSHOTS, metavar=_("FOLDER"), help=_("what “take” wrote before")
    )
    compare.add_argument(
        "--out", type=Path, default=SNAPSHOTS / "compared.html", metavar=_("FILE"), help=_("page to look at")
    )
    record = way("record", _("use the workbench, and keep what is pressed as a scene"), Path("scenes.toml"))
    record.add_argument("name", metavar=_("NAME"), help=_("name of the new scene"))
    record.add_argument("--like", default="inbox", metavar=_("SCENE"), help=_("scene to begin with; inbox"))


def _json(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=_("print the figures as JSON"))
