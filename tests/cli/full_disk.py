"""`workbench` on a disk that takes so many writes and no more, with the store's key given."""

from __future__ import annotations

import sys

from tests.proofs.vfs.abi import FULL
from tests.proofs.vfs.shim import Call, Shim
from tests.terminal.launch import place_of
from workbench import compose
from workbench.cli.main import main


class Room:
    """A watcher: there is room for some writes."""

    def __init__(self, writes: int) -> None:
        self._left = writes

    def before(self, call: Call) -> int:
        if call.op != "write":
            return 0
        self._left -= 1
        return 0 if self._left >= 0 else FULL

    def after(self, call: Call) -> None:
        """Nothing to remember."""


if __name__ == "__main__":
    shim = Shim(Room(int(sys.argv[1])))
    shim.register()
    setattr(compose, "place_of", place_of)  # noqa: B010 - the keyring is what is replaced
    code = main(sys.argv[2:])
    if shim.broken is not None:
        raise shim.broken
    sys.exit(code)
