"""Faults of what is told: other bodies, other types, other packings, other headers."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from workbench.sandbox.faults.exchange import FHIR_JSON, Delivery, Told
from workbench.sandbox.faults.spoiling import Scene, Spoil

MEGABYTE: Final = 1024 * 1024
_PAGE: Final = b"<!doctype html><html><title>Gjestenett</title><form>Logg inn for \xc3\xa5 bruke nettet</form></html>"


def typed(scene: Scene) -> Delivery:
    """Says that it is of another type."""
    return Delivery(scene.answer.headed(content_type=scene.argument))


def web_page(_scene: Scene) -> Delivery:
    """A page to sign in on."""
    return Delivery(Told(200, (("content-type", "text/html; charset=utf-8"),), _PAGE))


def half_json(scene: Scene) -> Delivery:
    """JSON that stops, in an answer that is whole."""
    return _with(scene, b'{"resourceType":"Bundle","entry":[{')


def double_keys(scene: Scene) -> Delivery:
    """The same key twice: two readers may understand two things."""
    return _with(scene, b'{"id":"another","id":"1",' + _json(scene)[1:])


def deep(scene: Scene) -> Delivery:
    """Arrays in arrays."""
    return _with(scene, b'{"extension":' + b"[" * 5000 + b"]" * 5000 + b"," + _json(scene)[1:])


def other_resource(scene: Scene) -> Delivery:
    """A resource nobody asked for."""
    body = {"resourceType": "Basic", "id": "1", "meta": {"versionId": "1"}, "code": {"text": "made by a fault"}}
    return _with(scene, json.dumps(body).encode())


def other_id(scene: Scene) -> Delivery:
    """The right type, another resource."""
    told = scene.answer.json()
    return Delivery(scene.answer if told is None else scene.answer.saying(told | {"id": "another"}))


def emptied(status: int) -> Spoil:
    """No body, and nothing that says where the thing is."""
    return lambda _scene: Delivery(Told(status))


def partial(scene: Scene) -> Delivery:
    """Half of it, said to be half of it."""
    whole = scene.answer.body
    told = replace(scene.answer, status=206, body=whole[: len(whole) // 2])
    return Delivery(told.headed(content_range=f"bytes 0-{max(0, len(told.body) - 1)}/{len(whole)}"))


def huge(scene: Scene) -> Delivery:
    """Blanks behind the JSON, which mean nothing."""
    told = replace(scene.answer, body=scene.answer.body + b" " * (int(scene.argument) * MEGABYTE))
    return Delivery(told, lengthless=True)


def bomb(scene: Scene) -> Delivery:
    """Blanks that are packed a thousandfold."""
    return Delivery(replace(scene.answer, body=_packed(int(scene.argument))).headed(content_encoding="gzip"))


def not_packed(scene: Scene) -> Delivery:
    """Says gzip and is none."""
    return Delivery(replace(scene.answer, body=b"x" + scene.answer.body).headed(content_encoding="gzip"))


def oddly_packed(scene: Scene) -> Delivery:
    """Packed three times over."""
    return Delivery(scene.answer.headed(content_encoding="gzip, gzip, br"))


def huge_header(scene: Scene) -> Delivery:
    """One header of 64 kB."""
    return Delivery(scene.answer.headed(x_filler="x" * 65536))


def many_headers(scene: Scene) -> Delivery:
    """Ten thousand headers."""
    more = tuple((f"x-{number}", "x") for number in range(10_000))
    return Delivery(replace(scene.answer, headers=scene.answer.headers + more))


def twice_typed(scene: Scene) -> Delivery:
    """JSON and HTML at once."""
    headers = (*scene.answer.headers, ("content-type", FHIR_JSON), ("content-type", "text/html"))
    return Delivery(replace(scene.answer, headers=headers))


def skewed(scene: Scene) -> Delivery:
    """A Date so many seconds ahead."""
    try:
        said = parsedate_to_datetime(scene.answer.header("date"))
    except ValueError:
        said = datetime(2026, 3, 2, 12, tzinfo=UTC)
    wrong = format_datetime(said + timedelta(seconds=float(scene.argument)), usegmt=True)
    return Delivery(scene.answer.headed(date=wrong))


def _with(scene: Scene, body: bytes) -> Delivery:
    return Delivery(replace(scene.answer, body=body).headed(content_type=FHIR_JSON))


def _json(scene: Scene) -> bytes:
    """The JSON that was told, or some that could have been."""
    told = scene.answer.json()
    return scene.answer.body if told else b'{"resourceType":"Basic","code":{"text":"made by a fault"}}'


@lru_cache(maxsize=2)
def _packed(megabytes: int) -> bytes:
    return gzip.compress(b'{"resourceType":"Bundle"}' + b" " * (megabytes * MEGABYTE), compresslevel=9)
