"""What a fault kind is, and every kind there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.sandbox.faults import bodies, lists, transit
from workbench.sandbox.faults.spoiling import Spoil, number, refusal

ELSEWHERE: Final = "http://elsewhere.invalid/fhir"
"""Where a portal that points away points to, when nobody says; a name that is reserved for not existing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a portal, or the way to it, can fail."""

    name: str
    words: str
    """What happens, for a tester; begins in lower case."""
    spoil: Spoil
    times: int = 1
    """How often the request is carried out."""
    argument: str = ""
    """What the argument is; empty when the kind takes none."""
    default: str = ""
    """The argument when none is given."""
    samples: tuple[str, ...] = ()
    """Other arguments that are worth a try."""
    meets: str = ""
    """The calls it can meet at all, as a pattern; empty for every call."""
    remembers: bool = False
    """It answers from what was told before, and so has to see every answer."""
    check: Callable[[str], object] = str
    """Raises ValueError on an argument that means nothing."""


def _status(status: int, words: str, *, retry: tuple[str, ...] = (), argument: str = "") -> Kind:
    return Kind(str(status), words, refusal(status), 0, argument, samples=retry)


_RETRY = "seconds or a date to put in Retry-After, whatever it is; none without"
_CUT = "bytes of the body that arrive"
_CUT_HEAD = "bytes of the head that arrive"
_AWAY = "address it points to"
_KINDS = (
    Kind("reset", "the connection is closed at once; nothing is done", transit.nothing, 0),
    Kind("lost-reply", "it is done, and the connection is closed without a byte of answer", transit.nothing),
    Kind("hang", "nothing is done and no answer comes; the connection stays", transit.never, 0),
    Kind("hang-done", "it is done and no answer comes; the connection stays", transit.never),
    Kind("delay", "the answer comes late", transit.late, argument="seconds", default="5", check=number),
    Kind("drip", "the body comes a byte at a time", transit.drip, argument="seconds a byte", default="1", check=number),
    Kind("cut", "the answer stops before the length it told", transit.cut, argument=_CUT, default="40", check=int),
    Kind("cut-open", "the answer stops and told no length", transit.cut_open, argument=_CUT, default="40", check=int),
    Kind("cut-head", "the answer stops in its headers", transit.cut_head, argument=_CUT_HEAD, default="30", check=int),
    Kind("not-http", "it is done, and what comes back is not HTTP", transit.not_http),
    Kind("duplicate", "it is done twice; the second answer comes", transit.as_it_is, 2),
    Kind(
        "wrong-type",
        "the answer says it is of another type",
        bodies.typed,
        argument="content type",
        default="text/plain",
        samples=("text/html", "application/fhir+xml"),
    ),
    Kind("html", "200 and a web page to sign in on, as in a hotel; nothing is done", bodies.web_page, 0),
    Kind("not-json", "200 and half a JSON", bodies.half_json),
    Kind("double-keys", "JSON with two equal keys in one object", bodies.double_keys),
    Kind("deep", "JSON nested far too deep", bodies.deep),
    Kind("wrong-resource", "another type of resource than was asked for", bodies.other_resource),
    Kind("wrong-id", "the resource that is told has another id", bodies.other_id, meets="read"),
    Kind("empty", "it is done, and 200 comes without a body", bodies.emptied(200)),
    Kind("204", "it is done, and 204 comes without a body", bodies.emptied(204)),
    Kind("206", "it is done, and 206 comes with half a body", bodies.partial),
    Kind("huge", "the body is filled up with blanks", bodies.huge, argument="megabytes", default="64", check=int),
    Kind("bomb", "packed small, unpacked large", bodies.bomb, argument="megabytes", default="64", check=int),
    Kind("bad-gzip", "says that it is packed and is not", bodies.not_packed),
    Kind("odd-packing", "packed in a way nobody asked for", bodies.oddly_packed),
    Kind("huge-header", "a header of 64 kB", bodies.huge_header),
    Kind("many-headers", "ten thousand headers", bodies.many_headers),
    Kind("twice-typed", "two content types at once", bodies.twice_typed),
    Kind("skew", "its clock is wrong", bodies.skewed, argument="seconds ahead", default="90000", check=number),
    Kind("truncated", "more is said to be there, and no page follows", lists.truncated, meets="search"),
    Kind("looping", "the next page is this page", lists.looping, meets="search"),
    Kind("foreign-next", "the next page lies elsewhere", lists.foreign, 1, _AWAY, ELSEWHERE, meets="search"),
    Kind("shifting", "rows moved: a page skips one and says one twice", lists.shifting, meets="next-page"),
    Kind(
        "reused-search",
        "a search is answered as it was before, unless no-cache is asked for (HAPI: 60 s)",
        lists.reused,
        argument="seconds",
        default="60",
        meets="search",
        remembers=True,
        check=number,
    ),
    Kind(
        "stubborn-search",
        "the same, whatever is asked for",
        lists.stubborn,
        argument="seconds",
        default="60",
        meets="search",
        remembers=True,
        check=number,
    ),
    Kind("rollback", "an older version is told than before", lists.rolled_back, meets="reads", remembers=True),
    *(
        Kind(str(status), f"{status} to another address; nothing is done", refusal(status), 0, _AWAY, ELSEWHERE)
        for status in (301, 302, 307, 308)
    ),
    _status(400, "400: it cannot be understood"),
    _status(401, "401: nobody is signed in any more"),
    _status(403, "403: this is not allowed"),
    _status(404, "404: there is no such thing"),
    _status(409, "409: somebody else changed it"),
    _status(410, "410: it was deleted"),
    _status(412, "412: it is of another version, or there is more than one"),
    _status(413, "413: what was sent is too large"),
    _status(422, "422: a rule says no"),
    _status(
        429,
        "429: too many requests",
        retry=("1", "99999999", "-1", "soon", "Fri, 31 Dec 2038 23:59:59 GMT"),
        argument=_RETRY,
    ),
    _status(500, "500: it failed; nothing is done"),
    _status(502, "502 from a gateway; nothing is done"),
    _status(503, "503: not now; nothing is done", retry=("1",), argument=_RETRY),
    _status(504, "504: the gateway waited in vain; nothing is done"),
    *(
        Kind(f"{status}-done", f"{status}, and it is done all the same", refusal(status))
        for status in (500, 502, 503, 504)
    ),
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _KINDS}
"""Every kind by its name."""


def told_of_all() -> str:
    """All kinds in words, one a line."""
    lines = []
    for kind in _KINDS:
        argument = f"[:{kind.default or 'ARG'}]" if kind.argument else ""
        about = f" ({kind.argument})" if kind.argument else ""
        lines.append(f"  {kind.name + argument:<46} {kind.words}{about}")
    return "\n".join(lines)


def table() -> str:
    """All kinds as a table for a document."""
    lines = ["| kind | what happens |", "| --- | --- |"]
    for kind in _KINDS:
        argument = f" `:{kind.argument}`" if kind.argument else ""
        lines.append(f"| `{kind.name}`{argument} | {kind.words} |")
    return "\n".join(lines) + "\n"
