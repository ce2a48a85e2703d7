"""One conversation: the patient's banner, the timeline, and the composer inside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from widgets.banner import Banner
from widgets.composer import Composer
from widgets.display import for_display
from widgets.lit import Lit
from widgets.merged import interleaved
from widgets.portals import ONE_PORTAL, PortalNames
from widgets.presence_line import PresenceLine
from widgets.tie_line import TieLine
from widgets.timeline import Timeline
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.language import _


class ConversationPane(Lit, Vertical):
    """Shows one conversation; the composer in it is bound to that conversation alone."""

    DEFAULT_CSS = """
    ConversationPane {
        border: round $foreground 30%;
        border-title-style: bold;
        border-title-color: $foreground;
        &.-lit { border: round $border; border-title-color: $border; }
        & .pane--empty { height: 1fr; content-align: center middle; color: $text-muted; display: none; }
        & .pane--drafts {
            height: auto; max-height: 2; padding: 0 1; color: $text-accent; display: none;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-empty Banner, &.-empty PresenceLine, &.-empty TieLine { display: none; }
        &.-empty Timeline, &.-empty .pane--drafts { display: none; }
        &.-empty .pane--empty { display: block; }
    }
    """
    banner = query_one(Banner)
    presence = query_one(PresenceLine)
    ties = query_one(TieLine)
    timeline = query_one(Timeline)
    composer = query_one(Composer)

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        portals: PortalNames = ONE_PORTAL,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id, classes="-empty")
        self.portals = portals
        self._now = now
        self.conversation: Conversation | None = None
        self._drafts: tuple[Draft, ...] = ()

    def compose(self) -> ComposeResult:
        """Banner, who else is there, ties, timeline, composer, and the words shown when nothing is open."""
        yield Static(classes="pane--empty", markup=False)
        yield Banner(self.portals)
        yield PresenceLine()
        yield TieLine()
        yield Timeline(self._now)
        yield Static(classes="pane--drafts", markup=False)
        yield Composer()

    @property
    def key(self) -> Key | None:
        """Which conversation is shown."""
        return self.conversation.key if self.conversation else None

    def show(self, conversation: Conversation) -> None:
        """Shows a conversation; the reader's place is kept when it was shown already."""
        same = self.key == conversation.key
        self.conversation = conversation
        self.remove_class("-empty")
        self.border_title = for_display(conversation.title, one_line=True)
        self.banner.show(conversation, self._now())
        self.presence.show(conversation.present)
        self.ties.show(conversation)
        self.timeline.show(*interleaved(conversation), same=same)

    def grow_older(self) -> None:
        """Tells days and deadlines anew: what is open stays open past midnight, and past its deadline."""
        if self.conversation is not None:
            self.banner.show(self.conversation, self._now())
            self.timeline.turn_day()

    def show_drafts(self, drafts: tuple[Draft, ...]) -> None:
        """Tells of drafts that wait here; they are opened by their own keys."""
        if drafts == self._drafts:
            return
        self._drafts = drafts
        box = self.query_one(".pane--drafts", Static)
        box.display = bool(drafts)
        box.update(Content("\n").join([_draft_line(draft) for draft in drafts]))

    def clear(self, words: str) -> None:
        """Shows that nothing is open."""
        self.conversation = None
        self.add_class("-empty")
        self.border_title = Content("")
        self.query_one(".pane--empty", Static).update(Content(words))


def _draft_line(draft: Draft) -> Content:
    beginning = " ".join(draft.text.split())[:60]
    told = _("draft of a reply, r goes on:") if draft.kind is Kind.REPLY else _("draft of a note, n goes on:")
    return Content.assemble((f"✎ {told} ", "bold"), for_display(beginning, one_line=True))
