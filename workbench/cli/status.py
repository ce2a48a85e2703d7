"""`workbench status`: what is held and what is unsent, in figures."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import Any

from widgets.words import queue_word
from workbench import compose
from workbench.cli.chosen import store_of
from workbench.cli.shown import as_json, counted, moment
from workbench.compose import Place
from workbench.config import Settings
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.queue import Query, standard_queues
from workbench.dialogue.work import State
from workbench.language import _


def run(options: Namespace) -> int:
    """Prints the figures; never a patient's word."""
    found = _figures(*store_of(options))
    if options.json:
        print(as_json(found))
        return 0
    portals = [f"{each['portal']} {each['base']} {each['data_from'] or '–'}" for each in found["portals"]]
    conversations = [f"{queue_word(name)} {count}" for name, count in found["conversations"].items()]
    outgoing = _("{waiting} waiting, {unknown} unknown, {needs_you} needing you").format(**found["outbox"])
    print(f"{_('profile')}: {found['profile']}")
    print(f"{_('portals')}: {'; '.join(portals)}")
    print(f"{_('conversations')}: {', '.join(conversations)}")
    print(f"{_('drafts')}: {found['drafts']}")
    print(f"{_('outbox')}: {outgoing}")
    return 0


def _figures(place: Place, settings: Settings) -> dict[str, Any]:
    now = compose.now()
    queues = {"all": Query(frozenset(State))} | {queue.name: queue.query for queue in standard_queues((), now)}
    held = dict.fromkeys(queues, 0)
    states: dict[Sending, int] = {}
    ages: dict[str, datetime | None] = {}
    drafts = 0
    if compose.there(place):
        with compose.opened(place) as store:
            held = dict(zip(held, store.cache.counts(tuple(queues.values())), strict=True))
            states, drafts = store.outbox.counts(), len(store.drafts.list())
            ages = {portal.name: store.cache.age(portal.name) for portal in settings.portals}
    return {
        "profile": settings.profile,
        "portals": [
            {"portal": portal.name, "base": portal.base, "data_from": moment(ages.get(portal.name))}
            for portal in settings.portals
        ],
        "conversations": held,
        "drafts": drafts,
        "outbox": counted(states),
    }
