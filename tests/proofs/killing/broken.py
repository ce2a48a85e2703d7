"""Eras of workbenches that are broken in one way each: the kill proof must find it."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import replace
from time import sleep
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from client.portal import Portal
from tests.proofs.kill import era
from tests.proofs.killing.desk import Desk
from tests.proofs.verdict import Verdict
from tests.terminal.day import LAUNCH
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft
from workbench.session import Session
from workbench.store.cache import Cache

FORGETFUL: Final = (sys.executable, "-m", "tests.proofs.killing.forgetful", *LAUNCH[3:])
Told = tuple[int, int, int]
Found = tuple[Verdict, Counter[str]]

send_message = Portal.send_message
save_draft = Session.save_draft
apply = Cache.apply


def forgetful(told: Told) -> Verdict:
    """A program that says “draft saved” without writing."""
    return Desk(*told, launch=FORGETFUL).live("lost")


def minted_per_attempt(told: Told) -> Found:
    """Each try to send a message comes under an identifier of its own."""

    async def send(portal: Portal, _client_id: str, *rest: Any, **more: Any) -> Any:
        return await send_message(portal, str(uuid4()), *rest, **more)

    with patch.object(Portal, "send_message", send):
        return era(told, "doubled")


def acknowledged_before_saved(told: Told) -> Found:
    """A draft is called saved while it is still on its way to the disk."""
    under_way = set()

    async def save(session: Session, draft: Draft) -> Draft:
        task = asyncio.create_task(save_draft(session, draft))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return replace(draft, saved=session.clock())

    with patch.object(Session, "save_draft", save):
        return era(told, "lost")


def page_after_its_mark(told: Told) -> Found:
    """The resume point is kept in a transaction of its own, before the page it stands for."""

    def split(cache: Cache, portal: str, batch: Batch, stream: Any = None, mark: Any = None) -> Any:
        if mark is not None:
            apply(cache, portal, Batch(), stream, mark)
            sleep(0.05)  # a page of a large portal takes as long
        return apply(cache, portal, batch)

    with patch.object(Cache, "apply", split):
        return era(told, "lost")
