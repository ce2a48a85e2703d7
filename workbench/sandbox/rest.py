"""The interactions on one resource type: one table that the router and the CapabilityStatement read.

Source: https://hl7.org/fhir/R4/http.html.
Each takes the store and a call inside a transaction and gives an answer, or raises a Refusal.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from workbench.sandbox import dates, patch
from workbench.sandbox.bundles import SUBSETTED, history, searchset
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.exchange import Answer, Call, Upload, as_json, etag
from workbench.sandbox.outcome import Issue, Refusal, outcome, refuse
from workbench.sandbox.primitives import wrong
from workbench.sandbox.query import Values
from workbench.sandbox.references import check_targets, made_local
from workbench.sandbox.search import RESULT, Pairs, count_of, remember, remembered, run, single, understand
from workbench.sandbox.store import Store, Version
from workbench.sandbox.validate import check

Interaction = Callable[[Store, Call], Answer]

HISTORY = "/_history"
"""Stands behind the type where a next link goes on with a history."""

_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+(;[ -~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Route:
    """One interaction: its place and its method."""

    shape: tuple[str, ...]
    """Path segments below the base; `*` stands for any."""
    method: str
    code: str
    """From http://hl7.org/fhir/restful-interaction."""
    perform: Interaction


def read(store: Store, call: Call) -> Answer:
    """The current version."""
    version = _current(store, call)
    return _told(version, call)


def vread(store: Store, call: Call) -> Answer:
    """One version, by its number."""
    kind, id_, _, number = call.path
    version = store.read(kind, id_)
    past = {str(one.number): one for one in store.history(version)} if version else {}
    if number not in past:
        raise refuse(404, "not-found", f"there is no version {number} of {kind}/{id_}")
    if past[number].is_deleted:
        raise refuse(410, "deleted", f"version {number} of {kind}/{id_} is its deletion")
    return _told(past[number], call)


def past(store: Store, call: Call) -> Answer:
    """All versions, newest first."""
    kind, id_, _ = call.path
    unknown = [name for name, _ in call.pairs if name not in ("_format", "_pretty")]
    if unknown:
        raise refuse(400, "not-supported", f"a history takes no parameter {unknown[0]!r} here")
    version = store.read(kind, id_)
    if version is None:
        raise refuse(404, "not-found", f"there is no {kind}/{id_}")
    return Answer(200, history(call, store.history(version)))


def of_type(store: Store, call: Call) -> Answer:
    """All versions of all resources of a type, newest first, a page at a time; deletions are among them."""
    unknown = [name for name, _ in call.pairs if name not in ("_since", "_count", "_format", "_pretty")]
    if unknown:
        raise refuse(400, "not-supported", f"the history of a type takes no parameter {unknown[0]!r} here")
    return _told_history(store, call, call.path[0], call.pairs, ())


def search(store: Store, call: Call) -> Answer:
    """The first page of what is found."""
    return _found(store, call, call.path[0], call.pairs, ())


def turn(store: Store, call: Call) -> Answer:
    """The page that a next link names."""
    asked = store.page(single(call.pairs, "_page"))
    if asked is None:
        raise refuse(410, "not-found", "this next link is unknown or too old; search again from the start")
    kind, pairs, after = remembered(asked)
    if kind.endswith(HISTORY):
        return _told_history(store, call, kind.removesuffix(HISTORY), pairs, after)
    return _found(store, call, kind, pairs, after)


def create(store: Store, call: Call) -> Answer:
    """A new resource; with If-None-Exist, only if there is none."""
    kind = call.path[0]
    resource = _resource(call, kind)
    if "if-none-exist" in call.headers:
        existing = matching(store, call, kind, call.headers["if-none-exist"])
        if existing is not None:
            if call.new_id not in ("", existing.id):
                raise refuse(412, "duplicate", "two entries of the transaction would create the same resource")
            return _written(existing, call, 200)
    _accept(store, call, resource, {})
    made = store.write({**resource, "id": call.new_id or store.next_id()}, None, "POST")
    answer = _written(made, call, 201)
    return replace(answer, headers={**answer.headers, "Location": f"{call.base}/{location(made)}"})


def update(store: Store, call: Call) -> Answer:
    """A whole new version of a resource that is there."""
    kind, id_ = call.path
    resource = _resource(call, kind)
    if not isinstance(call.content, Upload) and resource.get("id") != id_:
        raise refuse(400, "invalid", f"the resource's id must be the address's, {id_!r}", f"{kind}.id")
    before = _current(store, call, "; ids are given by the server, so create it with POST")
    _check_match(call, before)
    _accept(store, call, resource, json.loads(before.body))
    return _written(store.write({**resource, "id": id_}, before, "PUT"), call, 200)


def amend(store: Store, call: Call) -> Answer:
    """A new version by JSON Patch."""
    before = _current(store, call)
    _check_match(call, before)
    whole = json.loads(before.body)
    patched = made_local(patch.apply(whole, call.content), call.base, {})
    _accept(store, call, patched, whole)
    return _written(store.write(patched, before, "PATCH"), call, 200)


def delete(store: Store, call: Call) -> Answer:
    """The resource goes; its history stays. Deleting it again changes nothing."""
    kind, id_ = call.path
    before = store.read(kind, id_)
    if before is None:
        raise refuse(404, "not-found", f"there is no {kind}/{id_}")
    if before.is_deleted:
        return Answer(204)
    _check_match(call, before)
    gone = store.delete(before)
    return Answer(204, headers={"ETag": etag(gone)}, version=gone)


ROUTES = (
    Route(("*", "*"), "GET", "read", read),
    Route(("*", "*", "_history", "*"), "GET", "vread", vread),
    Route(("*", "*"), "PUT", "update", update),
    Route(("*", "*"), "PATCH", "patch", amend),
    Route(("*", "*"), "DELETE", "delete", delete),
    Route(("*", "*", "_history"), "GET", "history-instance", past),
    Route(("*", "_history"), "GET", "history-type", of_type),
    Route(("*",), "POST", "create", create),
    Route(("*",), "GET", "search-type", search),
    Route(("*", "_search"), "POST", "search-type", search),
)


def perform(store: Store, call: Call) -> Answer:
    """Do what a call on a resource type asks.

    Raises:
        Refusal: 404 for an unknown type or address, 405 for a method that is not allowed there, or what the interaction
            refuses.
    """
    if not call.path or call.path[0] not in RESOURCES:
        raise refuse(404, "not-found", f"there is no resource type {'/'.join(call.path)!r} here; see /metadata")
    here = [route for route in ROUTES if _fits(route.shape, call.path)]
    for route in here:
        if route.method == call.method:
            return route.perform(store, call)
    if not here:
        raise refuse(404, "not-found", f"there is nothing at {'/'.join(call.path)!r}")
    allowed = ", ".join(sorted({route.method for route in here}))
    text = f"{call.method} is not possible here; {allowed} is"
    raise Refusal(405, Issue("not-supported", text), headers={"Allow": allowed})


def matching(store: Store, call: Call, kind: str, criteria: str) -> Version | None:
    """The one resource that meets the criteria of a conditional create; None when none does.

    Raises:
        Refusal: 412 when several do, 400 when the criteria are not a search.
    """
    pairs = tuple(parse_qsl(criteria.rpartition("?")[2], keep_blank_values=True))
    if not pairs or any(name in RESULT for name, _ in pairs):
        raise refuse(400, "invalid", "If-None-Exist needs search parameters that say which resource is meant")
    page = run(understand(kind, (*pairs, ("_count", "2")), call.base, store), store)
    if len(page.seqs) > 1:
        raise refuse(412, "multiple-matches", f"If-None-Exist: more than one {kind} meets {criteria!r}")
    if not page.seqs:
        return None
    id_ = store.select(f'SELECT id FROM "{kind}" WHERE seq = ? AND rid = ?', (page.seqs[0], page.rids[0]))[0][0]  # noqa: S608
    return store.read(kind, id_)


def location(version: Version) -> str:
    """Where a version is, below the base."""
    return f"{version.kind}/{version.id}/_history/{version.number}"


def _fits(shape: tuple[str, ...], path: tuple[str, ...]) -> bool:
    same = len(shape) == len(path)
    return same and all(
        one == other or (one == "*" and other[:1] != "_") for one, other in zip(shape, path, strict=True)
    )


def _found(store: Store, call: Call, kind: str, pairs: Pairs, after: tuple[object, ...]) -> Answer:
    asked = understand(kind, pairs, call.base, store, after)
    page = run(asked, store)
    following = store.keep_page(remember(kind, pairs, page.last)) if page.last else ""
    return Answer(200, searchset(call, asked, pairs, page, following, store))


def _told_history(store: Store, call: Call, kind: str, pairs: Pairs, after: Values) -> Answer:
    since, count = _since(single(pairs, "_since")), count_of(single(pairs, "_count"))
    versions = store.history_of(kind, since, after, count + 1)
    page, following = versions[:count], ""
    if count and len(versions) > count:
        following = store.keep_page(remember(f"{kind}{HISTORY}", pairs, (page[-1].updated, page[-1].seq)))
    return Answer(200, history(call, page, following))


def _since(text: str) -> int:
    """Milliseconds since 1970 of an instant; 0 when none is given."""
    if not text:
        return 0
    if fault := wrong("instant", text):
        raise refuse(400, "value", f"_since: {fault}")
    return dates.span(text)[0]


def _resource(call: Call, kind: str) -> dict[str, Any]:
    """The resource that was sent, with local references written as such."""
    if isinstance(call.content, Upload):
        data = base64.b64encode(call.content.data).decode("ascii")
        sent: dict[str, Any] = {"resourceType": "Binary", "contentType": call.content.media, "data": data}
        context = call.headers.get("x-security-context")
        sent = sent if not context else {**sent, "securityContext": {"reference": context}}
    elif isinstance(call.content, dict):
        sent = call.content
    else:
        raise refuse(400, "structure", "a resource is a JSON object")
    if sent.get("resourceType") != kind:
        raise refuse(400, "invalid", f"the address is for {kind}, the resource says {sent.get('resourceType')!r}")
    local: dict[str, Any] = made_local(sent, call.base, {})
    return local


def _accept(store: Store, call: Call, resource: dict[str, Any], before: dict[str, Any]) -> None:
    check({name: value for name, value in resource.items() if name != "id"})
    check_targets(store, resource, before, call.promised)


def _current(store: Store, call: Call, hint: str = "") -> Version:
    kind, id_ = call.path
    version = store.read(kind, id_)
    if version is None:
        raise refuse(404, "not-found", f"there is no {kind}/{id_}{hint}")
    if version.is_deleted:
        raise refuse(410, "deleted", f"{kind}/{id_} has been deleted")
    return version


def _check_match(call: Call, version: Version) -> None:
    wanted = call.headers.get("if-match")
    if wanted is None or wanted.strip() == "*":
        return
    tags = [tag.strip() for tag in wanted.split(",")]
    if not all(re.fullmatch(r'(W/)?"[!-~]*"', tag) for tag in tags):
        raise refuse(400, "invalid", f'If-Match looks like W/"3", not {wanted!r}')
    if etag(version) not in (tag if tag.startswith("W/") else f"W/{tag}" for tag in tags):
        text = f"If-Match asks for {wanted}, but {version.kind}/{version.id} is at {etag(version)}: read it again"
        raise refuse(412, "conflict", text)


def _headers(version: Version) -> dict[str, str]:
    at = dates.moment(version.updated)
    return {"ETag": etag(version), "Last-Modified": format_datetime(at, usegmt=True)}


def _told(version: Version, call: Call) -> Answer:
    headers = _headers(version)
    tags = [tag.strip() for tag in call.headers.get("if-none-match", "").split(",")]
    if etag(version) in tags or "*" in tags or etag(version)[2:] in tags:
        return Answer(304, headers=headers, version=version)
    if version.kind == "Binary" and "fhir+json" not in call.headers.get("accept", ""):
        whole = json.loads(version.body)
        media = whole["contentType"] if _MEDIA.fullmatch(whole["contentType"]) else "application/octet-stream"
        return Answer(200, base64.b64decode(whole.get("data", "")), media, headers, version)
    return Answer(200, version.body, headers=headers, version=version)


def _written(version: Version, call: Call, status: int) -> Answer:
    body = version.body
    if call.prefers("minimal"):
        body = ""
    elif call.prefers("OperationOutcome"):
        text = f"{version.kind}/{version.id} is at version {version.number}"
        body = as_json(outcome([Issue("informational", text)], "information"))
    elif isinstance(call.content, Upload) and not call.prefers("representation"):
        body = _without_data(body)
    return Answer(status, body, headers=_headers(version), version=version)


def _without_data(body: str) -> str:
    """A Binary without what its sender has just sent."""
    whole = json.loads(body)
    whole.pop("data", None)
    whole["meta"] = {**whole["meta"], "tag": [*whole["meta"].get("tag", []), SUBSETTED]}
    return as_json(whole)
