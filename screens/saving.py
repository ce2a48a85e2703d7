"""Saves an attachment of a conversation into a folder the user names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from screens.ask_text import AskText
from screens.choose import Choose
from screens.files import FileSuggester
from screens.telling import Reporter
from widgets.entry import size_words
from widgets.merged import interleaved
from widgets.picker import Choice
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.clean import visible
from workbench.dialogue.conversation import Conversation, Message, Note
from workbench.dialogue.key import Key
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


async def save_attachment(session: Session, app: App[object], reporter: Reporter, conversation: Conversation) -> None:
    """Lets the user pick an attachment and a folder, and writes it there under a safe name."""
    found = attachments(conversation)
    if not found:
        reporter.say(_("There are no attachments in this conversation"))
        return
    choices = [
        Choice(
            str(place),
            file.title or _("without a name"),
            size_words(file.size) if file.size is not None else file.content_type,
        )
        for place, file in enumerate(found)
    ]
    picked = await app.push_screen_wait(Choose(Content(_("Save an attachment")), choices))
    if picked is not None:
        await save_one(session, app, reporter, conversation, found[int(picked)])


async def save_one(
    session: Session, app: App[object], reporter: Reporter, conversation: Conversation, attachment: Attachment
) -> None:
    """Asks for a folder and has one attachment written there.

    A file may take minutes to come: meanwhile keys are heard, and neither another dialog nor leaving the screen that
    asked takes it away.
    """
    asked = AskText(
        Content(_("Save in which folder?")),
        _("→ completes, enter saves; nothing is ever written over"),
        value=await _downloads(),
        suggester=FileSuggester(folders_only=True),
    )
    folder = await app.push_screen_wait(asked)
    if folder is not None:
        fetching = _fetch(session, reporter, conversation.key, attachment, Path(folder))
        app.run_worker(fetching, group="saving", exit_on_error=False)


async def _fetch(session: Session, reporter: Reporter, key: Key, attachment: Attachment, folder: Path) -> None:
    try:
        path = await session.save_attachment(key, attachment, folder)
    except Exception as error:  # noqa: BLE001 - any failure is told; nothing was written
        reporter.report(error)
        return
    reporter.say(_("Saved as {path}").format(path=path))


def attachments(conversation: Conversation) -> list[Attachment]:
    """All attachments of a conversation and of what was merged into it, newest first."""
    entries = [e for e in interleaved(conversation)[0] if isinstance(e, Message | Note)]
    return [file for entry in reversed(entries) for file in entry.attachments]


async def _downloads() -> str:
    """The user's folder for what is downloaded; nothing when its name cannot be shown as it is."""
    from platformdirs import user_downloads_path

    folder = f"{user_downloads_path()}/"
    return folder if visible(folder, one_line=True) == folder else ""
