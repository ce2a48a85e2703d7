"""The README's table is what the program took, and what was promised of single verbs holds."""

from pathlib import Path

import pytest
import pytest_asyncio

from tests.keystrokes.counting import count
from tests.keystrokes.elsewhere import GMAIL, NEOMUTT
from tests.keystrokes.keys import REASON, WORDS, Keys, pressed
from tests.keystrokes.table import NAMES, table
from workbench import language

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
MOST = {
    "done": 1,
    "next": 1,
    "claim": 1,
    "reply": 1 + len(WORDS) + 2,
    "note": 1 + len(WORDS) + 2,
    "person": 4,
    "team": 4 + len(REASON),
    "category": 4,
}
"""One key for a verb, two to send, four to assign or sort with the choice; the words come on top."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def counted(portal_base: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Keys]:
    """Every task done once."""
    language.use("nb")
    return await count(tmp_path_factory.mktemp("store"), portal_base)


def test_the_table_in_the_readme_is_what_was_counted(counted: dict[str, Keys]) -> None:
    inside = README.partition("<!-- keystrokes -->\n")[2].partition("\n<!-- /keystrokes -->")[0]
    assert inside == table(counted), "run: python -m tests.keystrokes"


def test_no_verb_takes_more_keys_than_were_promised(counted: dict[str, Keys]) -> None:
    assert {name: pressed(counted[name]) for name in MOST if pressed(counted[name]) > MOST[name]} == {}


def test_every_task_was_counted_here_and_is_told_of_elsewhere(counted: dict[str, Keys]) -> None:
    assert set(NAMES) == set(counted) == set(GMAIL) == set(NEOMUTT)
