"""What takes too long around what was sent or opened keeps back no news."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.contract import habits
from tests.sync.served import CHEST, ME, Server, Sit
from workbench.dialogue.outgoing import Sending


class SlowFind(Server):
    """It takes too long at finding an identifier, and loses the answer to a create."""

    lose = False

    async def create(self, kind: str, request: Request) -> Response:
        made = await super().create(kind, request)
        lost = Response("<html>504</html>", 504, media_type="text/html")
        return lost if kind == "Communication" and self.lose else made

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        if "identifier" in dict(params):
            raise habits.RefusedError(408, "slow")
        return super().found(kind, params, request)


class SlowFocus(Server):
    """It takes too long at finding the Task of a conversation, once something has been sent."""

    lose = False
    slow = False

    async def create(self, kind: str, request: Request) -> Response:
        made = await super().create(kind, request)
        self.slow = self.slow or kind == "Communication"
        return made

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        if self.slow and kind == "Task" and "focus" in dict(params):
            raise habits.RefusedError(408, "slow")
        return super().found(kind, params, request)


@pytest.mark.parametrize("server", [SlowFind(), SlowFocus()], ids=["what became of it", "telling the task"])
def test_news_come_though_something_that_was_sent_cannot_be_settled_in_time(
    sit: Sit, server: SlowFind | SlowFocus
) -> None:
    server.dialogue(owner={"reference": ME.reference})
    served = sit(server)
    served.sync()
    server.lose = True
    out = served.reply("Svar")
    served.turns(3)
    assert served.entry(out).state in (Sending.UNKNOWN, Sending.SENT)
    server.post("m2", CHEST)
    served.turns(200)
    assert CHEST in served.texts()


class SlowPeople(Server):
    slow = False

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        if self.slow and kind == "Patient":
            raise habits.RefusedError(408, "slow")
        return super().found(kind, params, request)


def test_a_conversation_is_read_afresh_though_people_take_too_long(sit: Sit) -> None:
    server = SlowPeople()
    server.dialogue()
    served = sit(server)
    served.sync()
    server.slow = True
    server.post("m2", CHEST)
    served.turn.refresh("h")
    outcome = served.take()
    assert outcome.status.word == ""
    assert CHEST in served.texts()
    asked = len(served.asked)
    served.turn.refresh("h")
    served.take()
    assert not any("/Patient" in each for each in served.asked[asked:])
