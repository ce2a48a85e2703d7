"""Batch and transaction (https://hl7.org/fhir/R4/http.html#transaction)."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from workbench.sandbox import dates, rest
from workbench.sandbox.bundles import bundle
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.exchange import Answer, Call, as_json, etag
from workbench.sandbox.outcome import Refusal, outcome, refuse
from workbench.sandbox.references import made_local
from workbench.sandbox.store import Store

MOST = 1000
"""Entries in one Bundle."""

_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 3, "GET": 4}
_CONDITIONS = {
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
    "ifNoneExist": "if-none-exist",
}


def process(store: Store, call: Call) -> Answer:
    """Do what a batch or transaction Bundle asks.

    Raises:
        Refusal: 400 when it is no such Bundle; for a transaction, what the first entry that fails refuses.
    """
    sent = call.content
    if not isinstance(sent, dict) or sent.get("resourceType") != "Bundle":
        raise refuse(400, "invalid", "the base takes a Bundle of type batch or transaction")
    kind, entries = sent.get("type"), sent.get("entry", [])
    if kind not in ("batch", "transaction"):
        raise refuse(400, "value", f"the base takes a batch or a transaction, not {kind!r}", "Bundle.type")
    if not isinstance(entries, list) or len(entries) > MOST:
        raise refuse(400, "structure", f"a Bundle has a list of at most {MOST} entries", "Bundle.entry")
    if kind == "batch":
        answers = [_alone(store, call, place, entry) for place, entry in enumerate(entries)]
    else:
        calls = [_call(call, place, entry) for place, entry in enumerate(entries)]
        answers = _together(store, _resolved(store, calls, entries))
    head: dict[str, object] = {"resourceType": "Bundle", "type": f"{kind}-response"}
    return Answer(200, bundle(head, [_told(call.base, answer) for answer in answers]))


def _alone(store: Store, call: Call, place: int, entry: object) -> Answer:
    try:
        with store.transaction():
            return rest.perform(store, _call(call, place, entry))
    except Refusal as refusal:
        return Answer(refusal.status, as_json(outcome(refusal.issues)))


def _together(store: Store, calls: list[Call]) -> list[Answer]:
    answers: dict[int, Answer] = {}
    for place in sorted(range(len(calls)), key=lambda one: _ORDER[calls[one].method]):
        with _naming(place):
            answers[place] = rest.perform(store, calls[place])
    return [answers[place] for place in range(len(calls))]


@contextmanager
def _naming(place: int) -> Iterator[None]:
    """Let a refusal say which entry it is about."""
    try:
        yield
    except Refusal as refusal:
        issues = [replace(one, expression=one.expression or f"Bundle.entry[{place}]") for one in refusal.issues]
        raise Refusal(refusal.status, *issues) from refusal


def _resolved(store: Store, calls: list[Call], entries: list[dict[str, Any]]) -> list[Call]:
    """The calls with ids promised to what they create, and with references to it written out."""
    promised, made, ahead = {}, [], 0
    for place, (call, entry) in enumerate(zip(calls, entries, strict=True)):
        if call.method != "POST" or len(call.path) != 1 or call.path[0] not in RESOURCES:
            made.append(call)
            continue
        kind, criteria = call.path[0], call.headers.get("if-none-exist")
        with _naming(place):
            existing = rest.matching(store, call, kind, criteria) if criteria else None
        id_ = existing.id if existing else store.next_id(ahead)
        ahead += existing is None
        made.append(replace(call, new_id=id_))
        if isinstance(entry.get("fullUrl"), str):
            promised[entry["fullUrl"]] = f"{kind}/{id_}"
    there = frozenset(promised.values())
    return [replace(one, content=made_local(one.content, one.base, promised), promised=there) for one in made]


def _call(call: Call, place: int, entry: object) -> Call:
    path = f"Bundle.entry[{place}]"
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(request, dict):
        raise refuse(400, "required", "an entry needs a request", f"{path}.request")
    method, url = request.get("method"), request.get("url")
    if method not in _ORDER or not isinstance(url, str):
        raise refuse(400, "value", f"a request needs a url and a method of {', '.join(_ORDER)}", f"{path}.request")
    where, _, query = url.removeprefix(call.base).strip("/").partition("?")
    headers = {"prefer": call.headers.get("prefer", ""), "accept": "application/fhir+json"}
    headers |= {name: str(request[key]) for key, name in _CONDITIONS.items() if key in request}
    return Call(
        method,
        tuple(unquote(part) for part in where.split("/")),
        call.base,
        tuple(parse_qsl(query, keep_blank_values=True)),
        headers,
        _patch(entry.get("resource"), path) if method == "PATCH" else entry.get("resource"),
    )


def _patch(resource: object, path: str) -> object:
    """The JSON Patch in an entry: the data of a Binary."""
    try:
        if isinstance(resource, Mapping) and resource.get("resourceType") == "Binary":
            return json.loads(base64.b64decode(resource["data"], validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error, RecursionError) as error:
        raise refuse(400, "invalid", f"the patch cannot be read: {error}", f"{path}.resource") from error
    raise refuse(400, "structure", "a patch in a Bundle is a Binary with a JSON Patch", f"{path}.resource")


def _told(base: str, answer: Answer) -> str:
    status = HTTPStatus(answer.status)
    response: dict[str, object] = {"status": f"{status.value} {status.phrase}"}
    version = answer.version
    if version is not None:
        response |= {"etag": etag(version), "lastModified": dates.instant(version.updated)}
    body = answer.body if isinstance(answer.body, str) else ""
    if answer.status >= 400:
        response["outcome"] = json.loads(body)
        return as_json({"response": response})
    if version is not None and answer.status in (200, 201):
        response["location"] = f"{base}/{rest.location(version)}"
    full = f'"fullUrl":{as_json(f"{base}/{version.kind}/{version.id}")},' if version is not None else ""
    resource = f'"resource":{body},' if body else ""
    return f"{{{full}{resource}{as_json({'response': response})[1:]}"
