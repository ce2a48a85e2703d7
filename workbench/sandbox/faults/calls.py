"""Which call a request is, and whether a pattern means it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

from workbench.sandbox.faults.exchange import Asked

METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE", "*")
FAMILIES: Final = {
    "reads": "everything that only reads",
    "writes": "everything that changes something",
    "metadata": "what the portal says it can do",
    "search": "every search, and every page of one",
    "search-TYPE": "searches for one type, such as search-Task",
    "next-page": "pages of a search after the first",
    "read": "every read of one resource",
    "read-TYPE": "reads of one type; read-thread is read-Communication",
    "history": "earlier versions",
    "download": "files fetched",
    "create": "everything that is made anew",
    "create-TYPE": "what is made of one type, such as create-Communication",
    "upload": "files sent",
    "patch-TYPE": "changes of one type, such as patch-Task",
    "batch": "several requests in one",
}
"""Names that a pattern may say, in words."""
_VERBS = ("search", "read", "create", "patch", "update", "delete")
_PAGES = re.compile(r"(^|&)(_?page|_getpages|_page_token)=")


def names_of(asked: Asked) -> tuple[str, ...]:
    """What a request may be called, the narrowest name first."""
    parts = asked.path.split("/")
    method, kind = asked.method, parts[0]
    if method in ("GET", "HEAD"):
        return (*_reading(parts, asked.query), "reads")
    if parts[-1] == "_search":
        return (f"search-{kind}", "search", "reads")
    if not kind:
        return ("batch", "writes")
    verb = {"POST": "create", "PATCH": "patch", "PUT": "update", "DELETE": "delete"}.get(method, method.lower())
    narrow = ("upload",) if (verb, kind) == ("create", "Binary") else ()
    return (*narrow, f"{verb}-{kind}", verb, "writes")


def _reading(parts: list[str], query: str) -> tuple[str, ...]:
    kind = parts[0]
    if _PAGES.search(query):
        return ("next-page", "search")
    if kind == "metadata":
        return ("metadata",)
    if "_history" in parts:
        return ("history",)
    if len(parts) == 1:
        return (f"search-{kind}", "search")
    alias = {"Communication": ("read-thread",), "Binary": ("download",)}.get(kind, ())
    return (*alias, f"read-{kind}", "read")


def check(pattern: str) -> str:
    """A pattern that can mean something.

    Raises:
        ValueError: One sentence says why it cannot.
    """
    method, slash, _path = pattern.partition("/")
    if slash:
        if method not in METHODS:
            raise ValueError(f"“{method}” is no method: one of {', '.join(METHODS)}, as in PATCH/Task")
        return pattern
    verb, dash, kind = pattern.partition("-")
    if kind == "TYPE" or not (pattern in FAMILIES or (verb in _VERBS and (not dash or kind.isalpha()))):
        raise ValueError(f"“{pattern}” is no call: such as {', '.join(FAMILIES)}, or PATCH/Task")
    return pattern


def means(pattern: str, asked: Asked) -> bool:
    """Whether a pattern means a request.

    Args:
        pattern: Empty for every request; a name of `names_of`; or a method and a path, `PATCH/Task`, which means
            what lies under the path as well and may hold `*`. A search sent as a form counts as a GET of its type.
        asked: The request.
    """
    if not pattern:
        return True
    method, slash, path = pattern.partition("/")
    if not slash:
        return pattern in names_of(asked)
    real = "GET" if asked.path.endswith("/_search") or asked.method == "HEAD" else asked.method
    place = asked.path.removesuffix("/_search")
    wanted = path.strip("/")
    return method in ("*", real) and (fnmatchcase(place, wanted) or not wanted or fnmatchcase(place, f"{wanted}/*"))
