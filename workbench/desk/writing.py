"""Drafts with their attachments, and their way into the outbox."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from workbench.desk import files
from workbench.desk.room import Room, seen_through
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.checks import why_not_attach
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.deadline import due_of
from workbench.dialogue.held import RecordDocument
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, LocalFile, Outgoing
from workbench.dialogue.receipt import receipt
from workbench.dialogue.refusals import AttachError


class Writing(Room):
    """Drafts with their attachments, and their way into the outbox."""

    async def draft(self, key: Key, kind: Kind) -> Draft:
        """My draft of this kind in this conversation; an empty one when there is none."""
        return await self._write(self._desk.draft, key, kind)

    async def drafts(self) -> int:
        """How many drafts hold something that has not been sent."""
        return sum(not draft.empty for draft in await self._write(self._store.drafts.list))

    @seen_through
    async def save_draft(self, draft: Draft) -> Draft:
        """Puts a draft on disk; it is there when this returns, with `saved` set.

        What another window has written in it since stands below these words in what is returned.

        Raises:
            StoreError: It could not be written; what was there before is untouched.
        """
        saved = await self._write(self._desk.save_draft, draft)
        if draft.saved is None:
            await self._moved(draft.key)
        return saved

    @seen_through
    async def discard_draft(self, draft: Draft) -> None:
        """Removes a draft by the user's own act; what another window has written there since stays."""
        await self._write(self._store.drafts.discard, draft)
        await self._moved(draft.key)

    async def copy_file(self, path: Path) -> LocalFile:
        """Keeps a copy of a file, which may take long where it is read from; it belongs to nothing yet.

        Raises:
            AttachError: It is missing, unreadable, a folder, empty or too large.
        """
        name, content_type, data = await asyncio.to_thread(files.read_for_attaching, path)
        return await self._write(self._store.files.add, name, content_type, data)

    async def attach_file(self, draft: Draft, file: LocalFile) -> Draft:
        """Attaches a copy to a draft."""
        return await self.save_draft(replace(draft, files=(*draft.files, file)))

    async def attach_document(self, draft: Draft, document: RecordDocument) -> Draft:
        """Attaches a document of the same patient's record.

        Raises:
            AttachError: It is another patient's or on another portal, restricted or not final.
        """
        held = await self._read(self._store.cache.conversation, draft.key)
        word = why_not_attach(draft, document, held.patient.reference if held and held.patient else "")
        if word is not None:
            raise AttachError(word, document.title)
        content = document.attachment or Attachment("")
        attached = replace(content, title=document.title or content.title, url="", reference=document.reference)
        return await self.save_draft(replace(draft, documents=(*draft.documents, attached)))

    async def detach(self, draft: Draft, place: int) -> Draft:
        """Takes one attachment off a draft; files stand first, then documents."""
        count = len(draft.files)
        kept = tuple(file for at, file in enumerate(draft.files) if at != place)
        documents = tuple(each for at, each in enumerate(draft.documents, count) if at != place)
        return await self.save_draft(replace(draft, files=kept, documents=documents))

    @seen_through
    async def send(self, draft: Draft, conversation: Conversation) -> Outgoing:
        """Puts a draft in the outbox; it leaves when the portal can be reached.

        Args:
            draft: What to send.
            conversation: What the user saw when deciding: names the patient and the basis.

        Raises:
            SendError: The draft is empty, the thread names no patient or more than one, or the role may not reply.
            StoreError: It could not be written; the draft is untouched.
        """
        queued = await self._write(self._deeds.send, draft, conversation)
        self._effort.did(draft.key, queued.verb)
        await self._moved(draft.key)
        return queued

    async def receipt_words(self, conversation: Conversation) -> str | None:
        """What a receipt says, in the patient's language; None when its day has passed, or no office reckons it."""
        return await self._read(self._receipt_words, conversation)

    def _receipt_words(self, conversation: Conversation) -> str | None:
        rules = self._deadlines
        if rules is None:
            return None
        asked = [entry for entry in conversation.entries if isinstance(entry, Message) and entry.sender.outside]
        category = conversation.work.category or next(iter(conversation.categories), "")
        due = conversation.work.due or (due_of(asked[-1].sent, category, rules) if asked else None)
        language = conversation.patient.language if conversation.patient else ""
        return None if due is None else receipt(language, due, self.clock(), rules.office, self._receipt_texts)

    @seen_through
    async def receipt(self, text: str, conversation: Conversation) -> Outgoing:
        """Puts in the outbox that the patient's message has come; it answers nothing, and nobody's work moves.

        Args:
            text: The words.
            conversation: What the user saw when deciding.

        Raises:
            SendError: It may not be sent, or has been sent for these words of the patient already
                (`dialogue.receipts.may_receipt`).
        """
        queued = await self._write(self._deeds.receipt, text, conversation)
        self._effort.did(conversation.key, queued.verb)
        await self._moved(conversation.key)
        return queued
