"""The portal's door for one call: the base, the metadata, and everything below a resource type."""

from workbench.sandbox import rest, transaction
from workbench.sandbox.capability import statement
from workbench.sandbox.exchange import Answer, Call, as_json
from workbench.sandbox.outcome import Issue, Refusal, outcome
from workbench.sandbox.store import Store
from workbench.sandbox.subscriptions import KIND, Subscriptions


def answer(store: Store, call: Call, subscriptions: Subscriptions | None = None) -> Answer:
    """Do what a call asks, wholly or not at all; a refusal becomes an answer too.

    Args:
        store: what is served.
        call: what is asked.
        subscriptions: None where live updates are not offered.
    """
    try:
        if subscriptions is not None and call.path[:1] == (KIND,):
            return subscriptions.answer(call)
        if call.path == ("metadata",) and call.method == "GET":
            return Answer(200, as_json(statement(call.base, live=subscriptions is not None)))
        with store.transaction():
            return _perform(store, call)
    except Refusal as refusal:
        return refused(refusal)


def refused(refusal: Refusal) -> Answer:
    """The answer that tells a refusal."""
    return Answer(refusal.status, as_json(outcome(refusal.issues)), headers=refusal.headers)


def _perform(store: Store, call: Call) -> Answer:
    if not call.path:
        if call.method == "POST":
            return transaction.process(store, call)
        if call.method == "GET" and any(name == "_page" for name, _ in call.pairs):
            return rest.turn(store, call)
        raise _not_allowed(call, "GET (of a next link), POST", "searches are made on a resource type")
    if call.path == ("metadata",):
        raise _not_allowed(call, "GET", "the metadata can only be read")
    return rest.perform(store, call)


def _not_allowed(call: Call, allowed: str, why: str) -> Refusal:
    methods = ", ".join(word for word in ("GET", "POST") if word in allowed)
    issue = Issue("not-supported", f"{call.method} is not possible here; {allowed} is: {why}")
    return Refusal(405, issue, headers={"Allow": methods})
