"""What a person reads of a fault: a sentence in their language on the problem line and in the outbox, never a code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from textual.app import App, ComposeResult

from tests.faults.expected import OF
from tests.faults.matrix import WELL, site
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME
from tests.widgets.screen import lines
from widgets.problem_line import ProblemLine
from widgets.problems import PORTAL, UNKNOWN, reason_words, sentence
from widgets.words import sending_word
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.status import Connection, OutboxStatus, PortalStatus, Status
from workbench.language import _
from workbench.sandbox.faults.plan import Often, Plan, fault

WORDS = sorted({word for word in OF.values() if word != WELL} | {"several-matches", "tls"})
ALL_ALONG = {
    "reset": "unreachable",
    "cut": "incomplete",
    "html": "not-fhir",
    "foreign-next": "foreign-address",
    "400": "refused",
    "401": "unauthorised",
    "403": "forbidden",
    "404": "not-fhir",
    "409": "conflict",
    "410": "gone",
    "413": "too-large",
    "429": "throttled",
    "500": "server-fault",
}
"""Kinds that strike every call, and the word a person is told of them."""


@dataclass(frozen=True, slots=True)
class Afterwards(Often):
    """From the moment on that another fault has struck."""

    plan: Plan = field(default_factory=Plan)

    def strikes(self, call: int, dice: Random) -> bool:
        return bool(self.plan.struck)


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield ProblemLine()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", language.LANGUAGES)
async def test_every_word_is_a_sentence_in_every_language(code: str) -> None:
    language.use(code)
    try:
        nothing = _(UNKNOWN).partition("{word}")[0]
        async with Host().run_test(size=(160, 10)) as pilot:
            for word in WORDS:
                told = sentence(word)
                assert not told.startswith(nothing), f"{word} falls through"
                assert told.endswith(".")
                assert code == "en" or told != PORTAL[word], f"{word} is not in {code}"
                assert reason_words(word) != word, f"{word} as the reason in the outbox"
                status = PortalStatus(NAME, Connection.OFFLINE, word=word)
                pilot.app.query_one(ProblemLine).show(Status((status,), OutboxStatus()))
                await pilot.pause()
                assert flat(told) in flat("".join(lines(pilot.app)))
    finally:
        language.use("nb")


async def test_a_person_reads_what_is_wrong_and_it_goes_when_it_has_gone(tmp_path: Path) -> None:
    with site() as here:
        async with here.world() as world:
            await world.task("first", "task")
            async with seat_at(tmp_path, world.base, world.ref("doctor"), size=(160, 40)) as seat:
                await seat.until(lambda: seat.session.status.portals[0].data_from)
                for kind, word in ALL_ALONG.items():
                    here.plan.set([fault(kind, here.away if kind == "foreign-next" else None)])
                    await reads(seat, sentence(word))
                here.plan.set([fault("reset")])
                await reads(seat, told := sentence("unreachable"))
                assert seat.session.status.portals[0].text == "", "the sentence says it all, in one language"
                here.plan.set(())
                await seat.until(lambda: online(seat))
                await seat.until(lambda: flat(told) not in flat(seat.shown()))
        assert not here.visited


async def test_the_outbox_says_what_became_of_each(tmp_path: Path) -> None:
    with site() as here:
        async with here.world() as world:
            await world.task("first", "task")
            await world.thread("other")
            await world.post("other", "En annen sak")
            async with seat_at(tmp_path, world.base, world.ref("doctor"), size=(160, 40)) as seat:
                await seat.until(lambda: seat.session.status.portals[0].data_from)
                here.plan.set([fault("422", calls="create-Communication")])
                refused = await reply(seat, world.id("first"), "Kom i morgen")
                await stands(seat, refused, Sending.NEEDS_YOU)
                lost = fault("lost-reply", calls="create-Communication")
                here.plan.set([lost, fault("reset", calls="reads", often=Afterwards(plan=here.plan))])
                unknown = await reply(seat, world.id("other"), "Og ta med resepten")
                await stands(seat, unknown, Sending.UNKNOWN)
                await seat.keys("b")
                await seat.on_top("OutboxScreen")
                for words in (
                    sending_word(Sending.NEEDS_YOU),
                    reason_words("refused"),
                    "Kom i morgen",
                    sending_word(Sending.UNKNOWN),
                    reason_words("unreachable"),
                    "Og ta med resepten",
                ):
                    await seat.until(lambda words=words: words in seat.shown())  # type: ignore[misc]
                here.plan.set(())
                seat.session.hurry()
                await stands(seat, unknown, Sending.SENT)
                assert len(await world.with_identifier(unknown.id)) == 1
                assert await world.with_identifier(refused.id) == []


def online(seat: Seat) -> bool:
    seat.session.hurry()
    return seat.session.status.portals[0].connection is Connection.ONLINE


async def reads(seat: Seat, told: str) -> None:
    """Asks for news until the screen says it."""

    def look() -> bool:
        seat.session.hurry()
        return flat(told) in flat(seat.shown())

    await seat.until(look)


async def reply(seat: Seat, thread: str, text: str) -> Outgoing:
    """Queues a reply as it stands."""
    conversation = await seat.session.conversation(Key(NAME, thread))
    assert conversation
    draft: Draft = await seat.session.draft(conversation.key, Kind.REPLY)
    return await seat.session.send(replace(draft, text=text), conversation)


async def stands(seat: Seat, outgoing: Outgoing, state: Sending) -> None:
    """Waits until an entry of the outbox has come so far; what has arrived may have gone from it."""

    def look() -> bool:
        entry = seat.store.outbox.get(outgoing.id)
        return entry.state is state if entry else state is Sending.SENT

    await seat.until(look)
