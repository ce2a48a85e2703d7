"""The Task of a conversation: found, made when there is none, and changed by patch."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from client import errors, patches
from client.dates import instant
from client.mapping.batch import batch
from client.mapping.context import LONG_AGO, Context
from client.rest import Resource, Rest
from client.tying import tie_operations
from workbench.dialogue.held import Batch, HeldTask
from workbench.dialogue.people import Me
from workbench.dialogue.work import Change, State

ANSWER_TRIES = 3
"""How often a Task is read again when somebody changes it while we note an answer on it."""


class Tasks:
    """The work on conversations of one portal."""

    def __init__(self, rest: Rest, context: Context) -> None:
        self._rest = rest
        self._context = context

    async def of(self, thread: str) -> HeldTask | None:
        """See `PortalPort.task_of`."""
        return max((await self._all(thread)).tasks, key=_standing, default=None)

    async def ensure(self, thread: str, patient: str, category: str) -> HeldTask:
        """See `PortalPort.ensure_task`."""
        there = await self._all(thread)
        found = max(there.tasks, key=_standing, default=None)
        if found and found.state is not State.DONE:
            return found
        ended = len(there.tasks) + len(there.gone)  # one made by mistake has its name all the same
        name = f"respond-{thread}-{ended}" if ended else f"respond-{thread}"
        made = await self._rest.create(self._new(thread, patient, category, name), unless=self._identifier(name))
        return self._held(made)

    async def change(self, task: HeldTask, change: Change, me: Me, when: datetime) -> HeldTask:
        """See `PortalPort.change_task`."""
        raw = await self._rest.read("Task", task.stamp.id)
        if not _same(self._held(raw), task):
            raise errors.Conflict("The Task was changed since it was read.")
        try:
            wanted = patches.operations(raw, change, me, self._context.conventions, when)
            wanted += tie_operations(raw, change, self._context)
        except ValueError as error:
            raise errors.Refused(str(error)) from None
        return await self._patched(raw, wanted) if wanted else self._held(raw)

    async def answer(self, task: HeldTask, message: str, me: Me) -> HeldTask:
        """See `PortalPort.answer_task`."""
        for _ in range(ANSWER_TRIES):
            raw = await self._rest.read("Task", task.stamp.id)
            held = self._held(raw)
            wanted = patches.answer(raw, message, me, self._context.conventions)
            try:
                return await self._patched(raw, wanted) if wanted else held
            except errors.Conflict:
                continue
        raise errors.Conflict("The Task keeps changing.")

    async def _all(self, thread: str) -> Batch:
        """The Tasks of a conversation, and as gone those that were made by mistake."""
        focus = f"Communication/{thread}"
        found = await self._rest.find_offered("Task", [("focus", focus), ("_count", "50")])
        if found is None:
            raise errors.Refused("The portal has no Tasks: nobody can be said to have the conversation there.")
        given = batch(found.resources, self._context)
        return Batch(tasks=tuple(task for task in given.tasks if task.thread == thread), gone=given.gone)

    async def _patched(self, raw: Resource, wanted: patches.Operations) -> HeldTask:
        version = self._held(raw).stamp.version
        changed = await self._rest.patch("Task", str(raw["id"]), wanted, version)
        try:
            return self._held(changed)
        except errors.NotFhir as error:
            error.may_have_happened = True
            raise

    def _held(self, raw: Resource) -> HeldTask:
        tasks = batch([raw], self._context).tasks
        if not tasks:
            raise errors.NotFhir("The portal's Task is not the work on a conversation.")
        return tasks[0]

    def _identifier(self, name: str) -> str:
        return f"{self._context.conventions.client_id_system}|{name}"

    def _new(self, thread: str, patient: str, category: str, name: str) -> Resource:
        own = self._context.conventions
        http = self._rest.http
        task: dict[str, Any] = {
            "resourceType": "Task",
            "identifier": [{"system": own.client_id_system, "value": name}],
            "status": "requested",
            "businessStatus": {"coding": [{"system": own.business_system, "code": own.business_new}]},
            "intent": "order",
            "priority": "routine",
            "code": {"coding": [{"system": own.task_system, "code": own.task_respond}]},
            "focus": {"reference": f"Communication/{thread}"},
            "authoredOn": instant(http.clock() + http.offset),
        }
        if patient:
            task["for"] = {"reference": patient}
        if category:
            task["reasonCode"] = {"coding": [{"system": own.category_system, "code": category}]}
        return task


def _same(now: HeldTask, then: HeldTask) -> bool:
    """Whether a Task is as it was read: by its version, or, where a list told none, by all that is read of it."""
    if then.stamp.version:
        return now.stamp.version == then.stamp.version
    return replace(now, stamp=then.stamp) == then


def _standing(task: HeldTask) -> tuple[bool, datetime]:
    """Open ones before ended ones, then the one made last."""
    return task.state is not State.DONE, task.authored or (task.stamp.updated or LONG_AGO)
