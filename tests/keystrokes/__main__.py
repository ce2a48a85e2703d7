"""Counts the keys of everyday tasks on the real program: `python -m tests.keystrokes`.

Prints the README's table, and last one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.interop import servers
from tests.keystrokes.counting import count
from tests.keystrokes.table import figures, table
from workbench import language


def main() -> int:
    """Counts on a portal of its own, in bokmål."""
    language.use("nb")
    with (
        servers.python("workbench.sandbox.run", "--port", "0", "--conversations", "20") as address,
        tempfile.TemporaryDirectory() as folder,
    ):
        counted = asyncio.run(count(Path(folder), address))
    print(table(counted))
    print(json.dumps({"tasks": figures(counted)}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
