"""Work that lies with a team or a role is seen by those whose it is, and by all who may take it."""

from __future__ import annotations

import pytest

from tests.sync.served import BASE, ME, Resource, Server, Sit
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.queue import Whose
from workbench.dialogue.work import Change, State, Verb

TEAMS = ("CareTeam/a", "Organization/a", "HealthcareService/a", "Group/a", "Device/a")


def role(server: Server, identity: str, of: str, **more: object) -> None:
    own: Resource = {"resourceType": "PractitionerRole", "practitioner": {"reference": f"Practitioner/{of}"}}
    server.puts(own | more, identity)


@pytest.mark.parametrize("team", TEAMS)
def test_what_lies_with_a_team_is_unclaimed_and_can_be_claimed(sit: Sit, team: str) -> None:
    server = Server()
    server.dialogue(owner={"reference": team, "display": "Reseptteamet"}, status="accepted")
    served = sit(server)
    served.store.cache.me("p", ME.reference)
    served.sync()
    assert (served.item().whose, served.item().pool) == (Whose.NOBODY, "Reseptteamet")
    out = served.desk.act(Key("p", "h"), Change(Verb.CLAIM), served.conversation())
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert server.store.current("Task/t")["owner"]["reference"] == ME.reference
    assert served.item().whose is Whose.ME


@pytest.mark.parametrize("change", [Change(Verb.RELEASE), Change(Verb.RELEASE, state=State.NEW, back=True)], ids=str)
@pytest.mark.parametrize("owner", [{"reference": f"{BASE}/CareTeam/a"}, {"type": "Organization"}], ids=str)
def test_what_a_team_had_is_with_the_team_when_nobody_has_it_any_more(
    sit: Sit, owner: Resource, change: Change
) -> None:
    server = Server()
    server.dialogue(owner=owner | {"display": "Reseptteamet"}, status="accepted")
    served = sit(server)
    served.store.cache.me("p", ME.reference)
    served.sync()
    for done in (Change(Verb.CLAIM), change):
        served.desk.act(Key("p", "h"), done, served.conversation())
        served.sync()
    assert (served.item().whose, served.item().pool) == (Whose.NOBODY, "Reseptteamet")


def test_what_lies_with_a_role_is_whose_the_role_is(sit: Sit) -> None:
    server = Server()
    role(server, "mine", "kari")
    role(server, "hers", "lise")
    for number, owner in enumerate(("mine", "hers", "unknown")):
        server.header(f"h{number}")
        server.post(f"m{number}", "Hei", f"h{number}")
        server.task(f"t{number}", f"h{number}", owner={"reference": f"PractitionerRole/{owner}"}, status="accepted")
    served = sit(server)
    served.store.cache.me("p", ME.reference)
    served.run(served.portal.directory())
    served.sync()
    assert [served.item(f"h{number}").whose for number in range(3)] == [Whose.ME, Whose.COLLEAGUE, Whose.COLLEAGUE]
    assert served.item("h1").owner_name == "Lise"
    out = served.desk.act(Key("p", "h0"), Change(Verb.DONE), served.conversation("h0"))
    served.sync()
    assert served.entry(out).state is Sending.SENT
