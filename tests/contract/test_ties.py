"""What tying two conversations together does to a Task, and what is left alone."""

from __future__ import annotations

from tests.contract.world import OWN, WHEN, Resource, World, concept, to
from workbench.dialogue.held import HeldTask
from workbench.dialogue.tie import ANY, Tie, TieKind
from workbench.dialogue.work import Change, State, Verb


async def two(world: World, **more: object) -> str:
    """One more conversation of the patient; gives its id."""
    await world.thread("other")
    await world.post("other", "Og en time, takk.")
    await world.task("other", "other task", **more)
    return world.id("other")


async def do(world: World, thread: str, change: Change) -> tuple[HeldTask, Resource]:
    task = await world.portal.task_of(world.id(thread))
    assert task
    held = await world.portal.change_task(task, change, world.me, when=WHEN)
    return held, await world.now(f"Task/{held.stamp.id}")


def said(code: str, thread: str) -> Resource:
    return {"type": concept(OWN.task_system, code), "valueReference": {"reference": f"Communication/{thread}"}}


async def test_a_merge_and_its_end(world: World) -> None:
    other = await two(world)
    merged, raw = await do(world, "header", Change(Verb.MERGE, other=other))
    assert (merged.state, merged.ties) == (State.DONE, frozenset({Tie(TieKind.MERGED, other)}))
    assert (raw["status"], raw["businessStatus"]["coding"][0]["code"]) == ("completed", "answered")
    assert raw["input"] == [said("merged-into", other)]
    again = await world.portal.task_of(world.id("header"))
    assert again
    assert again.ties == merged.ties
    apart, raw = await do(world, "header", Change(Verb.SPLIT, other=other))
    assert (apart.state, apart.ties) == (State.NEW, frozenset())
    assert "input" not in raw
    assert raw["status"] == "requested"


async def test_what_was_put_back_stands_as_it_did(world: World) -> None:
    other = await two(world)
    await do(world, "header", Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))
    await do(world, "header", Change(Verb.MERGE, other=other))
    back = Change(Verb.SPLIT, other=other, state=State.WAITING_COLLEAGUE, back=True)
    assert (await do(world, "header", back))[0].state is State.WAITING_COLLEAGUE


async def test_what_was_opened_again_keeps_its_state_when_it_is_taken_apart(world: World) -> None:
    other = await two(world)
    await do(world, "header", Change(Verb.MERGE, other=other))
    await do(world, "header", Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))
    assert (await do(world, "header", Change(Verb.SPLIT, other=other)))[0].state is State.WAITING_COLLEAGUE


async def test_other_inputs_are_left_alone(world: World) -> None:
    """Those of other systems, those that cannot be read, and our own that name another conversation."""
    strange: list[Resource] = [
        {"type": concept("https://example.org/local", "linked"), "valueReference": to(world["patient"])},
        {"type": concept("https://example.org/local", "merged-into"), "valueReference": to(world["header"])},
        {"type": {"text": "linked"}, "valueString": "Communication/1"},
        {"type": concept(OWN.task_system, "linked"), "valueReference": {"display": "somewhere"}},
    ]
    await two(world, input=strange)
    header = world.id("header")
    linked, raw = await do(world, "other", Change(Verb.LINK, other=header))
    assert linked.ties == {Tie(TieKind.LINKED, header)}
    assert raw["input"] == [*strange, said("linked", header)]
    assert raw["status"] == "requested"
    twice, raw = await do(world, "other", Change(Verb.LINK, other=header))
    assert raw["input"] == [*strange, said("linked", header)]
    assert twice.stamp.version == linked.stamp.version
    unlinked, raw = await do(world, "other", Change(Verb.UNLINK, other=header))
    assert (unlinked.ties, raw["input"]) == (frozenset(), strange)


async def test_every_input_that_says_the_same_goes_and_no_other(world: World) -> None:
    await world.thread("third")
    header, third = world.id("header"), world.id("third")
    await two(world, input=[said("linked", header), said("linked", third), said("linked", header)])
    unlinked, raw = await do(world, "other", Change(Verb.UNLINK, other=header))
    assert unlinked.ties == {Tie(TieKind.LINKED, third)}
    assert raw["input"] == [said("linked", third)]


async def test_a_merge_that_leads_nowhere_ends_with_done(world: World) -> None:
    await world.thread("third")
    inputs = [said("merged-into", world.id("third")), said("linked", world.id("header"))]
    await two(world, input=inputs, status="completed")
    done, raw = await do(world, "other", Change(Verb.DONE, other=ANY))
    assert done.state is State.DONE
    assert raw["input"] == [said("linked", world.id("header"))]
