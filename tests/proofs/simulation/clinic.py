"""What happens on the portals by itself: patients write, colleagues act by other means, things are changed or go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from tests.proofs.simulation.portal import THREADS, Portal, Resource, message, task
from workbench.sandbox import codes


@dataclass
class Clinic:
    """Everybody who is not at one of the workbenches."""

    portals: list[Portal]
    dice: Random
    now: Callable[[], datetime]
    told: Callable[[str], None]
    deletions: bool = True

    def act(self) -> None:
        """One thing happens on one portal."""
        portal = self.dice.choice(self.portals)
        thread = self.dice.choice(sorted(THREADS))
        if portal.read("Communication", thread) is None:
            return
        acts = [
            self.write,
            self.write,
            self.write,
            self.own,
            self.own,
            self.answer,
            self.change,
            self.retract,
            self.busy,
        ]
        if self.deletions:
            acts += [self.delete]
        act = self.dice.choice(acts)
        self.told(f"{portal.name} {thread} {act.__name__}")
        act(portal, thread)

    def writes(self, portal: Portal, thread: str) -> None:
        """The patient writes where there is a conversation still."""
        if thread in THREADS and portal.read("Communication", thread) is not None:
            self.told(f"{portal.name} {thread} writes")
            self.write(portal, thread)

    def write(self, portal: Portal, thread: str) -> None:
        """The patient writes one more message."""
        made = message(thread, THREADS[thread], f"mer {self.dice.randrange(10**6)}", self.now())
        portal.do("POST", "Communication", content={"resourceType": "Communication", **made})

    def own(self, portal: Portal, thread: str) -> None:
        """A colleague takes the work, or lets it go."""
        for each in self._tasks(portal, thread):
            changed = {name: value for name, value in each.items() if name != "owner"}
            if self.dice.random() < 0.6:
                changed |= {"owner": {"reference": "Practitioner/nils"}, "status": "accepted"}
            portal.do("PUT", "Task", each["id"], content=changed)

    def busy(self, portal: Portal, thread: str) -> None:
        """Something rewrites a Task without a change of meaning."""
        for each in self._tasks(portal, thread):
            portal.do("PUT", "Task", each["id"], content={**each, "description": f"{self.dice.random()}"})

    def answer(self, portal: Portal, thread: str) -> None:
        """A colleague answers by other means."""
        made = message(thread, THREADS[thread], f"svar {self.dice.randrange(10**6)}", self.now())
        made["sender"] = {"reference": "Practitioner/nils"}
        portal.do("POST", "Communication", content={"resourceType": "Communication", **made})

    def change(self, portal: Portal, thread: str) -> None:
        """The conversation gets another reader, or is closed or opened."""
        header = portal.read("Communication", thread)
        assert header is not None
        mother = {"reference": "RelatedPerson/mor"}
        if THREADS[thread] == "ola" and self.dice.random() < 0.5:
            others = [each for each in header["recipient"] if each != mother]
            header["recipient"] = others if mother in header["recipient"] else [*others, mother]
        else:
            header["status"] = "completed" if header["status"] == "in-progress" else "in-progress"
        portal.do("PUT", "Communication", thread, content=header)

    def retract(self, portal: Portal, thread: str) -> None:
        """A message is taken back by who wrote it."""
        for each in self._others(portal, thread)[:1]:
            portal.do("PUT", "Communication", each["id"], content={**each, "status": "entered-in-error"})

    def delete(self, portal: Portal, thread: str) -> None:
        """A message or a Task is removed, and the Task sometimes made anew."""
        if self.dice.random() < 0.5:
            for each in self._others(portal, thread)[:1]:
                portal.do("DELETE", "Communication", each["id"])
            return
        for each in self._tasks(portal, thread):
            portal.do("DELETE", "Task", each["id"])
        if self.dice.random() < 0.5:
            made = task(thread, THREADS[thread], self.now())
            portal.do("POST", "Task", content={"resourceType": "Task", **made})

    def _tasks(self, portal: Portal, thread: str) -> list[Resource]:
        return [each for each in portal.now("Task") if each["focus"]["reference"] == f"Communication/{thread}"]

    def _others(self, portal: Portal, thread: str) -> list[Resource]:
        """Messages of a conversation that no workbench made, in an order of chance."""
        parent = [{"reference": f"Communication/{thread}"}]
        found = [
            each for each in portal.now("Communication") if each.get("partOf") == parent and not each.get("identifier")
        ]
        self.dice.shuffle(found)
        return found


def internal(resource: Resource) -> bool:
    """Whether a Communication is for staff only."""
    return codes.KINDS["internal"] in resource.get("category", [])
