"""Completion of file names, for attaching and saving."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.suggester import Suggester

from workbench.dialogue.clean import visible


class FileSuggester(Suggester):
    """Suggests the first file or folder whose name begins as typed; names that cannot be shown are left out."""

    def __init__(self, *, folders_only: bool = False) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folders_only = folders_only

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path suggested, or None.

        It is asked for in a worker of Textual's own, and one that fails ends the program.
        """
        try:
            return await asyncio.to_thread(self._look, value)
        except (OSError, RuntimeError, ValueError):  # a folder that cannot be read, a home of nobody, no path at all
            return None

    def _look(self, value: str) -> str | None:
        typed = Path(value).expanduser()
        folder, start = (typed, "") if value.endswith("/") else (typed.parent, typed.name)
        names = sorted(entry for entry in folder.iterdir() if entry.name.startswith(start))
        for entry in names[:500]:
            hidden = entry.name.startswith(".") and not start.startswith(".")
            if hidden or visible(entry.name, one_line=True) != entry.name:
                continue
            if entry.is_dir() or not self._folders_only:
                return value + entry.name[len(start) :] + ("/" if entry.is_dir() else "")
        return None
