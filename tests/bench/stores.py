"""Stores of a wanted size, filled the way a sync fills them, without the network in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from client.conventions import Conventions
from client.mapping.batch import batch
from client.mapping.context import Context
from client.origin import Base
from tests.terminal.launch import KEY
from workbench import paths
from workbench.dialogue.held import Batch, HeldPost, HeldThread, Stamp
from workbench.dialogue.people import Me, Role
from workbench.sandbox.organisation import default_practitioner
from workbench.sandbox.scene import resources
from workbench.store.store import Store

BASE: Final = "http://127.0.0.1:9/fhir"
"""Where no portal is: the program works from what it holds."""
PORTAL: Final = "127.0.0.1:9"
ME: Final = default_practitioner("clinician")
SEED: Final = 1
AT_ONCE: Final = 6000
"""Resources in one transaction."""
PATTERN: Final = 1000
"""Conversations that are told apart in a thin store; the others are these again, under other names."""


@dataclass(frozen=True, slots=True)
class Held:
    """A store that has been filled."""

    home: Path
    """For `WORKBENCH_HOME`."""
    conversations: int
    messages: int
    """Messages and notes."""


def full(home: Path, messages: int) -> Held:
    """A store with whole conversations, until it holds so many messages and notes."""
    return _fill(home, _whole(messages))


def thin(home: Path, conversations: int) -> Held:
    """A store with so many conversations of one message each, which fills faster."""
    return _fill(home, _single(conversations))


def _fill(home: Path, batches: Iterator[Batch]) -> Held:
    folder = home / "profiles" / paths.profile_of(BASE)
    folder.mkdir(parents=True, mode=0o700)
    threads = posts = 0
    store = Store.open(folder, KEY, clock=_now, uuid=uuid4)
    try:
        store.cache.me(PORTAL, ME)
        store.cache.keep_person(Me(PORTAL, ME, "Kari Nordmann", Role.CLINICIAN))
        for each in batches:
            store.cache.apply(PORTAL, each, "Communication", _now())
            threads += sum(not thread.internal for thread in each.threads)
            posts += len(each.posts)
    finally:
        store.close()
    return Held(home, threads, posts)


def _now() -> datetime:
    return datetime.now(UTC)


def _mapped(conversations: int) -> Iterator[Batch]:
    context = Context(Conventions(), Base(BASE))
    told = resources(conversations, SEED, _now())
    while some := list(islice(told, AT_ONCE)):
        yield batch(some, context)


def _whole(messages: int) -> Iterator[Batch]:
    held = 0
    for each in _mapped(messages):
        yield each
        held += len(each.posts)
        if held >= messages:
            return


def _single(conversations: int) -> Iterator[Batch]:
    pattern = sum(_mapped(min(PATTERN, conversations)), Batch())
    headers = [thread for thread in pattern.threads if not thread.internal]
    last: dict[str, HeldPost] = {post.parent: post for post in sorted(pattern.posts, key=lambda post: post.sent)}
    yield Batch(patients=pattern.patients, parties=pattern.parties)
    for start in range(0, conversations, len(headers)):
        some = headers[: conversations - start]
        ids = {thread.stamp.id: f"{thread.stamp.id[:48]}-{start + place}" for place, thread in enumerate(some)}
        # Each time they are told they are older and numbered, so that no row looks like the one beside it.
        age = timedelta(minutes=start * 0.17)
        yield Batch(
            threads=tuple(_thread(thread, ids[thread.stamp.id], age, start) for thread in some),
            posts=tuple(
                replace(
                    last[old], stamp=_stamp(last[old].stamp, f"{new}-m", age), parent=new, sent=last[old].sent - age
                )
                for old, new in ids.items()
            ),
            tasks=tuple(
                replace(
                    t,
                    stamp=_stamp(t.stamp, f"{ids[t.thread]}-t", age),
                    thread=ids[t.thread],
                    due=_ago(t.due, age),
                    authored=_ago(t.authored, age),
                )
                for t in pattern.tasks
                if t.thread in ids
            ),
        )


def _thread(thread: HeldThread, identity: str, age: timedelta, number: int) -> HeldThread:
    stamp = _stamp(thread.stamp, identity, age)
    return replace(thread, stamp=stamp, started=_ago(thread.started, age), title=f"{number}. {thread.title}")


def _stamp(stamp: Stamp, identity: str, age: timedelta) -> Stamp:
    return replace(stamp, id=identity, updated=stamp.updated - age)


def _ago(moment: datetime | None, age: timedelta) -> datetime | None:
    return moment - age if moment else None
