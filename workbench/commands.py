"""The one registry of verbs: bindings, palette, help, key line and the README's table are all made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from workbench.command import ANYWHERE, DIALOG, OUTBOX, OVERVIEW, PLACES, WRITING, Command
from workbench.inbox_commands import INBOX_COMMANDS
from workbench.language import N_, _

if TYPE_CHECKING:
    from textual.binding import BindingType

COMMANDS: Final[tuple[Command, ...]] = (
    *INBOX_COMMANDS,
    Command(
        "send",
        ("ctrl+s",),
        N_("send"),
        N_("Send the reply, or save the note: asks first"),
        WRITING,
        "send",
        line=True,
        priority=True,
    ),
    Command(
        "attach", ("f2",), N_("attach"), N_("Attach a file"), WRITING, "attach", line=True, priority=True, opens=True
    ),
    Command(
        "attach-document",
        ("f3",),
        N_("document"),
        N_("Attach a document of the patient's record"),
        WRITING,
        "attach_document",
        line=True,
        priority=True,
        opens=True,
    ),
    Command("detach", ("f4",), N_("detach"), N_("Take the last attachment off"), WRITING, "detach", priority=True),
    Command(
        "leave", ("escape",), N_("back"), N_("Leave the draft: it is saved"), WRITING, "leave", line=True, priority=True
    ),
    Command(
        "discard", ("f8",), N_("discard"), N_("Throw the draft away: asks first"), WRITING, "discard", priority=True
    ),
    Command("help", ("question_mark", "f1"), N_("help"), N_("Show all keys"), ANYWHERE, "help", line=True),
    Command(
        "palette",
        ("ctrl+p",),
        N_("palette"),
        N_("Find a verb by its name"),
        ANYWHERE,
        "palette",
        priority=True,
        opens=True,
    ),
    Command("theme", ("f9",), N_("theme"), N_("Change between light, dark and high contrast"), ANYWHERE, "change_look"),
    Command(
        "quit",
        ("ctrl+q",),
        N_("quit"),
        N_("Leave the workbench; drafts and outbox are kept"),
        ANYWHERE,
        "leave_program",
        priority=True,
    ),
    Command(
        "look",
        ("enter",),
        N_("see both sides"),
        N_("See what you wrote beside how the conversation stands; go to what has arrived"),
        OUTBOX,
        "look",
        line=True,
    ),
    Command("edit", ("e",), N_("edit"), N_("Take it back before it leaves, and edit it"), OUTBOX, "edit"),
    Command(
        "send-again", ("s",), N_("send all the same"), N_("Send it all the same: asks first"), OUTBOX, "send_again"
    ),
    Command("try-now", ("f5",), N_("try now"), N_("Speak to the portal now instead of later"), OUTBOX, "try_now"),
    Command(
        "take-back",
        ("t",),
        N_("take back"),
        N_("Take it back while it has not left; words become a draft again"),
        OUTBOX,
        "take_back",
    ),
    Command("throw-away", ("x",), N_("throw away"), N_("Throw it away: asks first"), OUTBOX, "throw_away"),
    Command("close", ("escape", "b"), N_("back"), N_("Go back to the inbox"), OUTBOX, "close", line=True),
    Command(
        "open-figure", ("enter",), N_("open"), N_("List the conversations behind it"), OVERVIEW, "step_in", line=True
    ),
    Command(
        "handover", ("h",), N_("handover"), N_("See what the next shift must know"), OVERVIEW, "handover", line=True
    ),
    Command(
        "other-part", ("tab",), N_("queues/days"), N_("Go between queues and days"), OVERVIEW, "other_part", line=True
    ),
    Command("leave-overview", ("escape", "O"), N_("back"), N_("Go back to the inbox"), OVERVIEW, "close", line=True),
    Command("confirm", ("enter",), N_("yes"), N_("Confirm"), DIALOG, "confirm"),
    Command("cancel", ("escape",), N_("no"), N_("Go back without doing it"), DIALOG, "cancel"),
)


def in_place(*places: str) -> tuple[Command, ...]:
    """The commands of some places, in the registry's order."""
    return tuple(command for command in COMMANDS if command.place in places)


def by_id(name: str) -> Command:
    """The command of a name.

    Raises:
        KeyError: There is none.
    """
    return next((command for command in COMMANDS if command.id == name), None) or _missing(name)


def bindings(*places: str) -> list[BindingType]:
    """Textual bindings for some places; each has its command's id, so that a configuration can remap it."""
    from textual.binding import Binding

    return [
        Binding(
            ",".join(command.keys), command.action, command.help, show=False, id=command.id, priority=command.priority
        )
        for command in in_place(*places)
    ]


def key_name(key: str) -> str:
    """A Textual key as people write it."""
    names = {"slash": "/", "question_mark": "?", "escape": "esc"}
    return names.get(key, key)


def key_of(command: Command, remapped: Mapping[str, str]) -> str:
    """The key to show for a command, after the user's remapping."""
    return key_name(remapped.get(command.id, command.keys[0]).split(",")[0])


def first_key(name: str) -> str:
    """The usual key of a command, as people write it."""
    return key_name(by_id(name).keys[0])


def hints(places: Iterable[str], remapped: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Keys and words for the line at the bottom, in the language that is on."""
    wanted = set(places)
    return tuple((key_of(c, remapped), _(c.word)) for c in COMMANDS if c.line and c.place in wanted)


def table() -> str:
    """The Markdown table of all keys, for the README, in the language that is on."""
    rows = ["| key | does | where |", "| --- | --- | --- |"]
    for command in COMMANDS:
        keys = ", ".join(f"`{key_name(key)}`" for key in command.keys)
        rows.append(f"| {keys} | {_(command.help)} | {_(PLACES[command.place]).lower()} |")
    return "\n".join(rows)


def _missing(name: str) -> Command:
    raise KeyError(name)
