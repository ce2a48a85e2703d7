"""The one registry of verbs: bindings, palette, help, key line and the README's table are all made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.language import N_, _

if TYPE_CHECKING:
    from textual.binding import BindingType

ANYWHERE: Final = "anywhere"
INBOX: Final = "inbox"
WRITING: Final = "writing"
DIALOG: Final = "dialog"
OUTBOX: Final = "outbox"
OVERVIEW: Final = "overview"
PLACES: Final = {
    ANYWHERE: N_("Anywhere"),
    INBOX: N_("List and conversation"),
    WRITING: N_("While writing"),
    OUTBOX: N_("In the outbox"),
    OVERVIEW: N_("In the overview"),
    DIALOG: N_("In a dialog"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One verb with its key."""

    id: str
    """Stable name, used in the configuration's `[keys]` table."""
    keys: tuple[str, ...]
    """Textual key names, the first one shown. Letters stand for themselves; none needs AltGr."""
    word: str
    """Short word for the key line (message id)."""
    help: str
    """A sentence for help and palette (message id)."""
    place: str
    action: str
    """Textual action, without the `action_` in front."""
    line: bool = False
    """Stands in the key line at the bottom."""
    priority: bool = False
    """Goes before the key's meaning in a text field."""
    opens: bool = False
    """Opens something to type in: keys that follow at once are for that."""
    on_one: bool = False
    """Is done to the conversation one stands on."""
    goes: bool = False
    """Goes to another pane, list or screen, or to what is selected: keys that follow at once are for that."""


COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "reply",
        ("r",),
        N_("reply"),
        N_("Write a reply to the patient"),
        INBOX,
        "reply",
        on_one=True,
        line=True,
        opens=True,
    ),
    Command(
        "note",
        ("n",),
        N_("note"),
        N_("Write a note that only staff can read"),
        INBOX,
        "note",
        on_one=True,
        line=True,
        opens=True,
    ),
    Command(
        "claim",
        ("c",),
        N_("claim"),
        N_("Claim the conversation, or release it when it is yours"),
        INBOX,
        "claim",
        on_one=True,
        line=True,
    ),
    Command(
        "hand-over",
        ("f",),
        N_("hand over"),
        N_("Hand over to a colleague or a team, with a note"),
        INBOX,
        "hand_over",
        on_one=True,
        line=True,
        opens=True,
    ),
    Command("done", ("d",), N_("done"), N_("Mark as done and go to the next"), INBOX, "done", on_one=True, line=True),
    Command(
        "priority",
        ("p",),
        N_("priority"),
        N_("Set how much it hurries"),
        INBOX,
        "priority",
        on_one=True,
        line=True,
        opens=True,
    ),
    Command(
        "receipt",
        ("q",),
        N_("receipt"),
        N_("Tell the patient that the message has come, and by when the answer does: asks first"),
        INBOX,
        "receipt",
        on_one=True,
        goes=True,
    ),
    Command(
        "snooze",
        ("s",),
        N_("snooze"),
        N_("Put off until a moment or until the patient writes, or bring back what is put off"),
        INBOX,
        "snooze",
        on_one=True,
        line=True,
        opens=True,
    ),
    Command(
        "turn",
        ("y",),
        N_("turn"),
        N_("Say whose turn it is: ours, the patient's or a colleague's"),
        INBOX,
        "turn",
        on_one=True,
        opens=True,
    ),
    Command("category", ("t",), N_("category"), N_("Set the category"), INBOX, "category", on_one=True, opens=True),
    Command(
        "attach-here",
        ("a",),
        N_("attach"),
        N_("Attach a file to the reply or note being written"),
        INBOX,
        "attach",
        on_one=True,
        opens=True,
    ),
    Command(
        "attachments",
        ("v",),
        N_("attachments"),
        N_("Save an attachment of the conversation"),
        INBOX,
        "attachments",
        on_one=True,
        opens=True,
    ),
    Command(
        "record",
        ("o",),
        N_("record"),
        N_("See documents and appointments of the patient's record"),
        INBOX,
        "record",
        on_one=True,
        goes=True,
    ),
    Command(
        "search",
        ("slash", "ctrl+f"),
        N_("search"),
        N_("Search in all that is held"),
        INBOX,
        "search",
        line=True,
        opens=True,
    ),
    Command("go", ("g",), N_("queue"), N_("Go to a queue"), INBOX, "go", line=True, opens=True),
    Command(
        "tie",
        ("l",),
        N_("tie"),
        N_("Merge or link with another conversation of the patient, go to it, or take them apart"),
        INBOX,
        "tie",
        on_one=True,
        opens=True,
    ),
    Command(
        "patient",
        ("h",),
        N_("all of the patient"),
        N_("List all conversations of the patient, open and done; esc goes back"),
        INBOX,
        "patient",
        on_one=True,
        goes=True,
    ),
    Command(
        "group",
        ("G",),
        N_("by patient"),
        N_("Put the rows of each patient together, or no longer"),
        INBOX,
        "group",
        goes=True,
    ),
    Command(
        "mark",
        ("x",),
        N_("select"),
        N_("Select the row, or no longer; verbs are then for all that is selected"),
        INBOX,
        "mark",
        goes=True,
    ),
    Command(
        "mark-all",
        ("X",),
        N_("select all"),
        N_("Select all that the list holds, or nothing"),
        INBOX,
        "mark_all",
        goes=True,
    ),
    Command(
        "why", ("i",), N_("why"), N_("Tell why this row stands where it does"), INBOX, "why", on_one=True, goes=True
    ),
    Command(
        "keep-view",
        ("w",),
        N_("save view"),
        N_("Save the search as a view among the queues"),
        INBOX,
        "keep_view",
        opens=True,
    ),
    Command(
        "drop-view",
        ("W",),
        N_("throw view away"),
        N_("Throw away the view that is shown: asks first"),
        INBOX,
        "drop_view",
        goes=True,
    ),
    Command("next", ("ctrl+down",), N_("next"), N_("Open the next conversation"), INBOX, "next"),
    Command("previous", ("ctrl+up",), N_("previous"), N_("Open the previous conversation"), INBOX, "previous"),
    Command(
        "outbox",
        ("b",),
        N_("outbox"),
        N_("See what is on its way, and take it back while it has not left"),
        INBOX,
        "outbox",
        goes=True,
    ),
    Command(
        "overview",
        ("O",),
        N_("overview"),
        N_("See how each queue stands and what the last days were like, and the handover list"),
        INBOX,
        "overview",
        goes=True,
    ),
    Command(
        "undo",
        ("u",),
        N_("undo"),
        N_("Take back the last thing you did; words that have not left are opened to be edited"),
        INBOX,
        "undo",
        line=True,
        opens=True,
    ),
    Command(
        "steps",
        ("U",),
        N_("steps"),
        N_("See all you did in this session, and take back any of it"),
        INBOX,
        "steps",
        opens=True,
    ),
    Command("refresh", ("f5",), N_("fetch"), N_("Ask the portal for news now"), INBOX, "refresh"),
    Command("more", ("m",), N_("more"), N_("Show long messages whole"), INBOX, "more"),
    Command("back", ("escape",), N_("back"), N_("Go back; what is written is kept"), INBOX, "back", goes=True),
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
