"""A list that lags, an edition that went back and a reader nobody can follow let no reply leave over what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.contract import habits
from tests.sync.served import CHEST, ME, Resource, Server, Sit, iso
from tests.sync.terse import InHeader, NoVersion
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Reason, Sending
from workbench.dialogue.work import Change, Priority, Verb

KEY = Key("p", "h")


class Fails(Server):
    """It fails at looking for what is held."""

    fails = 0

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        if self.fails and kind == "Communication" and "_id" in dict(params):
            return Response(f"<html>{self.fails}</html>", self.fails, media_type="text/html")
        return super().found(kind, params, request)


@pytest.mark.parametrize("fails", [500, 400, 403])
def test_a_message_that_was_deleted_and_made_again_stays_though_looking_for_it_fails(sit: Sit, fails: int) -> None:
    server = Fails()
    server.header()
    server.post("m", CHEST)
    server.post("m2", "Takk")
    server.task()
    served = sit(server)
    served.sync()
    for identity in ("m", "m2"):
        server.store.delete(f"Communication/{identity}")
    server.post("m", CHEST)
    server.fails = fails
    served.seconds += 60
    served.sync()
    assert CHEST in served.texts()
    served.seconds += 60
    served.sync()
    assert served.texts() == [CHEST], "what is gone goes, read by itself"


class Lags(Server):
    """Its search by partOf lags behind what its search by time tells."""

    late: frozenset[str] = frozenset()

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        if "part-of" not in dict(params):
            return super().found(kind, params, request)
        whole = self.store.editions
        self.store.editions = {ref: each for ref, each in whole.items() if ref not in self.late}
        try:
            return super().found(kind, params, request)
        finally:
            self.store.editions = whole


def test_a_reply_does_not_leave_over_words_that_are_held_and_that_the_user_did_not_see(sit: Sit) -> None:
    server = Lags()
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    seen = served.conversation()
    server.post("m2", CHEST)
    server.late = frozenset({"Communication/m2"})
    served.sync()
    assert served.texts() == ["Hei", CHEST]
    draft = served.desk.save_draft(Draft(KEY, ME.reference, Kind.REPLY, "Svar"))
    out = served.store.outbox.queue_draft(draft, patient="Patient/ola", basis=seen.basis)
    served.sync()
    assert (served.entry(out).state, served.entry(out).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)


class Strict(Server):
    """It says 400 to an id that is none."""

    async def route(self, request: Request) -> Response:
        if "?" in dict(request.query_params).get("_id", "") or request.url.path.endswith(("/?", "%3F")):
            raise habits.RefusedError(400, "no id")
        return await super().route(request)


def test_somebody_who_cannot_be_followed_does_not_hide_that_a_reader_acts_for_another_patient(sit: Sit) -> None:
    server = Strict()
    mother: Resource = {
        "resourceType": "RelatedPerson",
        "patient": {"reference": "Patient/ola"},
        "name": [{"text": "Mor"}],
    }
    server.puts(mother, "mor")
    server.header(recipient=[{"reference": "RelatedPerson/mor"}], sender={"reference": "RelatedPerson/mor"})
    server.post("m", "Hei", sender={"type": "RelatedPerson", "identifier": {"value": "x"}})
    server.task(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    server.puts(mother | {"patient": {"reference": "Patient/annen"}}, "mor")
    served.sync()
    assert (served.entry(out).state, served.entry(out).reason) == (Sending.NEEDS_YOU, Reason.MIXED)


def test_a_portal_without_versions_that_was_restored_from_a_copy_is_shown_as_it_is(sit: Sit) -> None:
    server = NoVersion()
    server.dialogue(CHEST)
    served = sit(server)
    served.sync()
    server.post("m", "Alt bra")["meta"]["lastUpdated"] = iso(datetime.now(UTC) + timedelta(seconds=1))
    served.seconds += 300
    served.sync()
    assert served.texts() == ["Alt bra"]
    server.store.editions["Communication/m"].pop()
    served.turn.refresh("h")
    served.sync()
    assert served.texts() == [CHEST]


def test_where_versions_stand_in_the_header_alone_one_verb_follows_another_at_once(sit: Sit) -> None:
    server = InHeader()
    server.dialogue()
    served = sit(server)
    served.sync()
    for change in (Change(Verb.CLAIM), Change(Verb.DONE), Change(Verb.PRIORITY, priority=Priority.URGENT)):
        out = served.desk.act(KEY, change, served.conversation())
        served.take()
        assert served.entry(out).state is Sending.SENT, (change, served.entry(out).reason)
