"""A conversation's red flag, as a question names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from widgets.display import for_display
from workbench.dialogue.key import Key
from workbench.language import _, current

if TYPE_CHECKING:
    from workbench.session import Session


async def flag_line(session: Session, key: Key) -> Content | None:
    """What a rule found in the patient's words, and which one; None where none did."""
    item = (await session.rows([key])).get(key)
    if item is None or not item.flag:
        return None
    rule = session.rule_name(item.flag, current())
    words = _("Red flag: «{words}», found by the rule “{rule}”").format(words=item.flag_words, rule=rule)
    return for_display(words, "bold $text-error", one_line=True)
