"""What all of a session stands on: the store, the portals behind it, and a thread each for reading and writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

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
R = TypeVar("R", bound="Room")


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
    _underway: set[asyncio.Task[Any]]
    """What was decided and is not done yet, held here so that it is done though nobody waits for it any more."""

    async def settled(self) -> bool:
        """Waits until all that was decided is done. False when some of it could not be."""
        well = True
        while self._underway:
            done, _rest = await asyncio.wait(tuple(self._underway))
            well = well and not any(deed.cancelled() or deed.exception() for deed in done)
        return well

    async def _see_through(self, deed: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(deed)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)
        return await asyncio.shield(task)

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


def seen_through(
    deed: Callable[Concatenate[R, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[R, P], Coroutine[Any, Any, T]]:
    """For what the user has decided: it is written and shown as a whole, even if who asked for it goes away."""

    @wraps(deed)
    async def done(room: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await room._see_through(deed(room, *args, **kwargs))

    return done
