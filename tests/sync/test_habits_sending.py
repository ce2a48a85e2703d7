"""What leaves for portals with habits of their own reaches whom it is for, once, and never over the last word."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.sync.served import CHEST, ME, Resource, Served, Server, Sit
from tests.sync.terse import InHeader
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Reason, Sending
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.work import Change, Priority, State, Verb

KEY = Key("p", "h")


@pytest.mark.parametrize(
    "who",
    [
        {
            "sender": {"reference": "Practitioner/kari"},
            "recipient": [{"type": "RelatedPerson", "identifier": {"value": "x"}, "display": "Mor"}],
        },
        {"sender": {"type": "RelatedPerson", "identifier": {"value": "x"}, "display": "Mor"}, "recipient": None},
        {"sender": {"reference": "#mor"}, "recipient": None},
        {
            "sender": {"reference": "Practitioner/kari"},
            "recipient": [{"reference": "Patient/ola"}, {"type": "RelatedPerson", "identifier": {"value": "x"}}],
        },
    ],
    ids=["a reader by number", "who began by number", "who began contained", "one of two readers"],
)
def test_a_reply_goes_to_nobody_in_the_place_of_who_asked(served: Served, who: dict[str, Any]) -> None:
    served.server.header(**who)
    served.server.post("m", "Hei", sender=who["sender"])
    served.server.task()
    served.sync()
    assert served.conversation().readers == ()
    with pytest.raises(SendError) as caught:
        served.reply("Svar")
    assert caught.value.word == SendWord.NO_READER
    served.sync()
    assert served.server.said("Svar") == []


def test_words_that_name_the_message_they_answer_stop_a_reply_that_does_not_know_them(served: Served) -> None:
    served.server.dialogue()
    served.sync()
    out = served.reply("Svar")
    served.server.post("m2", CHEST, parent="m")
    served.server.post("m3", "Svimmel også", parent="m2")
    served.sync()
    assert (served.entry(out).state, served.entry(out).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
    assert served.texts() == ["Hei", CHEST, "Svimmel også", "Svar"]


class Slow(Server):
    """It looks whether a message is there before it writes it, and what stands in front of it does not wait so long."""

    late: Resource | None = None

    async def create(self, kind: str, request: Request) -> Response:
        if kind != "Communication" or self.late is not None:
            return await super().create(kind, request)
        self.late = json.loads(await request.body())
        assert not self.store.search(kind, parse_qsl(request.headers["if-none-exist"]))
        return Response("<html>504 Gateway Time-out</html>", 504, media_type="text/html")

    def writes(self) -> None:
        """What was asked of it first is there now."""
        assert self.late is not None
        self.store.create(self.late)


def test_a_portal_that_is_still_writing_is_not_asked_to_write_a_second(sit: Sit) -> None:
    server = Slow()
    server.dialogue()
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    served.sync()
    assert served.entry(out).state is Sending.UNKNOWN
    served.seconds += 5
    served.sync()
    server.writes()
    served.seconds += 20
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert len(server.said("Svar")) == 1
    assert [made["sender"]["reference"] for made in server.said("Svar")] == [ME.reference]


@pytest.fixture
def in_header(sit: Sit) -> Served:
    made = sit(InHeader())
    made.server.dialogue()
    made.sync()
    return made


def test_where_versions_stand_in_the_header_alone_replies_and_verbs_leave(in_header: Served) -> None:
    out = in_header.reply("Svar")
    in_header.sync()
    assert in_header.entry(out).state is Sending.SENT
    assert in_header.item().state is State.WAITING_PATIENT
    for change in (Change(Verb.PRIORITY, priority=Priority.URGENT), Change(Verb.DONE)):
        done = in_header.desk.act(KEY, change, in_header.conversation())
        in_header.sync()
        assert in_header.entry(done).state is Sending.SENT, in_header.entry(done)
    assert (in_header.item().state, in_header.item().priority) == (State.DONE, Priority.URGENT)


def test_there_too_nothing_is_changed_that_a_colleague_changed_since(in_header: Served) -> None:
    claim = in_header.desk.act(KEY, Change(Verb.CLAIM), in_header.conversation())
    assert isinstance(in_header.server, InHeader)
    in_header.server.before_read = lambda: in_header.server.task(owner={"reference": "Practitioner/lise"})
    in_header.sync()
    assert (in_header.entry(claim).state, in_header.entry(claim).reason) == (Sending.NEEDS_YOU, Reason.TAKEN)


class Keeping(Server):
    """It keeps identifiers in its own way. It carries out the first create and loses the answer; the next it loses."""

    def __init__(self, kept: Callable[[Resource], list[Resource]], *, own_time: bool) -> None:
        super().__init__()
        self.kept, self.own_time, self.asked = kept, own_time, 0

    async def create(self, kind: str, request: Request) -> Response:
        if kind != "Communication":
            return await super().create(kind, request)
        told = json.loads(await request.body())
        self.asked += 1
        held = self.store.search(kind, parse_qsl(request.headers["if-none-exist"]))
        if not held and self.asked != 2:
            told["identifier"] = self.kept(told["identifier"][0])
            if self.own_time:
                told["sent"] = (datetime.now(UTC) - timedelta(seconds=30)).isoformat()
            held = [self.store.create(told)]
        if self.asked <= 2:
            return Response("<html>504 Gateway Time-out</html>", 504, media_type="text/html")
        return self.resource(held[0], 201, "representation")


def in_capitals(told: Resource) -> list[Resource]:
    """As a Guid, which .NET may write so."""
    return [told | {"value": told["value"].upper()}]


@pytest.mark.parametrize("own_time", [False, True], ids=["our time", "its own time"])
@pytest.mark.parametrize("kept", [in_capitals, lambda _: []], ids=["in capitals", "not at all"])
def test_a_reply_is_made_once_however_a_portal_keeps_its_identifier(
    sit: Sit, kept: Callable[[Resource], list[Resource]], own_time: bool
) -> None:
    server = Keeping(kept, own_time=own_time)
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    out = [served.reply("Svar"), served.reply("Svar"), served.reply("Ring oss")]
    for _ in range(8):
        served.sync()
        served.seconds += 120
    assert [served.entry(each).state for each in out] == [Sending.SENT] * 3
    assert (len(server.said("Svar")), len(server.said("Ring oss"))) == (2, 1)
    for each in server.said("Svar"):  # it is told apart from what is on its way when the portal changes it later, too
        server.puts(each | {"status": "completed"}, each["id"])
    served.sync()
    assert sorted(served.texts()) == ["Hei", "Ring oss", "Svar", "Svar"]


def test_what_was_never_written_is_sent_again_after_a_while(sit: Sit) -> None:
    server = Slow()
    server.dialogue()
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    served.sync()
    served.seconds += 25
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert len(server.said("Svar")) == 1
