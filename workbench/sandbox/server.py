"""The portal over HTTP: a Starlette application around the interactions.

    app = create_app(Store(None, clock, seed))

It knows no sign-in and no TLS, and is meant for this machine only.
"""

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from workbench.sandbox.body import FHIR_TYPES, FORM_TYPE, limit_for, read_all, understood
from workbench.sandbox.exchange import Answer, Call
from workbench.sandbox.outcome import Refusal, refuse
from workbench.sandbox.portal import answer, refused
from workbench.sandbox.store import Store
from workbench.sandbox.subscriptions import PLACE, Subscriptions

BASE = "/fhir"
"""Where the FHIR base is."""

Around = Callable[[ASGIApp], ASGIApp]
"""Something around the portal: takes an application and gives one. A fault switchboard goes here."""
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

_HEADERS = ("if-match", "if-none-match", "if-none-exist", "prefer", "accept", "x-security-context")
_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)
_log = logging.getLogger(__name__)


def create_app(
    store: Store,
    *,
    around: Sequence[Around] = (),
    lifespan: Lifespan | None = None,
    subscriptions: Subscriptions | None = None,
) -> ASGIApp:
    """The portal as an ASGI application.

    Args:
        store: what it serves; the caller closes it.
        around: wrapped around the portal, the first one outermost.
        lifespan: runs while the application does.
        subscriptions: live updates; None for a portal that offers none.
    """
    app: ASGIApp = _Portal(store, subscriptions)
    for wrap in reversed(around):
        app = wrap(app)
    outer = Starlette(lifespan=lifespan)
    outer.mount("/", app)
    return outer


class _Portal:
    """Everything at and below the base, and a refusal for the rest."""

    def __init__(self, store: Store, subscriptions: Subscriptions | None) -> None:
        self._store = store
        self._subscriptions = subscriptions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if self._subscriptions is not None and scope["path"] == f"{BASE}/{PLACE}":
                await self._subscriptions.serve(scope, receive, send)
            else:
                await send({"type": "websocket.close"})  # before it is accepted: 403
            return
        request = Request(scope, receive)
        try:
            told = await self._told(request)
        except Refusal as refusal:
            told = refused(refusal)
        except ClientDisconnect:
            return
        except Exception:  # noqa: BLE001 - whatever it is, the client gets an OperationOutcome
            _log.exception("the portal failed at %s %s", request.method, request.url.path)
            told = refused(refuse(500, "exception", "the portal failed; its log says why"))
        await _response(told, self._store)(scope, receive, send)

    async def _told(self, request: Request) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        path, base = _place(request)
        _check_accept(request, path)
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        pairs, content = tuple(request.query_params.multi_items()), None
        if method in ("POST", "PUT", "PATCH"):
            body = await read_all(request.stream(), limit_for(path, media))
            if path[1:] == ("_search",):
                pairs += _form(media, body)
            else:
                whole_type = request.headers.get("content-type", "")
                content = await run_in_threadpool(understood, method, path, media, whole_type, body)
        headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
        call = Call(method, path, base, pairs, headers, content)
        return await run_in_threadpool(answer, self._store, call, self._subscriptions)


def _place(request: Request) -> tuple[tuple[str, ...], str]:
    """The path below the base, and the base as the client addressed it."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise refuse(400, "invalid", "the Host header cannot be read")
    raw = (request.scope.get("raw_path") or request.url.path.encode()).decode("ascii", "replace").partition("?")[0]
    if raw != BASE and not raw.startswith(f"{BASE}/"):
        raise refuse(404, "not-found", f"the FHIR base is {BASE}")
    below = raw[len(BASE) :].strip("/")
    return tuple(unquote(part) for part in below.split("/")) if below else (), f"{request.url.scheme}://{host}{BASE}"


def _check_accept(request: Request, path: tuple[str, ...]) -> None:
    """Refuse an answer in a format that there is none in.

    Raises:
        Refusal: 406.
    """
    wanted = request.query_params.get("_format")
    if wanted is not None:
        # A plus in an address is a space, and clients often forget to encode it.
        if wanted.partition(";")[0].strip().replace(" ", "+") not in ("json", "text/json", *FHIR_TYPES):
            raise refuse(406, "not-supported", f"_format={wanted!r} is not available; application/fhir+json is")
        return
    if path[:1] == ("Binary",) and len(path) > 1:
        return
    accepted = [one.partition(";")[0].strip().lower() for one in request.headers.get("accept", "*/*").split(",")]
    if not set(accepted) & {"*/*", "application/*", "", *FHIR_TYPES}:
        raise refuse(406, "not-supported", "only application/fhir+json is available")


def _form(media: str, body: bytes) -> tuple[tuple[str, str], ...]:
    if media != FORM_TYPE and body:
        raise refuse(415, "not-supported", f"_search takes {FORM_TYPE}, not {media or 'a body without a type'}")
    try:
        return tuple(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise refuse(400, "invalid", f"the form cannot be read: {error}") from error


def _response(told: Answer, store: Store) -> Response:
    headers = {
        "Date": format_datetime(store.now(), usegmt=True),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **told.headers,
    }
    return Response(told.body, told.status, headers, media_type=told.media if told.body else None)
