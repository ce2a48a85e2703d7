"""What all of a session stands on: the store, the portals behind it, and a thread each for reading and writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from client.errors import Unreachable
from workbench.desk.deeds import Deeds
from workbench.desk.desk import Desk
from workbench.desk.effort_meter import EffortMeter
from workbench.desk.office import Office as Backstage
from workbench.desk.overseer import Overseer
from workbench.desk.shelves import Shelves
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.deadline import DeadlineRules
from workbench.dialogue.key import Key
from workbench.dialogue.receipt import ReceiptTexts

if TYPE_CHECKING:
    from workbench.store.store import Store
    from workbench.sync.ports import PortalPort


P = ParamSpec("P")
T = TypeVar("T")


class Room:
    """Carries out what a session asks on threads of its own."""

    clock: Callable[[], datetime]
    """The time now, aware, as the user's own zone has it."""
    _store: Store
    _office: Backstage
    _desk: Desk
    _deeds: Deeds
    _shelves: Shelves
    _effort: EffortMeter
    _overseer: Overseer
    _deadlines: DeadlineRules | None
    """How the office reckons; None where there is none."""
    _receipt_texts: ReceiptTexts
    _shown: Conversation | None
    """The conversation that was read last."""
    _told: dict[tuple[str, str, str], tuple[float, Any]]
    """What a portal told of a patient, with when, in monotonic seconds."""
    _reader: ThreadPoolExecutor
    _writer: ThreadPoolExecutor

    async def _moved(self, *keys: Key) -> None:
        """Lets what was just queued or saved leave, and shows it; what is done is done, and waits for neither.

        The reader shows it, so that whatever is read after this finds it laid over the lists.
        """
        self._office.nudge(keys[0].portal if keys else None)
        with suppress(RuntimeError):  # the session is being closed: nobody looks any more
            self._reader.submit(self._office.show, keys)

    async def _ask(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> T:
        await asyncio.to_thread(self._office.wait)
        try:
            return await asyncio.wrap_future(self._office.call(portal, work))
        except RuntimeError as error:  # the portals are not open yet, or no longer
            raise Unreachable(str(error)) from error

    async def _read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, partial(work, *args, **kwargs))

    async def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(work, *args, **kwargs))
