"""A clinician's hour as acts on the store, each one transaction, thrown by dice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from tests.store.made import PORTAL, START, key, post, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.work import Change, Verb
from workbench.store.store import Store

ME = "Practitioner/kari"
WORDS = ("øre", "vondt", "time", "resept", "takk", "hei", "blodtrykk", "☃", "svar")
Act = tuple[str, Callable[[], object]]


def acts(store: Store, rng: Random, count: int) -> Iterator[Act]:
    """So many acts, each with its name; each is to be done before the next is asked for."""
    for _ in range(count):
        yield _act(store, rng)


def _act(store: Store, rng: Random) -> Act:
    drafts, entries = list(store.drafts.list()), store.outbox.all()
    choices: list[tuple[int, Callable[[], Act]]] = [(6, lambda: _save(store, rng)), (1, lambda: _told(store, rng))]
    choices.append((1, lambda: _verb(store, rng)))
    if drafts:
        one = rng.choice(drafts)
        choices.append((3, lambda: ("queue", lambda: store.outbox.queue_draft(one, patient="Patient/a", basis="b"))))
        choices.append((1, lambda: ("discard-draft", lambda: store.drafts.discard(one))))
        choices.append((2, lambda: _attach(store, rng, one)))
    for entry in entries:
        choices += [(2, _bound(choice)) for choice in _of(store, rng, entry)]
    weights = [weight for weight, _ in choices]
    return rng.choices([choice for _, choice in choices], weights)[0]()


def _bound(act: Act) -> Callable[[], Act]:
    return lambda: act


def words(rng: Random) -> str:
    """Something written, a line or some pages of it."""
    return " ".join(rng.choices(WORDS, k=rng.choice((5, 60, 900))))


def _save(store: Store, rng: Random) -> Act:
    where, kind, text = key(f"c{rng.randrange(5)}"), rng.choice(list(Kind)), words(rng)
    draft = store.drafts.get(where, ME, kind) or Draft(where, ME, kind, "")
    return "save", lambda: store.drafts.save(replace(draft, text=text))


def _attach(store: Store, rng: Random, draft: Draft) -> Act:
    file = store.files.add(f"f{rng.randrange(99)}.txt", "text/plain", rng.randbytes(rng.choice((300, 9_000, 30_000))))
    return "attach", lambda: store.drafts.save(replace(draft, files=(*draft.files, file)))


def _verb(store: Store, rng: Random) -> Act:
    change = Change(rng.choice((Verb.CLAIM, Verb.DONE, Verb.RELEASE)))
    where = key(f"c{rng.randrange(5)}")
    return "verb", lambda: store.outbox.queue_change(where, ME, change, patient="Patient/a", basis="3")


def _told(store: Store, rng: Random) -> Act:
    number = rng.randrange(10_000)
    batch = Batch((thread(f"t{number}"),), (post(f"m{number}", f"t{number}", words(rng)),))
    return "apply", lambda: store.cache.apply(PORTAL, batch, "Communication", START)


def _of(store: Store, rng: Random, entry: Outgoing) -> list[Act]:
    box, name = store.outbox, entry.id

    def settle(state: Sending, reason: str = "") -> Act:
        return f"settle-{state}", lambda: box.settle(name, state, reason, "what the portal said")

    match entry.state:
        case Sending.QUEUED:
            return [("start", lambda: box.start(name)), ("cancel", lambda: box.cancel(name))]
        case Sending.SENDING:
            progress = ("progress", lambda: box.progress(name, f"s{rng.randrange(3)}", "Binary/7"))
            sent = settle(Sending.SENT)
            return [progress, sent, sent, settle(Sending.UNKNOWN), settle(Sending.NEEDS_YOU, "refused")]
        case Sending.UNKNOWN:
            return [settle(Sending.SENT), settle(Sending.QUEUED), ("retry", lambda: box.retry(name, "n"))]
        case Sending.NEEDS_YOU:
            return [("retry", lambda: box.retry(name, "n")), ("discard", lambda: box.discard(name))]
        case _:
            return []
