"""Filled stores that are used again by the next run, and copies of them for what changes a store."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench import whole
from tests.bench.stores import SEED, Held, full, judged, opened
from workbench.store.cache_schema import STEPS

LAYOUT: Final = len(STEPS)
"""Of `cache.db`: a store of an older one would first be brought to this one, and partly read again."""
KIND: Final = {"seed": SEED, "layout": LAYOUT}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with one filled store a size; a file beside each says that it was filled whole."""

    folder: Path

    def store(self, messages: int) -> Held:
        """The store of a size: the one that is there when it is whole and of today's kind, else filled anew."""
        home, note = self.folder / f"messages-{messages}", self.folder / f"messages-{messages}.json"
        said = whole.told(note, KIND)
        if said is not None and home.is_dir():
            return _as_today(Held(home, said["conversations"], said["messages"]))
        note.unlink(missing_ok=True)
        if home.exists():
            shutil.rmtree(home)
        held = full(home, messages)
        whole.tell(note, {**KIND, "messages": held.messages, "conversations": held.conversations})
        return held


def _as_today(held: Held) -> Held:
    store = opened(held.home)
    try:
        judged(store)
    finally:
        store.close()
    return held


def copied(held: Held, home: Path) -> Held:
    """A copy of a store, which may be changed; the disk shares what it can."""
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", held.home, home], check=True)
    return Held(home, held.conversations, held.messages)
