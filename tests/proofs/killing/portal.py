"""The sandbox portal, forked from a process that has loaded it: it outlives every child, and is asked what it holds."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import traceback
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.proofs.killing.words import parts_of
from tests.terminal.portal import PATIENCE, READY, Asked
from workbench.sandbox import codes
from workbench.sandbox.run import serve

CLIENT_ID: Final = "NamingSystem/client-id"
"""What the system of the identifiers that a client gives ends with."""


@contextmanager
def running(conversations: int, seed: int, folder: Path) -> Iterator[Asked]:
    """A portal in a process of its own, filled anew; it ends with this process too, whatever ends it."""
    out, said = os.pipe()
    alive, hold = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.dup2(said, 1)
            for pipe in (out, said, hold):
                os.close(pipe)
            sys.stdin = os.fdopen(alive)  # a process of a pool has another one than 0
            code = serve(
                port=0,
                conversations=conversations,
                seed=seed,
                data=folder,
                now=None,
                live=False,
                until_stdin_closes=True,
            )
        except BaseException:  # noqa: BLE001 - it must never return into the proof
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(said)
    os.close(alive)
    try:
        with os.fdopen(out, encoding="utf-8") as lines:
            yield Asked(next(line for line in lines if line.startswith(READY)).removeprefix(READY).strip())
    finally:
        os.close(hold)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message or note on the portal that one of our children wrote."""

    parts: dict[str, str]
    """Its words, by name."""
    text: str
    client_id: str
    thread: str
    """Id of the conversation it is in, or that its side thread is about."""
    kind: str
    """`reply` or `note`."""
    subject: str
    """Reference of the patient; a note has none."""
    files: tuple[str, ...]
    """SHA-1 of the bytes of each attachment."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a portal holds of everything that can be lost or doubled."""

    arrived: tuple[Arrived, ...]
    ids: frozenset[str]
    """Of all conversations, messages, notes and Tasks, whoever wrote them."""
    priorities: dict[str, str]
    """How much each conversation hurries, by the id of its header."""
    others: dict[str, frozenset[str]]
    """Ids of the messages that none of our children wrote, by the id of their header."""


def shelf(portal: Asked) -> Shelf:
    """Asks a portal for all it holds."""
    told = {each["id"]: each for each in portal.search("Communication", _count="500")}
    messages = [each for each in told.values() if each.get("partOf")]
    tasks = {each["id"]: each for each in portal.search("Task", _count="500", code=f"{codes.TASK}|respond")}
    others = defaultdict(set)
    for each in messages:
        if not parts_of(_text(each)):
            others[_id(each["partOf"][0])].add(each["id"])
    return Shelf(
        tuple(_arrived(portal, told, each) for each in messages if parts_of(_text(each))),
        frozenset(told) | frozenset(tasks),
        {_id(task["focus"]): task.get("priority", "routine") for task in tasks.values()},
        {thread: frozenset(ids) for thread, ids in others.items()},
    )


def write_as_patient(portal: Asked, header: dict[str, Any], text: str) -> None:
    """A patient writes in a conversation."""
    portal.create(
        {
            "resourceType": "Communication",
            "status": "in-progress",
            "category": [codes.KINDS["message"]],
            "partOf": [{"reference": f"Communication/{header['id']}"}],
            "subject": header["subject"],
            "sender": header["subject"],
            "recipient": [{"reference": "Organization/sorenga-legesenter"}],
            "sent": "2026-03-05T08:15:00+01:00",
            "payload": [{"contentString": text}],
        }
    )


def headers(portal: Asked) -> list[dict[str, Any]]:
    """The conversations with patients that may be written in."""
    told = portal.search("Communication", _count="500", status="in-progress")
    return [each for each in told if not each.get("partOf") and each.get("subject")]


def _arrived(portal: Asked, told: dict[str, Any], message: dict[str, Any]) -> Arrived:
    parent = told[_id(message["partOf"][0])]
    note = any(coding["code"] == "internal" for sort in parent["category"] for coding in sort["coding"])
    files = [part["contentAttachment"] for part in message.get("payload", ()) if "contentAttachment" in part]
    return Arrived(
        parts_of(_text(message)),
        _text(message),
        next((each["value"] for each in message.get("identifier", ()) if each["system"].endswith(CLIENT_ID)), ""),
        _id(parent["about"][0]) if note else parent["id"],
        "note" if note else "reply",
        message.get("subject", {}).get("reference", ""),
        tuple(_sha1(portal, each["url"]) for each in files),
    )


def _sha1(portal: Asked, address: str) -> str:
    with urllib.request.urlopen(f"{portal.base}/{address}", timeout=PATIENCE) as answer:
        return hashlib.sha1(answer.read(), usedforsecurity=False).hexdigest()


def _text(message: dict[str, Any]) -> str:
    return "".join(part.get("contentString", "") for part in message.get("payload", ()))


def _id(reference: dict[str, Any]) -> str:
    return str(reference["reference"]).rpartition("/")[2]
