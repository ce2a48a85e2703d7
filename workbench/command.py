"""What a verb with a key is, and the places where keys mean one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workbench.language import N_

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
