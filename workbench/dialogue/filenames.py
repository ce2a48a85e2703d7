"""Names for files that come from outside: ours in form, theirs in meaning."""

from __future__ import annotations

import re
import unicodedata

from workbench.dialogue.contents import OCTETS, extension, extension_of, named_type

LONGEST = 120
"""Characters."""
LONGEST_BYTES = 200
"""UTF-8 bytes; file systems allow 255, and a number may still be put in."""
UNSAFE = re.compile(r"[/\\:*?\"<>|]")
"""Separators of paths on any system, and what Windows refuses in a name."""
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Devices that Windows finds under these names in every folder, whatever their ending."""
RUNNABLE = frozenset(
    {".app", ".bat", ".cmd", ".com", ".cpl", ".desktop", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".msp"}
    | {".pif", ".ps1", ".py", ".reg", ".scr", ".sh", ".url", ".vb", ".vbe", ".vbs", ".wsf", ".wsh"}
)
"""Endings that a desktop may run when they are opened."""


def safe_name(title: str, content_type: str, fallback: str) -> str:
    """A file name that cannot leave its folder, hide, command a shell or lie about what it is.

    Args:
        title: What the sender called it; text from outside.
        content_type: What it is, by its content where that tells; empty when unknown.
        fallback: The stem to use when nothing is left of the title.

    Returns:
        At most 120 characters and 200 bytes, with the ending that belongs to the content.
    """
    name = unicodedata.normalize("NFC", title)
    name = "".join(char for char in name if unicodedata.category(char) not in HIDDEN or char in " ")
    name = " ".join(UNSAFE.sub("-", name).split())
    name = name.lstrip(".-~ ").rstrip(". ")
    if not name:
        name = fallback
    if RESERVED.fullmatch(name.partition(".")[0].strip()):
        name = f"_{name}"
    return _with_ending(name, content_type)


HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that command, reorder or do not show."""


def numbered(name: str, number: int) -> str:
    """The name with a number before its ending, for a folder that has the name already."""
    ending = extension(name)
    return f"{name[: len(name) - len(ending)]} ({number}){ending}"


def _with_ending(name: str, content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    ending, real = extension(name), extension_of(kind)
    if kind in ("", OCTETS) or not real:
        added = ".bin" if ending in RUNNABLE else ""
    else:
        fits = ending == real or named_type(name) == kind
        added = "" if fits and ending not in RUNNABLE else real
    kept = added or ending
    return _cut(name if added else name[: len(name) - len(ending)], kept) + kept


def _cut(stem: str, ending: str) -> str:
    stem = stem[: LONGEST - len(ending)]
    while len((stem + ending).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") or "_"
