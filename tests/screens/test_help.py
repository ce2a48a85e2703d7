"""Help tells what can be searched for, in words that a search understands."""

from __future__ import annotations

import pytest

from screens.help import SEARCH
from workbench import language
from workbench.dialogue.asking import FIELDS, OWNERS, STANDS
from workbench.dialogue.fold import fold
from workbench.language import _


@pytest.mark.parametrize("tongue", ["nb", "nn", "en"])
def test_the_fields_that_help_tells_of_are_understood_and_are_all_there_are(tongue: str) -> None:
    language.use(tongue)
    told = {FIELDS[fold(name)]: _(what) for names, what in SEARCH for name in _(names).replace(":", "").split()}
    assert told.keys() == set(FIELDS.values())
    assert {STANDS[fold(value)] for value in told["is"].split(", ")} == set(STANDS.values())
    assert {OWNERS[fold(value)] for value in told["owner"].rpartition(": ")[2].split(", ")} == set(OWNERS.values())
