"""Writes a small text file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(file: Path, text: str, *, check: Callable[[Path], object] = lambda _written: None) -> None:
    """Puts a text where a file is, in one step, once it is on disk; the folder must be there.

    Args:
        file: What is replaced or made; only its owner may read it.
        text: Written as UTF-8, a lone surrogate as a question mark.
        check: Told of the written file before it takes its place; what it raises leaves everything as it was.

    Raises:
        OSError: It cannot be written; what was there is untouched.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=file.suffix)
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        check(written)
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)
