"""Preparing many resources for the store: JSON text and index rows, in chunks.

This is most of the work of a bulk load and needs no database, so that a process of its own can do it: :func:`apart`.
"""

import functools
import json
import marshal
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing.connection import Connection
from typing import Any

from workbench.sandbox import dates
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.index import indexers

Resource = Mapping[str, Any]
Chunk = dict[str, list[tuple[Any, ...]]]
"""Rows to insert, by table."""

SIZE = 2000
"""Resources in a chunk."""

_STAMP = len("2026-03-01T10:00:00.000Z")

dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def whole(resource: Resource, number: int, stamp: str) -> dict[str, Any]:
    """The resource as it is stored: with the type and the id first, and its meta.

    Args:
        resource: with its type and id.
        number: of the version.
        stamp: when it was made, as an instant.
    """
    made = {"resourceType": "", "id": "", "meta": None, **resource}
    made["meta"] = {**(resource.get("meta") or {}), "versionId": str(number), "lastUpdated": stamp}
    return made


def prepared(resources: Iterable[Resource]) -> Iterator[Chunk]:
    """The rows of an empty store's first resources.

    Args:
        resources: complete, each with its id and `meta.lastUpdated`, which stay; all become version 1.
    """
    systems: dict[str, int] = {"": 0}
    chunk = _empty()
    for seq, resource in enumerate(resources, start=1):
        kind, stamp = resource["resourceType"], resource["meta"]["lastUpdated"]
        updated = dates.span(stamp)[0]
        body = dumps(whole(resource, 1, stamp if len(stamp) == _STAMP else dates.instant(updated)))
        chunk["version"].append((seq, None, 1, "POST", updated, body))
        row, found = indexers()[kind].index(resource)
        chunk[kind].append((seq, resource["id"], seq, updated, *row))
        for param, value, system in found:
            number = systems.get(system)
            if number is None:
                number = systems[system] = len(systems)
                chunk["system"].append((number, system))
            chunk["term"].append((seq, param, value, number))
        if seq % SIZE == 0:
            yield chunk
            chunk = _empty()
    yield chunk


def apart(make: Callable[..., Iterable[Resource]], *arguments: Any) -> Iterator[Chunk]:
    """Like `prepared(make(*arguments))`, in a process of its own, so that preparing and inserting go on at once.

    Args:
        make: a function that the other process can import.
        arguments: what it is called with.

    Raises:
        RuntimeError: that process failed; it has said why on standard error.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, functools.partial(make, *arguments)), daemon=True)
    process.start()
    sender.close()
    try:
        while True:
            data = receiver.recv_bytes()
            if not data:
                return
            yield marshal.loads(data)  # noqa: S302 - our own child wrote it
    except EOFError as error:
        raise RuntimeError("preparing the portal's data failed") from error
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _send(sender: Connection, make: Callable[[], Iterable[Resource]]) -> None:
    for chunk in prepared(make()):
        sender.send_bytes(marshal.dumps(chunk))
    sender.send_bytes(b"")


def _empty() -> Chunk:
    return {name: [] for name in ("system", "version", *RESOURCES, "term")}
