"""The rules that come along, read once."""

import pytest

from workbench.dialogue.flags.rules import Rules
from workbench.flag_rules import load_rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules()
