"""A delivery as bytes on a connection: what goes out, and how long after what went before."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from workbench.sandbox.faults.exchange import NEVER, Delivery, Told


def pieces(delivery: Delivery, *, bodiless: bool = False) -> Iterator[tuple[float, bytes]]:
    """Seconds to wait and bytes to write, in order; the connection is closed after the last.

    A wait of `NEVER` is the last.

    Args:
        delivery: What goes out.
        bodiless: The request was a HEAD.
    """
    if delivery.wait:
        yield delivery.wait, b""
        if delivery.wait == NEVER:
            return
    if delivery.raw is not None:
        yield 0.0, delivery.raw
        return
    if delivery.told is None:
        return
    head = _head(delivery.told, lengthless=delivery.lengthless)
    if delivery.cut_head is not None:
        yield 0.0, head[: min(delivery.cut_head, len(head) - 1)]
        return
    yield 0.0, head
    body = b"" if bodiless else delivery.body
    if not delivery.pace:
        yield 0.0, body
        return
    for place in range(len(body)):
        yield delivery.pace, body[place : place + 1]


def _head(told: Told, *, lengthless: bool) -> bytes:
    phrase = HTTPStatus(told.status).phrase
    fields = [*told.headers, ("connection", "close")]
    if not lengthless and told.status not in (204, 304):
        fields.append(("content-length", str(len(told.body))))
    lines = [f"HTTP/1.1 {told.status} {phrase}", *(f"{name}: {value}" for name, value in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
