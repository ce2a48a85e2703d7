"""Values as a portal would give them, made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import Batch, HeldParty, HeldPatient, HeldPost, HeldTask, HeldThread, Stamp
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.site import PLAIN, Site
from workbench.dialogue.work import Priority, State
from workbench.store.cache import Cache
from workbench.store.store import Store

KEY = bytes(range(32))
PORTAL = "nasjonal"
ME = "Practitioner/kari"
LISE = "Practitioner/lise"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves when told, and a little at each look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Mint:
    """Identifiers in a row."""

    made: list[UUID] = field(default_factory=list)

    def __call__(self) -> UUID:
        self.made.append(UUID(int=len(self.made) + 1))
        return self.made[-1]


def open_store(
    folder: Path, *, key: bytes = KEY, clock: Callable[[], datetime] | None = None, site: Site = PLAIN
) -> Store:
    """A store with a random mint and, unless one is given, a clock of its own."""
    from uuid import uuid4

    return Store.open(folder, key, clock=clock or Clock(), uuid=uuid4, site=site)


def save(store: Store, draft: Draft) -> Draft:
    """Saves a draft as the window does that saved it last."""
    there = store.drafts.get(draft.key, draft.author, draft.kind)
    return store.drafts.save(replace(draft, saved=there.saved if there else None))


def stamp(name: str, minute: float = 0, version: str = "1") -> Stamp:
    return Stamp(name, version, START + timedelta(minutes=minute))


def thread(name: str, patient: str = "Patient/a", minute: float = 0, **more: object) -> HeldThread:
    values: dict[str, object] = {"recipients": (patient, ME), "categories": ("e-kontakt",), "started": START}
    values.update(title=f"Emne {name}", internal=False, patient=patient)
    values.update(more)
    version = str(values.pop("version", "1"))
    return HeldThread(stamp(name, minute, version), **values)  # type: ignore[arg-type]


def post(
    name: str, parent: str, text: str = "Hei", minute: float = 0, sender: str = "Patient/a", **more: object
) -> HeldPost:
    version = str(more.pop("version", "1"))
    return HeldPost(
        stamp(name, minute, version),
        parent,
        sender,
        START + timedelta(minutes=minute),
        text,
        **more,  # type: ignore[arg-type]
    )


def task(name: str, of: str, state: State = State.NEW, minute: float = 0, **more: object) -> HeldTask:
    version = str(more.pop("version", "1"))
    return HeldTask(stamp(name, minute, version), of, state, **more)  # type: ignore[arg-type]


def patient(reference: str = "Patient/a", name: str = "Ingrid Solberg", minute: float = 0) -> HeldPatient:
    return HeldPatient(stamp(reference, minute), Patient(reference, name, "1979-03-12", "12037934567"))


def party(reference: str, name: str, kind: PartyKind = PartyKind.STAFF, minute: float = 0) -> HeldParty:
    return HeldParty(stamp(reference, minute), Party(reference, name, kind))


def key(name: str) -> Key:
    return Key(PORTAL, name)


def take(cache: Cache, **parts: object) -> frozenset[str]:
    """Has a cache take something in; the conversations of which anything changed."""
    return frozenset(each.thread for each in cache.apply(PORTAL, Batch(**parts)))  # type: ignore[arg-type]


def items(cache: Cache, query: Query | None = None) -> dict[str, Item]:
    """The rows of a queue, of all that is held when none is named, by conversation."""
    return {item.key.thread: item for item in cache.page(query or Query(frozenset(State)), 0, 1000).items}


def photo(title: str = "bilde.jpg") -> Attachment:
    return Attachment(title, "image/jpeg", 1200, "Binary/1", sha1="abc=")


def random_batch(rng: Random, count: int, *, first: int = 0, pools: Sequence[str] = ("", "resept", "time")) -> Batch:
    """Conversations of all kinds: open and done, mine and others', with and without Tasks, of few patients."""
    threads, posts, tasks = [], [], []
    for number in range(first, first + count):
        name = f"c{number}"
        who = f"Patient/{rng.randrange(max(count // 3, 1))}"
        minute = rng.randrange(50_000)
        threads.append(thread(name, who, minute, closed=rng.random() < 0.1))
        for place in range(rng.randrange(4)):
            sender = rng.choice([who, ME, LISE, "RelatedPerson/far"])
            state = rng.choices([MessageState.SENT, MessageState.RETRACTED], [9, 1])[0]
            words = " ".join(rng.choices(["hei", "takk", "blodtrykk", "Åse", "smerter", "time", "øre"], k=6))
            at = minute + rng.randrange(900)
            posts.append(post(f"{name}m{place}", name, words, at, sender, patient=who, state=state))
        for place in range(rng.choices([0, 1, 2], [2, 8, 1])[0]):
            tasks += [random_task(rng, f"{name}t{place}", name, minute + rng.randrange(900), pools)]
    return Batch(tuple(threads), tuple(posts), tuple(tasks))


def random_task(rng: Random, name: str, of: str, minute: int, pools: Sequence[str]) -> HeldTask:
    return task(
        name,
        of,
        rng.choice(list(State)),
        minute,
        owner=rng.choice(["", ME, LISE]),
        pool=rng.choice(list(pools)),
        priority=rng.choice(list(Priority)),
        due=rng.choice([None, START + timedelta(days=rng.randrange(30), seconds=rng.choice([0, 0, 0.5, 30]))]),
        category=rng.choice(["", "reseptfornyelse", "annet"]),
        until=rng.choice([None, START + timedelta(days=rng.randrange(60))]),
    )
