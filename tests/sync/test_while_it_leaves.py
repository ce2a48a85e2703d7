"""What happens in a conversation between the moment a reply is found fit to leave and the moment it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.contract import habits
from tests.sync.served import ME, Served, Server, Sit
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending

OTHER = {"reference": "Patient/per"}


class Busy(Server):
    """Something happens just before it answers one of its requests."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, list[Callable[[], object]]] = {}
        """By the end of an address; one a request."""
        self.puts({"resourceType": "Patient", "name": [{"text": "Per Hansen"}]}, "per")
        self.dialogue()

    async def route(self, request: Request) -> Response:
        for end, happens in self.before.items():
            if request.url.path.endswith(end) and happens:
                happens.pop(0)()
        return await super().route(request)


def reply_with_a_file(served: Served) -> Outgoing:
    file = served.store.files.add("svar.txt", "text/plain", b"Blodtrykket er bra.")
    draft = served.desk.save_draft(Draft(Key("p", "h"), ME.reference, Kind.REPLY, "Se vedlegget", (file,)))
    return served.desk.send(draft, served.conversation())


def made(server: Server) -> list[str]:
    """Messages of ours on the portal."""
    newest = [editions[-1] for editions in server.store.editions.values() if editions[-1]]
    return [each["id"] for each in newest if each.get("sender", {}).get("reference") == ME.reference]


def test_a_patient_who_writes_while_a_file_is_sent_is_read_before_the_reply_leaves(sit: Sit) -> None:
    server = Busy()
    served = sit(server)
    served.sync()
    out = reply_with_a_file(served)
    server.before["/Binary"] = [lambda: server.post("m2", "Nå har jeg vondt i brystet")]
    served.sync()
    assert made(server) == []
    assert served.entry(out).reason == Reason.NEW_ACTIVITY
    assert "brystet" in served.entry(out).detail
    assert served.store.outbox.retry(out.id, served.conversation().basis)
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert sum(asked.startswith("POST /fhir/Binary") for asked in served.asked) == 1
    assert len(made(server)) == 1


def test_a_file_that_is_there_already_has_nothing_looked_at_twice(sit: Sit) -> None:
    served = sit(Busy())
    served.sync()
    out = served.reply("Hei")
    served.asked.clear()
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert sum("part-of=Communication%2Fh&" in asked for asked in served.asked) == 1


@pytest.mark.parametrize("nothing", [0, 1], ids=["as it is looked at", "as it leaves"])
def test_a_conversation_that_is_another_patients_by_now_takes_no_reply(sit: Sit, nothing: int) -> None:
    server = Busy()
    served = sit(server)
    served.sync()
    out = served.reply("Svar til Ola")
    happens: list[Callable[[], object]] = [lambda: None] * nothing
    server.before["/Communication/h"] = [*happens, lambda: server.header(subject=OTHER)]
    served.sync()
    assert made(server) == []
    assert served.entry(out).reason in (Reason.CONFLICT, Reason.MIXED)


class Racing(Busy):
    """An earlier try at the same message is done just before this one: it answers 409, as HAPI does."""

    async def route(self, request: Request) -> Response:
        made = await super().route(request)
        if request.method == "POST" and request.url.path.endswith("/Communication"):
            raise habits.RefusedError(409, "HAPI-0550: another thread is creating a resource for the same match URL")
        return made


@pytest.mark.parametrize("kind", Kind)
def test_a_message_that_another_try_made_at_that_moment_has_arrived(sit: Sit, kind: Kind) -> None:
    server = Racing()
    served = sit(server)
    served.sync()
    out = served.desk.send(
        served.desk.save_draft(Draft(Key("p", "h"), ME.reference, kind, "Svar")), served.conversation()
    )
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert len(server.said("Svar")) == 1
