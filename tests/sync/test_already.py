"""What is taken for the words that an earlier try made is just that, and is shown once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.contract.world import kind
from tests.sync.served import ME, Server, Sit
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Sending

KEY = Key("p", "h")


class FailsOnce(Server):
    """It fails at the first create, and does not make it."""

    fails = 1

    async def create(self, kind: str, request: Request) -> Response:
        if kind == "Communication" and self.fails:
            self.fails -= 1
            return Response("<html>503</html>", 503, media_type="text/html")
        return await super().create(kind, request)


@pytest.mark.parametrize(
    "more",
    [
        {"status": "preparation", "sent": None},
        {"status": "entered-in-error"},
        {"category": [kind("internal")]},
        {"payload": [{"contentString": "Ring oss"}, {"contentAttachment": {"url": "Binary/1", "title": "x"}}]},
    ],
    ids=["a draft", "taken back", "a note", "with a file"],
)
def test_what_the_patient_does_not_read_is_not_the_reply(sit: Sit, more: dict[str, Any]) -> None:
    server = FailsOnce()
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    out = served.reply("Ring oss")
    server.post("mine", "Ring oss", sender={"reference": ME.reference}, **more)  # from the portal's own web page
    for _ in range(10):
        served.sync()
        served.seconds += 60
    assert served.entry(out).state is Sending.SENT
    assert [each["id"] for each in server.said("Ring oss") if each["id"] != "mine"] != []


@pytest.mark.parametrize(
    "kept", [lambda told: [told | {"value": told["value"].upper()}], lambda _: []], ids=["in capitals", "not at all"]
)
def test_a_note_is_made_once_however_a_portal_keeps_its_identifier(sit: Sit, kept: Any) -> None:
    class Keeping(Server):
        asked = 0

        async def create(self, kind: str, request: Request) -> Response:
            told = json.loads(await request.body())
            if kind != "Communication" or not told.get("payload"):
                return await super().create(kind, request)
            self.asked += 1
            told["identifier"] = kept(told["identifier"][0])
            made = self.store.create(told)
            if self.asked == 1:
                return Response("<html>504</html>", 504, media_type="text/html")
            return self.resource(made, 201, "representation")

    server = Keeping()
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    outs = []
    for _ in range(2):
        draft = served.desk.save_draft(Draft(KEY, ME.reference, Kind.NOTE, "Ringte, ikke svar"))
        outs.append(served.desk.send(draft, served.conversation()))
    for _ in range(8):
        served.sync()
        served.seconds += 120
    assert [served.entry(out).state for out in outs] == [Sending.SENT] * 2
    assert len(server.said("Ringte, ikke svar")) == 2


class ForgetsIdentifiers(Server):
    """It keeps no identifiers, and loses its answer to the first message; it tells files its own way."""

    lost = 0

    def __init__(self, tells: dict[str, str]) -> None:
        super().__init__()
        self.tells = tells

    async def create(self, kind: str, request: Request) -> Response:
        told = json.loads(await request.body()) if kind == "Communication" else {}
        if not told.get("payload"):
            return await super().create(kind, request)
        del told["identifier"]
        told["payload"][0]["contentAttachment"] |= self.tells
        made = self.store.create(told)
        self.lost += 1
        return Response("", 504) if self.lost == 1 else self.resource(made, 201, "representation")

    def files(self) -> list[Any]:
        """The messages that are a file alone."""
        newest = [editions[-1] for editions in self.store.editions.values() if editions[-1]]
        payloads = [each.get("payload", []) for each in newest]
        return [payload for payload in payloads if payload and "contentString" not in payload[0]]


@pytest.mark.parametrize("said", [Kind.REPLY, Kind.NOTE])
@pytest.mark.parametrize("tells", [{"title": "Vedlegg 1"}, {"url": "https://files.example.org/a?signed=1"}])
def test_a_file_without_words_is_known_again(sit: Sit, said: Kind, tells: dict[str, str]) -> None:
    server = ForgetsIdentifiers(tells)
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    outs = []
    for _ in range(2):  # the second is sent on purpose
        file = served.store.files.add("svar.pdf", "application/pdf", b"%PDF-1.4")
        draft = served.desk.save_draft(Draft(KEY, ME.reference, said, "", (file,)))
        outs.append(served.desk.send(draft, served.conversation()))
        for _ in range(8):
            served.sync()
            served.seconds += 120
    assert [served.entry(out).state for out in outs] == [Sending.SENT] * 2
    assert len(server.files()) == 2


def test_another_file_without_words_is_not_taken_for_it(sit: Sit) -> None:
    server = FailsOnce()
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    file = served.store.files.add("svar.pdf", "application/pdf", b"%PDF-1.4")
    draft = served.desk.save_draft(Draft(KEY, ME.reference, Kind.REPLY, "", (file,)))
    out = served.desk.send(draft, served.conversation())
    other = {"contentAttachment": {"url": "Binary/other", "title": "svar.pdf", "size": 9}}
    server.post("mine", "", sender={"reference": ME.reference}, payload=[other])  # from the portal's own web page
    for _ in range(10):
        served.sync()
        served.seconds += 60
    assert served.entry(out).state is Sending.SENT
    newest = [editions[-1] for editions in server.store.editions.values() if editions[-1]]
    sizes = [each["payload"][0].get("contentAttachment", {}).get("size") for each in newest if each.get("payload")]
    assert sorted(size for size in sizes if size) == [8, 9]


def test_a_reply_is_shown_once_after_the_cache_was_filled_again(tmp_path: Path, sit: Sit) -> None:
    class KeepsNone(Server):
        """It keeps no identifiers."""

        async def create(self, kind: str, request: Request) -> Response:
            told = json.loads(await request.body())
            told.pop("identifier", None)
            return self.resource(self.store.create(told), 201, "representation")

    server = KeepsNone()
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    served.sync()
    assert (served.entry(out).state, served.texts()) == (Sending.SENT, ["Hei", "Svar"])
    served.close()
    for file in (tmp_path / "store").glob("cache.db*"):
        file.unlink()
    served = sit(server)
    served.sync()
    assert served.texts() == ["Hei", "Svar"]
