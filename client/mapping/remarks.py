"""What staff wrote on a Task itself: why it was handed over or put off."""

from typing import Any

from pydantic import ValidationError

from client import models
from client.dates import moment
from client.mapping.context import Context, stamp
from workbench.dialogue.held import Remark


def remarks(resource: models.Task, context: Context) -> tuple[Remark, ...]:
    """All `Task.note` that say anything, in the portal's order; one without a time has that of the Task."""
    since = moment(resource.authored) or stamp(resource).updated
    return tuple(
        Remark(_author(note, context), moment(_text(note, "time")) or since, said, _text(note, "authorString"))
        for note in resource.note
        if (said := _text(note, "text")).strip()
    )


def _author(note: dict[str, Any], context: Context) -> str:
    """Who wrote it, as far as the portal can be followed: a note by nobody is shown all the same."""
    if "authorReference" not in note:
        return ""
    try:
        return context.party(models.Reference.model_validate(note["authorReference"]))
    except ValidationError:
        return ""


def _text(note: dict[str, Any], element: str) -> str:
    value = note.get(element)
    return value if isinstance(value, str) else ""
