"""What is sent to a portal: messages to the patient's side, notes to nobody but staff."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from client import errors
from client.http import Http
from client.origin import Base
from client.patience import Limits
from client.portal import Portal
from tests.contract.cutting import Cuts, cutting_proxy
from tests.contract.world import OWN, WHEN, World, kind, reference, to, unique
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.basis import readers_in
from workbench.dialogue.conversation import MessageState

HOSTILE = "Æøå 👩🏽‍⚕️ ‮snu‬ <script>alert(1)</script> [b]x[/b] $(id) ' OR 1=1 -- \n\n\tslutt \u0301\u0302"


@asynccontextmanager
async def behind_proxy(base: str, **options: Any) -> AsyncIterator[tuple[Portal, Cuts]]:
    """Our client on the portal through a proxy that can lose answers; it has asked already what is offered."""
    async with cutting_proxy(base) as (address, cuts), Portal("cut", Http(Base(address), **options)) as portal:
        await portal.offered()
        yield portal, cuts


async def test_a_message_reaches_those_the_header_names(world: World) -> None:
    client_id = unique()
    sent = await world.portal.send_message(client_id, world.id("header"), world.readers, world.me, HOSTILE, (), WHEN)
    (raw,) = await world.with_identifier(client_id)
    assert raw["payload"] == [{"contentString": HOSTILE}]
    assert raw["partOf"] == [{"reference": world.ref("header")}]
    assert raw["subject"]["reference"] == world.ref("patient")
    assert raw["sender"]["reference"] == world.ref("doctor")
    assert {each["reference"] for each in raw["recipient"]} == {
        world.ref("patient"),
        world.ref("mother"),
        world.ref("secretary"),
    }
    assert raw["status"] == "in-progress"
    assert [each["coding"][0]["code"] for each in raw["category"]] == ["message", "reseptfornyelse"]
    assert raw["sent"].startswith("2026-03-05T12:30:15.25")
    assert (sent.text, sent.client_id, sent.parent, sent.sent) == (HOSTILE, client_id, world.id("header"), WHEN)
    assert sent.state is MessageState.SENT
    assert sent in (await world.portal.thread(world.id("header"))).posts


async def test_sending_twice_makes_one(world: World) -> None:
    client_id = unique()
    sends = [
        world.portal.send_message(client_id, world.id("header"), world.readers, world.me, "En gang", (), WHEN)
        for _ in range(4)
    ]
    made = await asyncio.gather(*sends)
    again = await world.portal.send_message(client_id, world.id("header"), world.readers, world.me, "En gang", (), WHEN)
    assert {each.stamp.id for each in made} == {again.stamp.id}
    assert len(await world.with_identifier(client_id)) == 1


async def test_an_identifier_that_two_carry_stops_everything(world: World) -> None:
    client_id = unique()
    identifier = [{"system": OWN.client_id_system, "value": client_id}]
    for _ in range(2):
        await world.post("header", "Dobbelt", identifier=identifier)
    with pytest.raises(errors.SeveralMatches):
        await world.portal.send_message(client_id, world.id("header"), world.readers, world.me, "x", (), WHEN)
    with pytest.raises(errors.SeveralMatches):
        await world.portal.find(client_id)


async def test_a_message_whose_answer_is_lost_is_found_again(world: World) -> None:
    client_id = unique()
    async with behind_proxy(world.base, limits=Limits(attempts=1)) as (portal, cuts):
        cuts.answers_to = b"POST "
        with pytest.raises(errors.PortalError) as lost:
            await portal.send_message(client_id, world.id("header"), world.readers, world.me, "Kom jeg frem?", (), WHEN)
    assert lost.value.may_have_happened
    found = await world.portal.find(client_id)
    assert found
    assert (found.text, found.client_id) == ("Kom jeg frem?", client_id)
    assert len(await world.with_identifier(client_id)) == 1


async def test_a_lost_answer_is_looked_for_and_not_asked_for_again(world: World) -> None:
    client_id = unique()
    async with behind_proxy(world.base) as (portal, cuts):
        cuts.answers_to = b"POST "
        with pytest.raises(errors.PortalError) as caught:
            await portal.send_message(client_id, world.id("header"), world.readers, world.me, "Ett forsøk", (), WHEN)
        assert caught.value.may_have_happened
        assert cuts.made == 1
        cuts.answers_to = b""
        found = await portal.find(client_id)
    assert found is not None
    assert found.text == "Ett forsøk"
    assert len(await world.with_identifier(client_id)) == 1


async def test_a_receipt_is_a_message_with_one_code_more_and_touches_no_task(world: World) -> None:
    before = await world.now(world.ref("task"))
    client_id = unique()
    for _ in range(2):
        sent = await world.portal.send_message(
            client_id, world.id("header"), world.readers, world.me, "Vi svarer snart", (), WHEN, receipt=True
        )
    (raw,) = await world.with_identifier(client_id)
    assert [each["coding"][0]["code"] for each in raw["category"]] == ["message", "receipt", "reseptfornyelse"]
    assert {each["reference"] for each in raw["recipient"]} == {*world.readers, world.ref("secretary")}
    assert (sent.receipt, sent.text, sent.client_id) == (True, "Vi svarer snart", client_id)
    held = {post.text: post.receipt for post in (await world.portal.thread(world.id("header"))).posts}
    assert held == {"Jeg trenger mer Levaxin.": False, "Vi svarer snart": True}
    found = await world.portal.find(client_id)
    assert found == sent
    assert await world.now(world.ref("task")) == before


async def test_what_the_patient_s_side_calls_a_receipt_is_none(world: World) -> None:
    both = [kind("message"), kind("receipt")]
    await world.post("header", "Takk", category=both)
    await world.post("header", "Takk fra mor", category=both, sender=to(world["mother"]))
    posts = (await world.portal.thread(world.id("header"))).posts
    assert len(posts) == 3
    assert not any(post.receipt for post in posts)


async def test_what_was_never_sent_is_not_found(world: World) -> None:
    assert await world.portal.find(unique()) is None


async def test_a_header_without_recipients_is_answered_to_its_patient_alone(world: World) -> None:
    header = await world.thread("lonely", recipient=None, sender=to(world["doctor"]))
    client_id = unique()
    alone = (world.ref("patient"),)
    await world.portal.send_message(client_id, header["id"], alone, world.me, "Hei", (), WHEN)
    (raw,) = await world.with_identifier(client_id)
    assert [each["reference"] for each in raw["recipient"]] == [world.ref("patient")]


async def test_who_began_a_conversation_reads_the_answer_and_is_said_to(world: World) -> None:
    header = await world.thread("begun", recipient=[to(world["secretary"])], sender=to(world["mother"]))
    (held,) = (await world.portal.thread(header["id"])).threads
    assert readers_in(held) == (world.ref("mother"),)
    client_id = unique()
    await world.portal.send_message(client_id, header["id"], readers_in(held), world.me, "Hei", (), WHEN)
    (raw,) = await world.with_identifier(client_id)
    assert {each["reference"] for each in raw["recipient"]} == {world.ref("mother"), world.ref("secretary")}


async def test_a_message_is_not_sent_to_others_than_were_said_to_read_it(world: World) -> None:
    for other in ((world.ref("patient"),), (*world.readers, "Patient/somebody"), ()):
        client_id = unique()
        with pytest.raises(errors.Conflict):
            await world.portal.send_message(client_id, world.id("header"), other, world.me, "Hei", (), WHEN)
        assert not await world.with_identifier(client_id)


async def test_a_message_is_not_sent_where_no_patient_would_read_it(world: World) -> None:
    staff = await world.thread("staff", recipient=[to(world["secretary"])], sender=to(world["doctor"]))
    side = await world.thread("side", category=[kind("internal")])
    retracted = await world.thread("retracted", status="entered-in-error")
    child = await world.post("header", "Ikke en tråd", "child")
    for header in (staff, side, retracted, child):
        client_id = unique()
        with pytest.raises(errors.Refused):
            await world.portal.send_message(client_id, header["id"], world.readers, world.me, "Hei", (), WHEN)
        assert not await world.with_identifier(client_id)


async def test_a_note_names_nobody_of_the_patient_s_side(world: World) -> None:
    client_id = unique()
    before = len(world.recorder.requests)
    for _ in range(2):
        held = await world.portal.send_note(
            client_id, world.id("header"), world.id("task"), world.me, "Ringte, ikke svar.", (), WHEN
        )
    (side,) = held.threads
    (note,) = held.posts
    assert (side.internal, side.about, side.task) == (True, world.id("header"), world.id("task"))
    assert (note.internal, note.text, note.parent) == (True, "Ringte, ikke svar.", side.stamp.id)
    (raw,) = await world.with_identifier(client_id)
    header = await world.now(f"Communication/{side.stamp.id}")
    for resource in (raw, header):
        assert "subject" not in resource
        assert "recipient" not in resource
        assert [each["coding"][0]["code"] for each in resource["category"]] == ["internal"]
        assert resource["meta"]["security"][0]["code"] == "R"
    assert all(each["reference"] != world.ref("header") for each in raw["partOf"])
    for request in world.recorder.requests[before:]:
        assert world.id("patient").encode() not in request.content
        assert world.id("mother").encode() not in request.content
    second = await world.portal.send_note(
        unique(), world.id("header"), world.id("task"), world.colleague, "To", (), WHEN
    )
    assert second.threads[0].stamp.id == side.stamp.id
    thread = await world.portal.thread(world.id("header"))
    assert {post.text for post in thread.posts if post.internal} == {"Ringte, ikke svar.", "To"}
    found = await world.portal.find(client_id)
    assert found
    assert found.internal


async def test_a_note_does_not_show_among_the_patient_s_messages(world: World) -> None:
    client_id = unique()
    await world.portal.send_note(client_id, world.id("header"), world.id("task"), world.me, "Hemmelig", (), WHEN)
    for params in (
        {"part__of": world.ref("header")},
        {"subject": world.ref("patient")},
        {"recipient": world.ref("patient")},
        {"recipient": world.ref("mother")},
    ):
        answer = await world.raw.get(
            "/Communication",
            params={name.replace("__", "-"): value for name, value in params.items()},
            headers={"Cache-Control": "no-cache"},
        )
        assert "Hemmelig" not in answer.text


async def test_attachments_and_documents_travel_with_a_message(world: World) -> None:
    document = await world.make(
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "subject": to(world["patient"]),
            "content": [{"attachment": {"contentType": "text/plain", "data": "SGVp"}}],
        }
    )
    data = b"%PDF-1.7 ..." * 100
    url = await world.portal.upload(data, "application/pdf")
    digest = b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    attachments = (
        Attachment("svar æ.pdf", "application/pdf", len(data), url, sha1=digest),
        Attachment("Epikrise", reference=reference(document)),
    )
    sent = await world.portal.send_message(unique(), world.id("header"), world.readers, world.me, "", attachments, WHEN)
    assert sent.attachments == attachments
    assert sent.text == ""
    assert await world.portal.download(sent.attachments[0].url) == data
    raw = await world.now(f"Communication/{sent.stamp.id}")
    assert raw["payload"][1]["contentReference"]["reference"] == reference(document)


async def test_two_conversations_do_not_share_their_side_thread(world: World) -> None:
    await world.thread("second")
    task = await world.task("second", "second task")
    first = await world.portal.send_note(unique(), world.id("header"), world.id("task"), world.me, "Én", (), WHEN)
    other = await world.portal.send_note(unique(), world.id("second"), task["id"], world.me, "To", (), WHEN)
    assert first.threads[0].stamp.id != other.threads[0].stamp.id
    thread = await world.portal.thread(world.id("second"))
    assert [post.text for post in thread.posts] == ["To"]
