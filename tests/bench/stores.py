"""Stores of a wanted size, filled the way a sync fills them, without the network in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from uuid import uuid4

from client.conventions import Conventions
from client.mapping.batch import batch
from client.mapping.context import Context
from client.origin import Base
from tests.terminal.launch import KEY
from workbench import compose, paths
from workbench.config import Settings
from workbench.dialogue.held import Batch, HeldPost
from workbench.dialogue.people import Me, Role
from workbench.sandbox.organisation import default_practitioner
from workbench.sandbox.scene import resources
from workbench.store.store import Store

BASE: Final = "http://127.0.0.1:9/fhir"
"""Where no portal is: the program works from what it holds."""
PORTAL: Final = "127.0.0.1:9"
ME: Final = default_practitioner("clinician")
SEED: Final = 1
AT_ONCE: Final = (300, 24_000)
"""Resources in one transaction, at least and at most: fewer, larger ones write each page of an index less often, and
smaller ones come closer to the number of messages that was asked for."""
RARE: Final = (
    "kvartsitt",
    "olivin",
    "dolomitt",
    "serpentin",
    "hornblende",
    "apatitt",
    "wolframitt",
    "zirkon",
    "beryll",
    "feltspat",
)
"""Words that nobody writes by chance: each stands in `HITS` messages, however many are held."""
HITS: Final = 5


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
    threads = posts = 0
    store = opened(home)
    try:
        judged(store)  # while it is empty: what comes is judged as it comes, and not once more at the first start
        store.cache.me(PORTAL, ME)
        store.cache.staff.keep_person(Me(PORTAL, ME, "Kari Nordmann", Role.CLINICIAN))
        for each in told(messages):
            store.cache.apply(PORTAL, each, "Communication", _now())
            threads += sum(not thread.internal for thread in each.threads)
            posts += len(each.posts)
    finally:
        store.close()
    return Held(home, threads, posts)


def told(messages: int) -> Iterator[Batch]:
    """What a portal would tell of so many messages and notes, or a few more, with the rare words in them.

    It is made up and mapped in a process of its own and comes through a pipe, so that two processors work.
    """
    context = get_context("fork")
    taken, given = context.Pipe(duplex=False)
    teller = context.Process(target=_tell, args=(given, taken, messages), daemon=True)
    teller.start()
    given.close()
    posts = 0
    try:
        while posts < messages:
            each: Batch = _with_rare_words(taken.recv(), posts, messages)
            yield each
            posts += len(each.posts)
    finally:
        taken.close()
        teller.terminate()
        teller.join()


def opened(home: Path) -> Store:
    """The store of a folder, with the rules of a site that has configured nothing, as the program has them."""
    folder = home / "profiles" / paths.profile_of(BASE)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return Store.open(folder, KEY, clock=_now, uuid=uuid4, site=compose.site_of(Settings()))


def judged(store: Store) -> None:
    """Has all that is held judged by the rules of today, which the program would else do while it is measured."""
    while store.cache.judge() is not None:
        pass


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(pipe: Connection, other_end: Connection, messages: int) -> None:
    other_end.close()
    context = Context(Conventions(), Base(BASE))
    told = resources(messages, SEED, _now())  # more than are needed: no conversation is without a message
    at_once = min(max(messages // 10, AT_ONCE[0]), AT_ONCE[1])
    try:
        while some := list(islice(told, at_once)):
            pipe.send(batch(some, context))
    except BrokenPipeError:
        pass  # it holds enough
    finally:
        pipe.close()


def _with_rare_words(given: Batch, before: int, messages: int) -> Batch:
    """Puts the rare words into the messages whose turn it is, counted from the first of the store."""
    due = {round((hit + 0.5) * messages / HITS) + place: word for place, word in enumerate(RARE) for hit in range(HITS)}
    posts = tuple(_worded(post, due.get(before + place)) for place, post in enumerate(given.posts))
    return replace(given, posts=posts)


def _worded(post: HeldPost, word: str | None) -> HeldPost:
    return replace(post, text=f"{post.text} {word}") if word else post
