"""A note beside what takes long to make, that it was made whole and of what kind: then it is used again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.whole_file import write_whole


def told(note: Path, kind: Mapping[str, int]) -> dict[str, Any] | None:
    """What a note says of something that was made whole; None when it was not, or is of another kind.

    Args:
        note: The file.
        kind: What it must say among other things.
    """
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and kind.items() <= said.items() else None


def tell(note: Path, said: Mapping[str, int]) -> None:
    """Writes a note: from now on what stands beside it is whole."""
    write_whole(note, json.dumps(dict(said)) + "\n")
