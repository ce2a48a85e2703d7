"""Faults that are set, which of them a request meets, and what then becomes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from workbench.sandbox.faults.calls import means
from workbench.sandbox.faults.exchange import Asked, Delivery, Told
from workbench.sandbox.faults.kinds import KINDS, Kind
from workbench.sandbox.faults.spoiling import Memory, Scene


@dataclass(frozen=True, slots=True)
class Often:
    """How often a fault strikes, of the calls it could meet."""

    first: int | None = None
    """Only the first so many."""
    every: int = 1
    """Every so many-th, beginning with the first."""
    chance: float = 1.0
    """With this probability each."""

    def strikes(self, call: int, dice: Random) -> bool:
        """Whether it strikes a call.

        Args:
            call: The number of the call among those it could meet, from 0.
            dice: Asked only where chance has a say.
        """
        if (self.first is not None and call >= self.first) or call % self.every:
            return False
        return self.chance >= 1 or dice.random() < self.chance


ALWAYS = Often()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong."""

    kind: Kind
    argument: str = ""
    calls: str = ""
    """A pattern as `calls.check` takes it; empty for every call."""
    often: Often = ALWAYS

    def could_meet(self, asked: Asked) -> bool:
        """Whether a request is of those it strikes."""
        return means(self.kind.meets, asked) and means(self.calls, asked)


@dataclass(slots=True)
class Plan:
    """The faults that are set now; counts what they could have met, and what they struck."""

    faults: tuple[Fault, ...] = ()
    dice: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - chance that can be repeated
    memory: Memory = field(default_factory=Memory)
    struck: list[tuple[Fault, Asked]] = field(default_factory=list)
    """What was struck, in order; without the bodies that were sent."""
    _met: dict[int, int] = field(default_factory=dict)

    def set(self, faults: Iterable[Fault]) -> None:
        """Puts other faults in the place of those there were; counts begin anew."""
        self.faults = tuple(faults)
        self._met.clear()
        self.struck.clear()

    @property
    def remembers(self) -> bool:
        """Whether every answer has to be seen."""
        return any(fault.kind.remembers for fault in self.faults)

    def strikes(self, asked: Asked) -> Fault | None:
        """The first fault that strikes a request; every one it could have met is counted."""
        found: Fault | None = None
        for place, fault in enumerate(self.faults):
            if not fault.could_meet(asked):
                continue
            call = self._met.get(place, 0)
            self._met[place] = call + 1
            if found is None and fault.often.strikes(call, self.dice):
                found = fault
        if found is not None:
            self.struck.append((found, asked))
        return found

    def through(self, asked: Asked, carry_out: Callable[[Asked], Told], now: float) -> Delivery:
        """A request on its way through all that is set, without a clock or a network.

        Args:
            asked: The request, with its body.
            carry_out: The portal.
            now: Seconds that only rise.
        """
        fault = self.strikes(asked)
        told: Told | None = None
        for _ in range(1 if fault is None else fault.kind.times):
            told = carry_out(asked)
        return self.spoiled(fault, asked, told, now)

    def spoiled(self, fault: Fault | None, asked: Asked, told: Told | None, now: float) -> Delivery:
        """What becomes of an answer.

        Args:
            fault: What strikes it; None for nothing.
            asked: The request.
            told: The portal's answer, the last one where it was carried out more than once; None when it was not.
            now: Seconds that only rise.
        """
        if told is not None and self.remembers:
            self.memory.saw(told)
        if fault is None:
            return Delivery(told)
        return fault.kind.spoil(Scene(asked, told, fault.argument, self.memory, now))


def fault(kind: str, argument: str | None = None, calls: str = "", often: Often = ALWAYS) -> Fault:
    """A fault by the name of its kind; the argument is the kind's own unless one is given."""
    known = KINDS[kind]
    return Fault(known, known.default if argument is None else argument, calls, often)


def samples() -> tuple[Fault, ...]:
    """Each kind with each argument that is worth a try, on every call."""
    return tuple(fault(kind.name, argument) for kind in KINDS.values() for argument in (None, *kind.samples))
