"""What travels with words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that travels with a message: a file, or a document of the record."""

    title: str
    """Name as the portal gave it; text from outside, never a path."""
    content_type: str = ""
    size: int | None = None
    """Bytes, when the portal told."""
    url: str = ""
    """`Binary/id` or an absolute address on the portal; empty when only inline or by reference."""
    reference: str = ""
    """`DocumentReference/id` when a document of the record is meant."""
    sha1: str = ""
    """Base64 SHA-1 that the portal gave (FHIR `Attachment.hash`), empty when none."""
