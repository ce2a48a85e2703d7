"""What comes in a request: how large it may be, which media types are taken, and JSON read strictly."""

import json
from collections.abc import AsyncIterator
from typing import Any

from workbench.sandbox.exchange import Upload
from workbench.sandbox.outcome import refuse

JSON_LIMIT = 5 * 1024 * 1024
BINARY_LIMIT = 25 * 1024 * 1024
"""Bytes of one request; a Binary as JSON may be a third larger, for its base64."""
DEEPEST = 60
"""Levels of JSON."""

FHIR_TYPES = ("application/fhir+json", "application/json")
PATCH_TYPE = "application/json-patch+json"
FORM_TYPE = "application/x-www-form-urlencoded"


async def read_all(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """The whole body.

    What is too much is still taken in, up to four times the limit, so that the sender gets to read the refusal.

    Raises:
        Refusal: 413 when it is larger than `limit`.
    """
    kept, size = [], 0
    async for chunk in chunks:
        size += len(chunk)
        if size <= limit:
            kept.append(chunk)
        elif size > 4 * limit:
            break
    if size > limit:
        raise refuse(413, "too-long", f"at most {limit // (1024 * 1024)} MB can be sent here")
    return b"".join(kept)


def limit_for(path: tuple[str, ...], media: str) -> int:
    """How many bytes a request to this place may send."""
    if path[:1] != ("Binary",):
        return JSON_LIMIT
    return BINARY_LIMIT * 4 // 3 + 4096 if media in FHIR_TYPES else BINARY_LIMIT


def understood(method: str, path: tuple[str, ...], media: str, whole_type: str, body: bytes) -> object:
    """The content of a POST, PUT or PATCH: JSON read, or an `Upload`.

    Args:
        method: the HTTP method.
        path: segments below the base.
        media: the content type without parameters, in lower case.
        whole_type: the content type as sent.
        body: the bytes.

    Raises:
        Refusal: 415 for a media type that does not belong here, 400 for JSON that cannot be read.
    """
    if method == "PATCH":
        if media != PATCH_TYPE:
            raise refuse(415, "not-supported", f"a patch is {PATCH_TYPE}, not {media or 'without a type'}")
        return parse(body)
    if path[:1] == ("Binary",) and media not in FHIR_TYPES:
        if not media:
            raise refuse(415, "not-supported", "a Binary needs a Content-Type")
        return Upload(whole_type, body)
    if media not in FHIR_TYPES:
        raise refuse(415, "not-supported", f"send {FHIR_TYPES[0]}, not {media or 'a body without a type'}")
    return parse(body)


def parse(body: bytes) -> object:
    """JSON, strictly: UTF-8, no name twice, no numbers outside JSON, no half surrogates.

    Raises:
        Refusal: 400, saying what is wrong.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        too_deep = _depth(value) > DEEPEST
    except UnicodeEncodeError as error:
        raise refuse(400, "structure", "the JSON has half of a surrogate pair in it") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise refuse(400, "structure", f"this is not JSON: {error}") from error
    except RecursionError:
        too_deep = True
    if too_deep:
        raise refuse(400, "structure", f"the JSON is deeper than {DEEPEST} levels")
    return value


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(one) for one in inner if isinstance(one, dict | list)), default=0)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is there twice")
    return made


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return number
