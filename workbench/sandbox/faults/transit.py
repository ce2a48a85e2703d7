"""Faults of the way: an answer that does not come, comes late, in drops, in part, or as something else."""

from __future__ import annotations

from workbench.sandbox.faults.exchange import NEVER, Delivery
from workbench.sandbox.faults.spoiling import Scene


def as_it_is(scene: Scene) -> Delivery:
    """As the portal told it."""
    return Delivery(scene.answer)


def nothing(_scene: Scene) -> Delivery:
    """Not a byte."""
    return Delivery(None)


def never(scene: Scene) -> Delivery:
    """Not a byte, and the connection stays."""
    return Delivery(scene.told, wait=NEVER)


def late(scene: Scene) -> Delivery:
    """After so many seconds."""
    return Delivery(scene.answer, wait=float(scene.argument))


def drip(scene: Scene) -> Delivery:
    """A byte every so many seconds."""
    return Delivery(scene.answer, pace=float(scene.argument))


def cut(scene: Scene) -> Delivery:
    """Closed after so many bytes of the body, of which one at least is missing."""
    return Delivery(scene.answer, cut=min(int(scene.argument), max(0, len(scene.answer.body) - 1)))


def cut_open(scene: Scene) -> Delivery:
    """The same, and no length was told."""
    return Delivery(scene.answer, cut=min(int(scene.argument), max(0, len(scene.answer.body) - 1)), lengthless=True)


def cut_head(scene: Scene) -> Delivery:
    """Closed after so many bytes of the head."""
    return Delivery(scene.answer, cut_head=int(scene.argument))


def not_http(scene: Scene) -> Delivery:
    """Something else than HTTP."""
    return Delivery(scene.answer, raw=b"\x16\x03\x01\x00\x05SSH-2.0-portal\r\n\r\n")
