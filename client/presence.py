"""Tells the portal where the user is: one Task a person, made once and changed from then on."""

from __future__ import annotations

from typing import Any

from client import errors
from client.conventions import Conventions
from client.dates import instant
from client.mapping.context import Context
from client.rest import Resource, Rest
from workbench.dialogue.people import Me
from workbench.dialogue.presence import LASTS, Doing

TRIES = 2
"""How often a presence that another window of the same user changes meanwhile is written."""


class Presences:
    """The user's own presence on one portal."""

    def __init__(self, rest: Rest, context: Context) -> None:
        self._rest = rest
        self._context = context
        self._task: Resource | None = None
        """As the portal last gave it."""
        self._of = ""

    async def tell(self, me: Me, thread: str, doing: Doing | None) -> None:
        """See `PortalPort.tell_presence`."""
        if self._of != me.reference:
            self._task, self._of = None, me.reference
        if self._task is None:
            if doing is None:
                return
            made = self._new(me, thread, doing)
            self._task = await self._rest.create(made, unless=self._identifier(me))
            if self._task.get("restriction") == made["restriction"]:
                return
        await self._change(thread, doing)

    async def _change(self, thread: str, doing: Doing | None) -> None:
        assert self._task is not None
        for tries in range(TRIES):
            stands = self._stands(thread, doing)
            wanted = [{"op": "add", "path": f"/{name}", "value": value} for name, value in stands.items()]
            version = str((self._task.get("meta") or {}).get("versionId") or "")
            try:
                self._task = await self._rest.patch("Task", str(self._task["id"]), wanted, version)
            except errors.Conflict:
                if tries == TRIES - 1:
                    raise
                self._task = await self._rest.read("Task", str(self._task["id"]))
            except (errors.NotFound, errors.Gone):
                self._task = None  # the portal has tidied it away: the next time makes a new one
                raise
            else:
                return

    def _identifier(self, me: Me) -> str:
        return f"{self._context.conventions.client_id_system}|{_name(me)}"

    def _new(self, me: Me, thread: str, doing: Doing) -> Resource:
        own = self._context.conventions
        return {
            "resourceType": "Task",
            "identifier": [{"system": own.client_id_system, "value": _name(me)}],
            "intent": "order",
            "code": {"coding": [{"system": own.task_system, "code": own.task_presence}]},
            "owner": {"reference": me.reference} | ({"display": me.name} if me.name else {}),
            **self._stands(thread, doing),
        }

    def _stands(self, thread: str, doing: Doing | None) -> dict[str, Any]:
        """What changes of it; without `doing`, that the user has gone."""
        own, now = self._context.conventions, self._context.now()
        if doing is None:
            return {"status": "completed", "restriction": {"period": {"end": instant(now)}}}
        return {
            "status": "in-progress",
            "businessStatus": {"coding": [{"system": own.business_system, "code": _code(doing, own)}]},
            "focus": {"reference": f"Communication/{thread}"},
            "restriction": {"period": {"end": instant(now + LASTS)}},
        }


def _name(me: Me) -> str:
    return f"presence-{me.reference.partition('/')[2]}"


def _code(doing: Doing, own: Conventions) -> str:
    return own.business_writing if doing is Doing.WRITING else own.business_reading
