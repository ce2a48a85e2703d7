"""The word each call must give under each fault: one for a kind, and what differs with its reason."""

from __future__ import annotations

from typing import Final

from tests.faults.matrix import NOT_MET, WELL
from tests.faults.verbs import DEEDS

WORDS: Final = {
    "unreachable": "reset lost-reply cut-head",
    "deadline": "hang hang-done delay drip",
    "incomplete": "cut cut-open",
    "not-fhir": "not-http wrong-type html not-json double-keys deep wrong-resource empty 204 206 bad-gzip odd-packing "
    "huge-header many-headers twice-typed 301 302 307 308 looping",
    "too-large": "huge bomb 413",
    "foreign-address": "foreign-next",
    "refused": "400 422",
    "unauthorised": "401",
    "forbidden": "403",
    "not-found": "404",
    "conflict": "409 412",
    "gone": "410",
    "throttled": "429",
    "server-fault": "500 502 503 504 500-done 502-done 503-done 504-done",
    WELL: "duplicate wrong-id skew truncated shifting reused-search stubborn-search rollback",
}
OF: Final = {kind: word for word, kinds in WORDS.items() for kind in kinds.split()}
LISTS: Final = ("wrong-id", "looping", "foreign-next", "truncated", "shifting", "reused-search", "stubborn-search")
"""Kinds that only reads can meet, and `rollback`."""
BY_ONE: Final = ("offered", "download", "listen")
"""Calls without a search."""
CREATES: Final = ("send_message", "send_note", "ensure_task", "tell_presence", "leave")
SEARCHES: Final = "changes changes-next practitioners find documents appointments versions"

EXCEPT: Final = {
    # What is told of an identity that was not asked for, where one was.
    **{("wrong-id", call): "not-fhir" for call in ("thread", "staff_member")},
    # A file may be of any type, so that only comparing it with what was said of it tells (`client.record.verify`).
    ("wrong-type", "download"): WELL,
    **{(kind, "download"): "incomplete" for kind in ("wrong-resource", "html", "empty", "204")},
    # Where the file was put is told in a header.
    **{(kind, "upload"): WELL for kind in ("wrong-type", "wrong-resource")},
    # An answer that does not hold what was made is settled by reading it back.
    **{(kind, call): WELL for kind in ("wrong-resource", "empty", "204") for call in CREATES},
    **{(kind, call): WELL for kind in ("wrong-resource", "empty", "204") for call in ("change_task", "answer_task")},
    # Pull notices circles itself, over all pages of a stream.
    **{("looping", call): WELL for call in ("changes", "changes-next", "versions", *BY_ONE)},
    **{("foreign-next", call): WELL for call in BY_ONE},
    # The second of two equal changes finds the first: the Task is read again, and is as it was to be.
    ("duplicate", "change_task"): "conflict",
    ("duplicate", "leave"): "conflict",
    # More than one carries an identifier that is meant to be unique.
    **{("412", call): "several-matches" for call in CREATES},
    # A type or search that the portal does not offer.
    **{(status, "directory"): WELL for status in ("400", "403", "404")},
    **{(status, "task_of"): "refused" for status in ("400", "403", "404")},
    ("404", "staff_member"): "refused",
    **{("404", call): "not-fhir" for call in SEARCHES.split()},
    # Live updates that cannot be had are not offered: it is asked again and again instead.
    **{
        (kind, "listen"): "refused"
        for word in ("not-fhir", "forbidden", "not-found", "gone")
        for kind in WORDS[word].split()
        if kind not in LISTS
    },
    # Whether sending again is safe at once: no is always an answer.
    **{(kind, "heeds_identifiers"): WELL for kind in OF},
    # A type that is not served gives nobody of its own, nor does one that refuses each that is asked for.
    **{(status, "fetch"): WELL for status in ("400", "404", "422")},
}


LOOKS: Final = ("deletions", "read")
"""Calls that look for what has gone: a portal that does not let them has not said that anything has."""
WITHHELD: Final = ("not-fhir", "refused", "forbidden", "too-large", "not-found")
OF_LOOKS: Final = {
    **{(kind, "deletions"): WELL for kind in ("410", "foreign-next")},  # not offered; and it asked for no list
    ("foreign-next", "read"): WELL,
    **{(status, "read"): "gone" for status in ("404", "410")},
}


AS: Final = {
    "send_receipt": "send_message",
    **{deed.name: "change_task" for deed in DEEDS},
}
"""Calls that are another one with other words."""


def own_word(kind: str, call: str) -> bool:
    """Whether a call has a word of its own for a kind, where most share one."""
    return (kind, call) in EXCEPT or (kind, call) in OF_LOOKS


def word(kind: str, call: str, *, writes: bool) -> str:
    """The word of a cell."""
    call = AS.get(call, call)
    if writes and kind in (*LISTS, "rollback"):
        return NOT_MET
    if call in LOOKS:
        return OF_LOOKS.get((kind, call), WELL if OF[kind] in WITHHELD else OF[kind])
    return EXCEPT.get((kind, call), OF[kind])
