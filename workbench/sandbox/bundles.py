"""Bundles of what was found: searchset and history, put together from resources that are JSON text already."""

import json
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from workbench.sandbox import dates
from workbench.sandbox.elements import shapes
from workbench.sandbox.exchange import Call, as_json, etag
from workbench.sandbox.include import included, referring
from workbench.sandbox.outcome import refuse
from workbench.sandbox.search import Page, Pairs, Search, single
from workbench.sandbox.store import Store, Version

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
"""The tag of a resource that is not whole."""

Shown = Callable[[str], str]


def searchset(call: Call, search: Search, pairs: Pairs, page: Page, following: str, store: Store) -> str:
    """The answer to a search.

    Args:
        call: who asked, and how.
        search: what was understood.
        pairs: the parameters as they were asked.
        page: what was found.
        following: the token of the next page; empty when there is none.
        store: where the resources are.
    """
    wanted = [[value for name, value in pairs if name == word] for word in ("_include", "_revinclude")]
    more = included(search.kind, page.rids, wanted[0], store) + referring(search.kind, page.rids, wanted[1], store)
    more = list(dict.fromkeys(more))
    bodies = _bodies((*page.seqs, *more), store)
    shown = _shown(search.kind, single(pairs, "_elements"))
    entries = [_entry(call.base, shown(bodies[seq]), "match") for seq in page.seqs]
    entries += [_entry(call.base, bodies[seq], "include") for seq in more]
    links = [{"relation": "self", "url": _self(call, search.kind, pairs)}]
    if following:
        links.append({"relation": "next", "url": f"{call.base}?_page={following}"})
    now = dates.instant(dates.milliseconds(store.now()))
    head: dict[str, object] = {"resourceType": "Bundle", "meta": {"lastUpdated": now}, "type": "searchset"}
    if page.total is not None:
        head["total"] = page.total
    return bundle({**head, "link": links}, entries)


def history(call: Call, versions: Sequence[Version], following: str | None = None) -> str:
    """Versions, in the order given.

    Args:
        call: who asked, and how.
        versions: of one resource, or a page of those of a type.
        following: the token of the next page, empty after the last; None when this is no page but all.
    """
    head: dict[str, object] = {"resourceType": "Bundle", "type": "history"}
    if following is None:
        head["total"] = len(versions)
    elif following:
        head["link"] = [{"relation": "next", "url": f"{call.base}?_page={following}"}]
    return bundle(head, [_past(call.base, version) for version in versions])


def bundle(head: dict[str, object], entries: Iterable[str]) -> str:
    """A Bundle from its head and its entries, each of them JSON."""
    listed = ",".join(entries)
    return f'{as_json(head)[:-1]},"entry":[{listed}]}}' if listed else as_json(head)


def _entry(base: str, body: str, mode: str) -> str:
    # Every body is written by the store, which puts the type and the id first.
    kind, id_ = body[len('{"resourceType":"') :].split('"', 5)[0:5:4]
    return f'{{"fullUrl":{as_json(f"{base}/{kind}/{id_}")},"resource":{body},"search":{{"mode":"{mode}"}}}}'


def _past(base: str, version: Version) -> str:
    name = f"{version.kind}/{version.id}"
    made = {"POST": HTTPStatus.CREATED, "DELETE": HTTPStatus.NO_CONTENT}.get(version.method, HTTPStatus.OK)
    told = {
        "request": {"method": version.method, "url": version.kind if version.method == "POST" else name},
        "response": {
            "status": f"{made.value} {made.phrase}",
            "etag": etag(version),
            "lastModified": dates.instant(version.updated),
        },
    }
    body = "" if version.is_deleted else f'"resource":{version.body},'
    return f'{{"fullUrl":{as_json(f"{base}/{name}")},{body}{as_json(told)[1:]}'


def _bodies(seqs: Sequence[int], store: Store) -> dict[int, str]:
    marks = ",".join("?" * len(seqs))
    return dict(store.select(f"SELECT seq, body FROM version WHERE seq IN ({marks})", seqs))  # noqa: S608


def _self(call: Call, kind: str, pairs: Pairs) -> str:
    # What was asked in a body may name persons, and addresses end up in logs.
    return f"{call.base}/{kind}" + ("" if call.method == "POST" or not pairs else "?" + urlencode(pairs))


def _shown(kind: str, elements: str) -> Shown:
    if not elements:
        return lambda body: body
    known = shapes()[kind].elements
    names = elements.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise refuse(400, "not-found", f"_elements: {kind} has no element {unknown[0]!r}")
    kept = {"resourceType", "id", "meta", *names, *(name for name, one in known.items() if one.required)}
    return lambda body: _only(kept, body)


def _only(kept: set[str], body: str) -> str:
    whole = json.loads(body)
    part = {name: value for name, value in whole.items() if name in kept}
    part["meta"] = {**part["meta"], "tag": [*part["meta"].get("tag", []), SUBSETTED]}
    return as_json(part)
