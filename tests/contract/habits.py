"""A FHIR server in memory with the habits of HAPI: `python -m tests.contract.habits` prints `READY <base>`.

Whole-number versions and ids, 409 for a stale If-Match, `:missing` that finds nothing, pages behind links that cannot
be guessed and of at most 200, references that must exist, `diagnostics` instead of `details.text`, searches answered
from memory for a minute unless `Cache-Control: no-cache` is sent, and no body unless the client prefers one.
"""

import base64
import json
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import jsonpatch
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Resource = dict[str, Any]
Params = list[tuple[str, str]]
MOST, USUAL = 200, 20
REUSED = 60.0
FHIR = "application/fhir+json;charset=UTF-8"
REFERENCES = {
    "part-of": "partOf",
    "based-on": "basedOn",
    "focus": "focus",
    "subject": "subject",
    "patient": "subject",
    "practitioner": "practitioner",
    "owner": "owner",
}
TOKENS = {"category": "category", "code": "code", "status": "status", "type": "type"}
INCLUDED = {"PractitionerRole:practitioner": "practitioner", "PractitionerRole:organization": "organization"}
CONTROLS = ("_sort", "_count", "_include", "_format", "_pretty", "_total", "_elements")


class RefusedError(Exception):
    """The request is answered with an OperationOutcome."""

    def __init__(self, status: int, diagnostics: str) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.outcome = {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": "processing", "diagnostics": diagnostics}],
        }


@dataclass
class Store:
    """All editions of all resources."""

    editions: dict[str, list[Resource | None]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    searches: dict[str, tuple[float, list[Resource]]] = field(default_factory=dict)
    pages: dict[str, list[Resource]] = field(default_factory=dict)
    log: list[tuple[str, str, Resource | None, str]] = field(default_factory=list)
    """Time, reference, resource (None for a deletion) and version, oldest first."""
    last_id: int = 1000

    def current(self, ref: str) -> Resource:
        editions = self.editions.get(ref)
        if not editions:
            raise RefusedError(404, f"HAPI-2001: Resource {ref} is not known")
        if editions[-1] is None:
            raise RefusedError(410, f"HAPI-0000: Resource was deleted: {ref}")
        return editions[-1]

    def put(self, resource: Resource, identity: str) -> Resource:
        for ref in references(resource):
            if "/" in ref and not ref.startswith("#") and not self.editions.get(ref):
                raise RefusedError(400, f"HAPI-1094: Resource {ref} not found, specified in path")
        ref = f"{resource['resourceType']}/{identity}"
        editions = self.editions.setdefault(ref, [])
        updated = datetime.now(UTC).isoformat(timespec="milliseconds")
        meta = resource.get("meta", {}) | {"versionId": str(len(editions) + 1), "lastUpdated": updated}
        editions.append(resource | {"id": identity, "meta": meta})
        self.log.append((updated, ref, editions[-1], meta["versionId"]))
        return self.current(ref)

    def delete(self, ref: str) -> None:
        self.current(ref)
        self.editions[ref].append(None)
        self.log.append((datetime.now(UTC).isoformat(timespec="milliseconds"), ref, None, str(len(self.editions[ref]))))

    def create(self, resource: Resource) -> Resource:
        self.last_id += 1
        return self.put(resource, str(self.last_id))

    def search(self, kind: str, params: Params) -> list[Resource]:
        found = [each[-1] for ref, each in self.editions.items() if ref.startswith(kind + "/") and each[-1]]
        matching = [each for each in found if each and all(matches(each, *param) for param in params)]
        for key in reversed([key for name, value in params if name == "_sort" for key in value.split(",")]):
            matching.sort(key=lambda each: sort_value(each, key.lstrip("-")), reverse=key.startswith("-"))
        return matching

    def included(self, found: list[Resource], params: Params) -> list[Resource]:
        wanted = [INCLUDED[value] for name, value in params if name == "_include" and value in INCLUDED]
        targets = {each[element]["reference"]: None for each in found for element in wanted if element in each}
        return [self.current(target) for target in targets]


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ref for inner in value for ref in references(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if isinstance(value.get("reference"), str) else []
    return own + [ref for inner in value.values() for ref in references(inner)]


def matches(resource: Resource, name: str, value: str) -> bool:
    if name in CONTROLS:
        return True
    if name.endswith(":missing"):
        return False
    if name == "_id":
        return resource["id"] in value.split(",")
    if name == "_lastUpdated" or name == "date":
        given = resource["meta"]["lastUpdated"] if name == "_lastUpdated" else resource.get("start", "")
        if not value.startswith("ge") or not given:
            return False
        return datetime.fromisoformat(given) >= aware(value[2:])
    if name == "identifier":
        system, _, code = value.rpartition("|")
        pairs = [(each.get("system", ""), each.get("value")) for each in resource.get("identifier", [])]
        return (system, code) in pairs if system else code in [each for _, each in pairs]
    if name in REFERENCES:
        return any(ref in value.split(",") or ref.split("/")[-1] in value.split(",") for ref in pointed(resource, name))
    if name in TOKENS:
        return any(token in codes(resource.get(TOKENS[name])) for token in value.split(","))
    raise RefusedError(
        400, f"HAPI-0524: Unknown search parameter {name!r} for resource type {resource['resourceType']}"
    )


def pointed(resource: Resource, name: str) -> list[str]:
    if resource["resourceType"] == "Appointment" and name == "patient":
        return references(resource.get("participant"))
    return references(resource.get(REFERENCES[name]))


def codes(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    concepts = value if isinstance(value, list) else [value or {}]
    codings = [coding for each in concepts for coding in each.get("coding", [])]
    return [coding.get("code", "") for coding in codings] + [f"{c.get('system')}|{c.get('code')}" for c in codings]


def aware(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def sort_value(resource: Resource, key: str) -> str:
    found = resource["meta"]["lastUpdated"] if key == "_lastUpdated" else resource.get(key, "")
    return str(found)


class Server:
    """FHIR over HTTP."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.store = Store()

    async def answer(self, request: Request) -> Response:
        try:
            return await self.route(request)
        except RefusedError as no:
            return JSONResponse(no.outcome, no.status, media_type=FHIR)

    async def route(self, request: Request) -> Response:
        parts = [part for part in request.url.path.removeprefix("/fhir").split("/") if part]
        match request.method, parts:
            case "GET", []:
                return self.page(request)
            case "GET", ["metadata"]:
                return JSONResponse(STATEMENT, media_type=FHIR)
            case "GET", ["Binary", identity]:
                return self.file(identity, request.headers.get("accept", ""))
            case "GET", [kind, "_history"]:
                return self.history(kind, dict(request.query_params))
            case "GET", [kind]:
                return self.found(kind, request.query_params.multi_items(), request)
            case "POST", [kind, "_search"]:
                return self.found(kind, parse_qsl((await request.body()).decode(), keep_blank_values=True), request)
            case "GET", [kind, identity]:
                return self.resource(self.store.current(f"{kind}/{identity}"), 200, "return=representation")
            case "GET", [kind, identity, "_history"]:
                editions = [each for each in self.store.editions.get(f"{kind}/{identity}", []) if each]
                return self.bundle(editions[::-1], "history")
            case "POST", ["Binary"] if "json" not in request.headers.get("content-type", ""):
                return await self.keep(request)
            case "POST", [kind]:
                return await self.create(kind, request)
            case "PATCH", [kind, identity]:
                return await self.patch(f"{kind}/{identity}", request)
            case "DELETE", [kind, identity]:
                self.store.delete(f"{kind}/{identity}")
                return Response(status_code=204)
        raise RefusedError(405, f"HAPI-0000: {request.method} is not supported here")

    async def create(self, kind: str, request: Request) -> Response:
        resource = json.loads(await request.body())
        if resource.get("resourceType") != kind:
            raise RefusedError(400, "HAPI-0365: Incorrect resource type found")
        condition = request.headers.get("if-none-exist")
        prefer = request.headers.get("prefer", "")
        if condition:
            there = self.store.search(kind, parse_qsl(condition))
            if len(there) > 1:
                raise RefusedError(
                    412, "HAPI-0958: Failed to CREATE resource with match URL because it matched several"
                )
            if there:
                return self.resource(there[0], 200, prefer)
        if kind == "Binary":
            data = base64.b64decode(resource.pop("data", ""))
            made = self.store.create(resource)
            self.store.files[made["id"]] = (resource["contentType"], data)
            return self.resource(made, 201, prefer)
        return self.resource(self.store.create(resource), 201, prefer)

    async def keep(self, request: Request) -> Response:
        content_type = request.headers["content-type"]
        made = self.store.create({"resourceType": "Binary", "contentType": content_type})
        self.store.files[made["id"]] = (content_type, await request.body())
        return self.resource(made, 201, request.headers.get("prefer", ""))

    async def patch(self, ref: str, request: Request) -> Response:
        held = self.store.current(ref)
        wanted = request.headers.get("if-match", "")
        if wanted and wanted != f'W/"{held["meta"]["versionId"]}"':
            raise RefusedError(
                409, f"HAPI-0550: HAPI-0989: Trying to update {ref}, but this is not the current version"
            )
        try:
            changed = jsonpatch.apply_patch(held, json.loads(await request.body()))
        except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
            raise RefusedError(400, f"HAPI-1272: {error}") from error
        return self.resource(self.store.put(changed, held["id"]), 200, request.headers.get("prefer", ""))

    def found(self, kind: str, params: Params, request: Request) -> Response:
        key = f"{kind}?{params}"
        when, found = self.store.searches.get(key, (-REUSED, []))
        if "no-cache" in request.headers.get("cache-control", "") or time.monotonic() - when > REUSED:
            found = self.store.search(kind, params)
            found += self.store.included(found, params)
            self.store.searches[key] = (time.monotonic(), found)
        size = min(int(dict(params).get("_count", USUAL)), MOST)
        token = str(uuid4())
        self.store.pages[token] = found
        return self.slice(token, 0, size)

    def page(self, request: Request) -> Response:
        token = request.query_params["_getpages"]
        if token not in self.store.pages:
            raise RefusedError(410, f"HAPI-2003: Search ID {token!r} does not exist and may have expired")
        offset, size = (int(request.query_params[name]) for name in ("_getpagesoffset", "_count"))
        return self.slice(token, offset, size)

    def slice(self, token: str, offset: int, size: int) -> Response:
        found = self.store.pages[token]
        after = f"{self.base}?_getpages={token}&_getpagesoffset={offset + size}&_count={size}&_bundletype=searchset"
        return self.bundle(found[offset : offset + size], "searchset", after if offset + size < len(found) else "")

    def history(self, kind: str, params: dict[str, str]) -> Response:
        """Newest first; a deletion names its version and no time."""
        since = aware(params.get("_since") or "1970-01-01")
        told = [each for each in reversed(self.store.log) if each[1].startswith(f"{kind}/") and aware(each[0]) >= since]
        offset, size = int(params.get("_offset", "0")), min(int(params.get("_count", USUAL)), MOST)
        entries = []
        for _, ref, resource, version in told[offset : offset + size]:
            request = {"method": "PUT" if resource else "DELETE", "url": f"{ref}/_history/{version}"}
            entry = {"fullUrl": f"{self.base}/{ref}", "request": request, "response": {"etag": f'W/"{version}"'}}
            entries.append(entry | ({"resource": resource} if resource else {}))
        after = f"{self.base}/{kind}/_history?_count={size}&_offset={offset + size}&_since={params.get('_since', '')}"
        links = [{"relation": "next", "url": after}] if offset + size < len(told) else []
        body = {"resourceType": "Bundle", "type": "history", "total": len(told), "link": links, "entry": entries}
        return JSONResponse(body, media_type=FHIR)

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        links = [{"relation": "self", "url": self.base}] + ([{"relation": "next", "url": after}] if after else [])
        entries = [{"fullUrl": f"{self.base}/{each['resourceType']}/{each['id']}", "resource": each} for each in found]
        body = {"resourceType": "Bundle", "type": kind, "link": links} | ({"entry": entries} if entries else {})
        return JSONResponse(body, media_type=FHIR)

    def resource(self, resource: Resource, status: int, prefer: str) -> Response:
        kind, identity, version = resource["resourceType"], resource["id"], resource["meta"]["versionId"]
        headers = {"ETag": f'W/"{version}"'}
        if status == 201:
            headers["Location"] = f"{self.base}/{kind}/{identity}/_history/{version}"
        if "representation" not in prefer:
            return Response(status_code=status, headers=headers)
        return JSONResponse(resource, status, headers, media_type=FHIR)

    def file(self, identity: str, accept: str) -> Response:
        content_type, data = self.store.files.get(identity, ("", b""))
        if not content_type:
            raise RefusedError(404, f"HAPI-2001: Resource Binary/{identity} is not known")
        if "fhir+json" in accept:
            body = {"resourceType": "Binary", "id": identity, "contentType": content_type}
            return JSONResponse(body | {"data": base64.b64encode(data).decode()}, media_type=FHIR)
        return Response(data, media_type=content_type)


STATEMENT = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "kind": "instance",
    "fhirVersion": "4.0.1",
    "software": {"name": "Other habits"},
    "format": ["json"],
    "rest": [
        {
            "mode": "server",
            "resource": [
                {
                    "type": kind,
                    "conditionalCreate": True,
                    "interaction": [
                        {"code": code} for code in ("read", "create", "patch", "search-type", "history-type")
                    ],
                }
                for kind in ("Communication", "Task", "Patient", "Practitioner", "Binary")
            ],
        }
    ],
}


def main() -> None:
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # asyncio turns Nagle off only where this is named
        listening.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{listening.getsockname()[1]}/fhir"
        server = Server(base)
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        app = Starlette(routes=[Route("/fhir{rest:path}", server.answer, methods=methods)])
        listening.listen()
        print(f"READY {base}", flush=True)
        config = uvicorn.Config(app, log_level="error", ws="none", lifespan="off", timeout_keep_alive=75)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
