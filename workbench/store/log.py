"""Whether a log (`-wal`) still holds all that was committed to it.

SQLite takes the first frame of a log that does not fit for its end, as after a power cut, and says nothing: one
changed bit would silently cost every draft that was saved behind it. The log's index (`-shm`), which a process that
dies leaves behind, tells how far the log went: SQLite writes that there only after the log is on disk. Without an
index nothing can be told. Layouts: https://www.sqlite.org/walformat.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import Struct, unpack, unpack_from
from typing import Final

INDEX: Final = Struct("=III BBH II 8s 8s 8s")
INDEX_VERSION: Final = 3007000
HEAD: Final = Struct(">IIII 8s II")
FRAME: Final = Struct(">II 8s II")
MAGIC: Final = {0x377F0682: "<", 0x377F0683: ">"}
"""How the log's first word tells the order of bytes in which its sums are taken."""
WORD: Final = 0xFFFFFFFF
TRIES: Final = 3
Sums = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Index:
    frames: int
    """How many frames were committed, and are on disk."""
    salt: bytes
    """Which filling of the log they belong to."""


def cut_short(database: Path) -> bool:
    """Whether frames that were committed do not fit any more. Nothing is changed; another process may be writing.

    Raises:
        OSError: The log cannot be read.
    """
    log, index = (database.with_name(database.name + companion) for companion in ("-wal", "-shm"))
    for _ in range(TRIES):
        before = _index(index)
        if before is None or before.frames == 0 or not log.exists():
            return False
        if not _misses(log, before):
            return False
        if before == _index(index):
            return True
    return False


def _index(path: Path) -> _Index | None:
    """What an index says; it has two copies of it, one of which may be half written."""
    try:
        with path.open("rb") as file:
            data = file.read(2 * INDEX.size)
    except OSError:
        return None
    for at in (0, INDEX.size):
        if len(data) < at + INDEX.size:
            continue
        version, _, _, _, _, _, frames, _, _, salt, sums = INDEX.unpack_from(data, at)
        words = unpack_from("=10I", data, at)
        if version == INDEX_VERSION and unpack("=II", sums) == _summed(words, (0, 0)):
            return _Index(frames, salt)
    return None


def _misses(log: Path, index: _Index) -> bool:
    with log.open("rb") as file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return False  # a log that is gone was taken over, for all that can be told
        magic, _, page, _, salt, *sums = HEAD.unpack(head)
        order = MAGIC.get(magic)
        if order is None or _summed(unpack_from(f"{order}6I", head), (0, 0)) != tuple(sums):
            # A head is written in one piece. Behind one that does not fit, frames of this filling say that it did.
            first = file.read(FRAME.size)
            return len(first) == FRAME.size and FRAME.unpack(first)[2] == index.salt
        if salt != index.salt:
            return False  # filled anew since
        chain: Sums = (sums[0], sums[1])
        for _ in range(index.frames):
            frame = file.read(FRAME.size + page)
            if len(frame) < FRAME.size + page:
                return True
            _, _, of, *told = FRAME.unpack_from(frame)
            chain = _summed(unpack_from(f"{order}2I", frame), chain)
            chain = _summed(unpack_from(f"{order}{page // 4}I", frame, FRAME.size), chain)
            if of != salt or chain != tuple(told):
                return True
    return False


def _summed(words: Sequence[int], sums: Sums) -> Sums:
    one, two = sums
    for even, odd in zip(words[::2], words[1::2], strict=True):
        one = (one + even + two) & WORD
        two = (two + odd + one) & WORD
    return one, two
