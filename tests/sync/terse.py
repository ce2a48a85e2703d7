"""Servers that tell less of their resources than they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.contract import habits
from tests.sync.served import Resource, Server


class Terse(Server):
    """It leaves out some of `meta`."""

    KEEPS: ClassVar[tuple[str, ...]] = ()
    """What it tells of it."""
    HEADERS: ClassVar[tuple[str, ...]] = ()
    """Headers it sends with one resource."""

    def told(self, resource: Resource) -> Resource:
        """What it says of what it holds."""
        meta = {name: told for name, told in resource["meta"].items() if name in self.KEEPS}
        return {name: told for name, told in resource.items() if name != "meta"} | ({"meta": meta} if meta else {})

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        return super().bundle([self.told(each) for each in found], kind, after)

    def resource(self, resource: Resource, status: int, prefer: str) -> Response:
        made = super().resource(resource, status, prefer)
        if not made.body:
            return made
        headers = {name: made.headers[name] for name in self.HEADERS if name in made.headers}
        return JSONResponse(self.told(json.loads(bytes(made.body))), status, headers, media_type=habits.FHIR)


class Bare(Terse):
    """It says of nothing which version it is, or when it changed, and keeps no history."""

    def history(self, kind: str, params: dict[str, str]) -> Response:
        raise habits.RefusedError(404, f"{kind} has no history")


class NoVersion(Bare):
    """It tells when something changed, and no versions."""

    KEEPS = ("lastUpdated",)


class InHeader(Terse):
    """It tells versions in the ETag alone, and so of nothing that it lists."""

    KEEPS = ("lastUpdated", "security")
    HEADERS = ("etag", "location")
    before_read: Callable[[], object] | None = None
    """What happens just before a Task is read by itself."""

    async def route(self, request: Request) -> Response:
        if self.before_read is not None and "/Task/" in request.url.path:
            happens, self.before_read = self.before_read, None
            happens()
        return await super().route(request)
