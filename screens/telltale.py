"""What the outbox tells of each thing: the same in its list, beside the other side and in a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content

from screens.both_sides import Sides
from screens.writing import through
from widgets.banner import identity
from widgets.both_sides import standing, written
from widgets.change_words import change_words
from widgets.display import for_display
from widgets.outbox_lines import Circumstances, happened, heading, quoted, times, whose
from widgets.portals import PortalNames
from workbench.dialogue import remedies
from workbench.dialogue.basis import Seen
from workbench.dialogue.clean import CUT_SIGN, clip
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.remedies import Remedy
from workbench.dialogue.status import Status
from workbench.language import _, ngettext

if TYPE_CHECKING:
    from workbench.session import Session

WORDS: Final = (400, 8)
"""Characters and lines of what is to be sent or thrown away, in a question."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on its way, with its conversation as it is held."""

    out: Outgoing
    held: Conversation | None
    doubtful: bool = False
    """A try of it that nobody answered may still come to pass."""


class Telltale:
    """Puts what is known of an entry together for the screen."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.names = PortalNames.of(session.people)

    def circumstances(self, out: Outgoing, pending: tuple[Outgoing, ...], *, doubtful: bool = False) -> Circumstances:
        """What the words for an entry depend on besides itself."""
        status, me = self._session.status, self._session.people.get(out.key.portal)
        return Circumstances(
            self._session.clock(),
            status.portal(out.key.portal),
            me is not None and me.reference == out.author,
            status.elsewhere,
            remedies.before(out, pending),
            self.names,
            doubtful,
        )

    def able(self, entry: Entry) -> tuple[Remedy, ...]:
        """What can be done about an entry now."""
        me = self._session.people.get(entry.out.key.portal)
        return remedies.remedies(
            entry.out,
            entry.held,
            me=me.reference if me else "",
            connected=me is not None,
            sends=not self._session.status.elsewhere,
            doubtful=entry.doubtful,
        )

    async def sides(self, entry: Entry, pending: tuple[Outgoing, ...]) -> Sides:
        """Both sides of an entry as they are now."""
        out, held, now = entry.out, entry.held, self._session.clock()
        basis = Seen.read(out.basis)
        names = await self._session.names(out.key.portal, {basis.owner, *basis.readers})
        seen = self.circumstances(out, pending, doubtful=entry.doubtful)
        said = quoted(out)
        why = [for_display(happened(out, held, seen)), *([for_display(said, "italic", one_line=True)] if said else [])]
        return Sides(
            heading(out, held, self.names, now),
            self.who(entry),
            Content("\n").join([*why, Content(times(out, seen))]),
            written(out, held, names, now),
            standing(out, held, names, now),
            self.able(entry),
        )

    def who(self, entry: Entry) -> Content:
        """Whose it is, and by which portal it goes."""
        held, portal = entry.held, entry.out.key.portal
        patient = held.patient if held else None
        who = identity(patient, self._session.clock().date()) if patient else for_display(whose(held), one_line=True)
        me = self._session.people.get(portal)
        way = through(self.names.name(portal), me.name if me else "")
        return who if way is None else Content("\n").join([who, way])

    def about(self, entry: Entry) -> Content:
        """Whose it is and what kind, that it may have arrived, and the words."""
        out = entry.out
        kind = change_words(out.verb, out.change, self._session.clock())
        lines = [self.who(entry), Content.styled(kind, "bold")]
        if out.state is Sending.UNKNOWN:
            lines.append(Content.styled(_("The portal gave no answer: it may have arrived."), "bold $text-error"))
        words, cut = clip(out.text, *WORDS)
        return Content("\n").join([*lines, Content(""), for_display(words + (f" {CUT_SIGN}" if cut else ""))])


def above(status: Status, names: PortalNames) -> list[Content]:
    """What concerns the whole outbox: who sends, and what arrived without all of it being told."""
    lines = []
    if status.elsewhere:
        lines.append(Content(_("Another window of this program is open on the same store, and sends for both.")))
    for portal in status.portals:
        if portal.untold:
            words = ngettext(
                "{count} reply arrived whose task the portal did not let us mark as answered: see below.",
                "{count} replies arrived whose tasks the portal did not let us mark as answered: see below.",
                portal.untold,
            ).format(count=portal.untold)
            tag = names.tag(portal.portal)
            lines.append(Content(f"{tag} {words}" if tag else words))
    return lines
