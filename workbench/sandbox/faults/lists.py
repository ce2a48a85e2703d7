"""Faults of lists and of time: pages that lead astray, answers that are older than what was told before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.sandbox.faults.exchange import Delivery, Resource, Told
from workbench.sandbox.faults.spoiling import Scene, name_of

Entries = list[Any]


def truncated(scene: Scene) -> Delivery:
    """No next page, and a total that says there is more."""
    return _changed(scene, lambda bundle: bundle | {"total": len(_entries(bundle)) + 7, "link": _links(bundle)})


def looping(scene: Scene) -> Delivery:
    """The next page is the one that was asked for; of a search that came as a form, as an address for it."""
    address = scene.asked.address
    if scene.asked.method == "POST":
        address = f"{address.removesuffix('/_search')}?{scene.asked.body.decode('ascii', 'replace')}"
    return _changed(scene, lambda bundle: bundle | {"link": [*_links(bundle), _next(address)]})


def foreign(scene: Scene) -> Delivery:
    """The next page lies on another machine."""
    return _changed(scene, lambda bundle: bundle | {"link": [*_links(bundle), _next(f"{scene.argument}?page=2")]})


def shifting(scene: Scene) -> Delivery:
    """The first row has slid onto the page before, which has been read; the last one is told twice."""

    def shifted(bundle: Resource) -> Resource:
        entries = _entries(bundle)
        return bundle | {"entry": [*entries[1:], *entries[-1:]]} if entries else bundle

    return _changed(scene, shifted)


def reused(scene: Scene) -> Delivery:
    """As it was told a while ago, unless the client will have none of that."""
    fresh = "no-cache" in scene.asked.headers.get("cache-control", "")
    return Delivery(_again(scene, 0.0 if fresh else float(scene.argument)))


def stubborn(scene: Scene) -> Delivery:
    """As it was told a while ago, in any case."""
    return Delivery(_again(scene, float(scene.argument)))


def rolled_back(scene: Scene) -> Delivery:
    """Every resource in the version that was told of it first, as after a backup was put back."""

    def earlier(resource: Resource) -> Resource:
        return scene.memory.first.get(name_of(resource), resource)

    def older(value: Resource) -> Resource:
        if value.get("resourceType") != "Bundle":
            return earlier(value)
        entries = [entry | {"resource": earlier(entry.get("resource", {}))} for entry in _entries(value)]
        return value | ({"entry": entries} if entries else {})

    back = _changed(scene, older)
    told = back.told.json() if back.told else None
    if back.told is None or told is None or not back.told.header("etag"):
        return back
    return Delivery(back.told.headed(etag=f'W/"{told.get("meta", {}).get("versionId", "")}"'))


def _again(scene: Scene, seconds: float) -> Told:
    """The last fresh answer to the same search while it is no older than that, else this one, which is kept."""
    name = (scene.asked.path, scene.asked.query, scene.asked.body)
    when, told = scene.memory.answers.get(name, (0.0, None))
    if told is not None and scene.now - when < seconds:
        return told
    scene.memory.answers[name] = scene.now, scene.answer
    return scene.answer


def _changed(scene: Scene, change: Callable[[Resource], Resource]) -> Delivery:
    """The answer with its JSON changed; one that is a refusal or no JSON stays."""
    told = scene.answer.json()
    if told is None or scene.answer.status >= 300:
        return Delivery(scene.answer)
    return Delivery(scene.answer.saying(change(told)))


def _entries(bundle: Resource) -> Entries:
    entries = bundle.get("entry", [])
    return entries if isinstance(entries, list) else []


def _links(bundle: Resource) -> Entries:
    """All links but the one to the next page."""
    links = bundle.get("link", [])
    return [link for link in links if link.get("relation") != "next"] if isinstance(links, list) else []


def _next(address: str) -> Resource:
    return {"relation": "next", "url": address}
