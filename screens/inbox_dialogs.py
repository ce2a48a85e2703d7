"""What the inbox opens over itself: the outbox, the overview, why a row is here, views, the record, attachments."""

from __future__ import annotations

from dataclasses import replace

from textual import work

from screens.figures import Figures
from screens.inbox_verbs import InboxVerbs
from screens.keeping import keep_view, remove_view
from screens.record import RecordScreen
from screens.saving import save_attachment
from screens.why import Why
from widgets.why_lines import why_lines
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Query, Queue
from workbench.language import _, current


class InboxDialogs(InboxVerbs):
    """The part of the inbox that opens other screens."""

    _figures: Figures

    def _reads_again(self) -> None:
        """Shows what is read, and its keys, once nothing is written any more."""
        raise NotImplementedError

    def _pick(self, queue: Queue) -> None:
        """Opens a queue that the user has chosen."""
        raise NotImplementedError

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_outbox(self) -> None:
        """Shows what is on its way, once what is being written is saved: words taken back are put into that draft."""
        from screens.outbox import OutboxScreen

        if not await self.pane.writing.leave():
            return
        self._reads_again()
        outbox = OutboxScreen(self._session, self._remapped, lambda: self.opening("outbox"))
        leave = await self.app.push_screen_wait(outbox)
        if leave is not None and leave.edit is not None:
            if not await self._edit("outbox", leave.edit):
                self.post_message(self.NoField("outbox", self.awaited, vain=False))
        elif leave is not None:
            self._open(leave.key)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_overview(self) -> None:
        """Shows how it stands, and lists what is behind a figure that is stepped into."""
        if await self.pane.writing.leave():
            self._reads_again()
            if queue := await self._figures.look(self.listing.queue):
                self._pick(queue)

    def action_why(self) -> None:
        """Tells why the conversation one is at stands where it does, which another may be than the cursor's."""
        rows, query, key = self.listing.rows, self.listing.query_shown, self._looked_at
        if query is None or key is None:
            self.post_message(self.NoField("why", self.awaited))
        elif rows.cursor is not None and rows.cursor_item is not None and key == rows.cursor_key:
            self._show_why(rows.cursor_item, query, rows.cursor)
        else:
            self._find_why(key, query)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _find_why(self, key: Key, query: Query) -> None:
        place, item = await self._session.locate(query, key), (await self._session.rows([key])).get(key)
        if place is None or item is None:
            self._not_listed()
        else:
            self._show_why(item, query, place)

    def _show_why(self, item: Item, query: Query, place: int) -> None:
        named = replace(item, flag=self._session.rule_name(item.flag, current())) if item.flag else item
        reasons = why_lines(named, query, place, self.listing.rows.total, self._session.clock())
        self.app.push_screen(Why(_("Why is this row here?"), reasons))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_keep_view(self) -> None:
        """Keeps the search as a view."""
        if self.listing.typed:
            await keep_view(self._session, self.app, self, self.listing.typed)
        else:
            self.post_message(self.NoField("keep_view", self.awaited))
            self.say(_("Search first: what is searched for can be saved as a view"))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_drop_view(self) -> None:
        """Throws away the view that is shown."""
        kind, _colon, name = (self.listing.queue.name if self.listing.queue else "").partition(":")
        if kind == "view" and not self.listing.typed:
            await remove_view(self._session, self.app, self, name)
        else:
            self.say(_("Go to a saved view first: it is the view shown that is thrown away"))

    def action_record(self) -> None:
        """Shows the patient's record."""
        if key := self._aimed_at("record"):
            self.app.push_screen(RecordScreen(self._session, key, self._remapped))

    def action_attachments(self) -> None:
        """Saves an attachment of the conversation."""
        if key := self._aimed_at("attachments"):
            self._save_attachment(key)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _save_attachment(self, key: Key) -> None:
        number = self.awaited
        if conversation := await self._session.conversation(key):
            await save_attachment(self._session, self.app, self, conversation)
            self.post_message(self.NoField("attachments", number, vain=False))
        else:
            self.in_vain("attachments")
