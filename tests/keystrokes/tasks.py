"""Everyday tasks by keys alone; each ends once it is seen, on the portal or in the store, that it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from tests.keystrokes.hand import ME, Hand, Resource, codes
from tests.keystrokes.keys import NAME, REASON, WORDS, Typed
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.work import Priority

YUSUF: Final = "Practitioner/yusuf-testby"
MINE, FREE = "mine", "unclaimed"
"""Queues."""


async def done(hand: Hand) -> None:
    item = await hand.stands_on(FREE, lambda item: item.category == "timeendring")
    await hand.seat.keys("enter")
    pane = hand.seat.inbox.pane
    await hand.seat.until(lambda: pane.has_focus_within and pane.key == item.key)
    hand.anew()
    await hand.press("d")
    await hand.seat.until(lambda: pane.has_focus_within and pane.key not in (None, item.key))
    await hand.task(item, lambda task: task["status"] == "completed")


async def following(hand: Hand) -> None:
    """Opens the next."""
    item = await hand.stands_on(MINE)
    await hand.seat.keys("enter")
    pane = hand.seat.inbox.pane
    await hand.seat.until(lambda: pane.has_focus_within and pane.key == item.key)
    hand.anew()
    await hand.press("ctrl+down")
    await hand.seat.until(lambda: pane.has_focus_within and pane.key not in (None, item.key))


async def claim(hand: Hand) -> None:
    item = await hand.stands_on(FREE)
    await hand.press("c")
    pane = hand.seat.inbox.pane
    await hand.seat.until(lambda: pane.has_focus_within and pane.key == item.key)
    await hand.task(item, lambda task: task.get("owner", {}).get("reference") == ME)


async def _write(hand: Hand, key: str, kind: str) -> None:
    item = await hand.stands_on(MINE)
    await hand.press(key)
    await hand.type(WORDS)
    await hand.seat.until(lambda: hand.seat.inbox.pane.composer.text == WORDS)
    await hand.press("ctrl+s")
    await hand.seat.on_top("Ask")
    await hand.press("enter")
    await hand.arrived(item, WORDS, kind)


async def reply(hand: Hand) -> None:
    await _write(hand, "r", "message")


async def note(hand: Hand) -> None:
    await _write(hand, "n", "internal")


async def _hand_over(hand: Hand, typed: Typed, label: str, reason: Typed, look: Callable[[Resource], bool]) -> None:
    item = await hand.stands_on(FREE, lambda item: item.pool != "resept")
    await hand.press("f")
    await hand.picks(typed, label)
    await hand.seat.on_top("AskText")
    if reason:
        await hand.type(reason)
    await hand.press("enter")
    await hand.task(item, look)


async def person(hand: Hand) -> None:
    await _hand_over(
        hand, Typed("y"), "Yusuf Testby", Typed(), lambda task: task.get("owner", {}).get("reference") == YUSUF
    )


async def team(hand: Hand) -> None:
    await _hand_over(
        hand,
        Typed("r"),
        "Resept",
        REASON,
        lambda task: codes(task["performerType"]) == {"resept"} and REASON in str(task.get("note")),
    )


async def category(hand: Hand) -> None:
    item = await hand.stands_on(FREE, lambda item: item.category != "timeendring")
    await hand.press("t")
    await hand.picks(Typed("t"), "timeendring")
    await hand.task(item, lambda task: "timeendring" in codes([task["reasonCode"]]))


async def priority(hand: Hand) -> None:
    item = await hand.stands_on(FREE, lambda item: item.priority is Priority.ROUTINE)
    await hand.press("p")
    await hand.picks(Typed("h"), "haster")
    await hand.task(item, lambda task: task["priority"] == Priority.URGENT)


async def search(hand: Hand) -> None:
    await hand.stands_on(FREE, lambda item: NAME not in item.patient_name.lower())
    inbox = hand.seat.inbox
    await hand.press("slash")
    await hand.type(NAME)
    await hand.seat.until(lambda: (item := inbox.listing.rows.cursor_item) and NAME in item.patient_name.lower())
    await hand.press("enter")
    await hand.press("enter")
    await hand.seat.until(lambda: inbox.pane.has_focus_within and NAME in hand.seat.shown().lower())
    assert inbox.pane.conversation is not None
    assert inbox.pane.conversation.patient is not None
    assert NAME in inbox.pane.conversation.patient.name.lower()


async def queue(hand: Hand) -> None:
    await hand.stands_on(FREE)
    await hand.press("g")
    await hand.picks(Typed("l"), "Legekontor")
    listing = hand.seat.inbox.listing
    await hand.seat.until(lambda: listing.queue and listing.queue.name == "pool:legekontor" and listing.rows.total)


async def take_back(hand: Hand) -> None:
    item = await hand.stands_on(MINE)
    shown = await hand.seat.session.conversation(item.key)
    assert shown is not None
    draft = await hand.seat.session.draft(item.key, Kind.REPLY)
    waiting = await hand.seat.session.send(replace(draft, text=WORDS), shown)
    hand.anew()
    await hand.press("u")
    composer = hand.seat.inbox.pane.composer
    await hand.seat.until(lambda: composer.is_open and composer.text == WORDS)
    assert hand.seat.store.outbox.get(waiting.id) is None


Doing = Callable[[Hand], Awaitable[None]]
ONLINE: Final[Mapping[str, Doing]] = {
    "next": following,
    "claim": claim,
    "reply": reply,
    "note": note,
    "person": person,
    "team": team,
    "category": category,
    "priority": priority,
    "search": search,
    "queue": queue,
    "done": done,
}
OFFLINE: Final[Mapping[str, Doing]] = {"take-back": take_back}
"""Those that need a reply which has not left."""
