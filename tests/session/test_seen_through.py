"""What was decided is written and shown, though whoever asked for it does not wait any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from threading import Event as Flag

import pytest

from tests.session.test_queueing import HERE, at_desk
from workbench.dialogue.key import Key
from workbench.dialogue.refusals import SendError
from workbench.dialogue.work import Change, Verb


async def test_a_verb_that_waits_for_the_disk_is_done_when_nobody_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, store = at_desk(tmp_path)
    shown: list[Iterable[Key]] = []
    monkeypatch.setattr(session._office, "show", shown.append)
    free = Flag()
    session._writer.submit(free.wait, 20)
    asked = asyncio.create_task(session.act(HERE, Change(Verb.CLAIM)))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked])
    assert asked.cancelled()
    free.set()
    assert await session.settled()
    assert [entry.verb for entry in store.outbox.all()] == [Verb.CLAIM]
    assert len(session.steps.done) == 1
    await asyncio.wrap_future(session._reader.submit(lambda: None))
    assert shown == [(HERE,)]
    await session.close()


async def test_closing_waits_for_it(tmp_path: Path) -> None:
    session, _store = at_desk(tmp_path)
    free = Flag()
    session._writer.submit(free.wait, 20)
    asked = asyncio.create_task(session.act(HERE, Change(Verb.CLAIM)))
    await asyncio.sleep(0)
    asked.cancel()
    closing = asyncio.create_task(session.close())
    free.set()
    await closing
    assert len(session.steps.done) == 1


async def test_what_cannot_be_done_is_known_to_who_waits_for_all(tmp_path: Path) -> None:
    session, _store = at_desk(tmp_path)
    asked = asyncio.create_task(session.act(Key("elsewhere", "t"), Change(Verb.CLAIM)))
    await asyncio.sleep(0)
    assert not await session.settled()
    with pytest.raises(SendError):
        await asked
    assert await session.settled(), "it is over"
    await session.close()
