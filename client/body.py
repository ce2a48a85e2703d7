"""Reads the body of an answer: bounded after unpacking, and known to be whole."""

import zlib
from collections.abc import AsyncIterator

import httpx

from client.errors import Incomplete, NotFhir, TooLarge

ACCEPTED = "gzip, identity"
HEADER_BYTES = 32 * 1024
HEADER_COUNT = 100
_ONCE = ("content-type", "content-encoding", "content-length", "etag", "location")
"""Headers that mean nothing when given twice."""


def check_headers(headers: httpx.Headers) -> None:
    """Refuse headers that are too many, too large, or ambiguous.

    Raises:
        NotFhir: They are.
    """
    raw = headers.raw
    if len(raw) > HEADER_COUNT or sum(len(name) + len(value) for name, value in raw) > HEADER_BYTES:
        raise NotFhir("The answer has too many headers.")
    for name in _ONCE:
        if len(headers.get_list(name)) > 1:
            raise NotFhir(f"The answer has the header {name} more than once.")


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """Read and unpack a streamed answer.

    Args:
        response: Not yet read.
        limit: Bytes accepted, after unpacking.

    Raises:
        TooLarge: There are more.
        Incomplete: The packed body stops before its end.
        NotFhir: It is packed in a way we did not ask for, or is not what its packing says.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise NotFhir("The answer is packed in a way that was not asked for.")
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"The answer is larger than {limit} bytes.")
    chunks = response.aiter_raw(64 * 1024)
    if packing == "gzip":
        chunks = _unpacked(chunks, limit)
    out = bytearray()
    async for chunk in chunks:
        out += chunk
        if len(out) > limit:
            raise TooLarge(f"The answer is larger than {limit} bytes.")
    return bytes(out)


async def _unpacked(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """Unpack one gzip member without ever holding more than the limit."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    any_bytes = False
    try:
        async for chunk in chunks:
            any_bytes = True
            yield unpacker.decompress(chunk, limit + 1)
            if unpacker.unconsumed_tail:
                raise TooLarge(f"The answer is larger than {limit} bytes.")
            if unpacker.unused_data:
                raise NotFhir("Something stands behind the end of the packed answer.")
    except zlib.error:
        raise NotFhir("The answer is not packed as it says.") from None
    if any_bytes and not unpacker.eof:
        raise Incomplete("The answer stopped before its end.")
