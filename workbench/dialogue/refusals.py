"""What the workbench refuses to do, as words that screens put into sentences."""

from __future__ import annotations

from enum import StrEnum


class SendWord(StrEnum):
    """Why a draft may not be sent, or something not be done."""

    EMPTY = "empty"
    NO_PATIENT = "no-patient"
    MIXED = "mixed-patients"
    NO_READER = "no-reader"
    """Nobody on the patient's side is named in a way that can be followed, or not everybody is."""
    NOT_READ = "not-read"
    """No message of the conversation is held yet."""
    ROLE = "role"
    NOBODY_ACTS = "nobody-acts"
    """It is not known who acts on this portal."""
    CLOSED = "closed"
    """The portal has closed the conversation."""
    CHANGED = "changed"
    """The draft was begun in another conversation than the one on screen, or by somebody else."""
    ALREADY_SENT = "already-sent"
    """The draft was queued already, here or in another window."""
    RECEIPTED = "receipted"
    """Staff have written since the patient's last words: there is nothing to give a receipt for."""
    TIE_PATIENT = "tie-patient"
    """It is not certain that two conversations are of one patient."""
    TIE_READERS = "tie-readers"
    """Others on the patient's side read the one than read the other."""
    TIE_MERGED = "tie-merged"
    """One of the two is merged into another already."""
    TIE_ORDER = "tie-order"
    """What would be merged stands higher by now than what would be kept."""
    TIE_DRAFT = "tie-draft"
    """Unsent words lie in what would be merged."""
    TIE_CONSULTATION = "tie-consultation"
    """What would be merged is an e-consultation that has not been answered."""
    SNOOZE_PAST = "snooze-past"
    """The moment to snooze until has passed."""
    SNOOZE_FLAGGED = "snooze-flagged"
    """The patient wrote of an urgent symptom: it is not put off beyond today."""


class AttachWord(StrEnum):
    """Why something may not be attached."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    FOLDER = "folder"
    SPECIAL = "special"
    """Neither a file nor a folder: a device or a pipe."""
    EMPTY = "empty-file"
    TOO_LARGE = "file-too-large"
    OTHER_PATIENT = "other-patient"
    OTHER_PORTAL = "other-portal"
    """It lies on another portal, where the same reference may name something else."""
    RESTRICTED = "restricted"
    NOT_FINAL = "not-final"
    ALREADY = "already-attached"


class SaveWord(StrEnum):
    """Why an attachment could not be saved."""

    NO_FOLDER = "no-folder"
    UNWRITABLE = "unwritable"


class Refusal(Exception):  # noqa: N818 - the subclasses carry the suffix
    """Something the workbench will not do.

    Attributes:
        word: Stable code, a word of the enumeration that belongs to the class.
        detail: What it is about, such as a file's name; text from outside.
        values: Figures that the word's sentence names.
    """

    def __init__(self, word: StrEnum, detail: str = "", **values: int) -> None:
        super().__init__(str(word))
        self.word = str(word)
        self.detail = detail
        self.values = values


class SendError(Refusal):
    """A draft may not be sent, or something not be done; `word` is a `SendWord`."""


class AttachError(Refusal):
    """Something may not be attached; `word` is an `AttachWord`."""


class SaveError(Refusal):
    """An attachment could not be saved; `word` is a `SaveWord`."""
