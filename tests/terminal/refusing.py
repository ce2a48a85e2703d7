"""A door in front of a portal that refuses whatever is written to patients, in words of the test's choice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

HOP_BY_HOP: Final = ("connection", "transfer-encoding", "content-length", "keep-alive")


@contextmanager
def refusing(base: str, words: list[str]) -> Iterator[str]:
    """Serves in front of a portal: everything passes but new messages.

    Args:
        base: The portal's FHIR base.
        words: What the refusals say, one after the other, again and again.

    Yields:
        The base to use in its place.
    """
    said, portal = cycle(words), urlsplit(base)

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.command == "POST" and self.path.partition("?")[0].endswith("/Communication"):
                detail = {"severity": "error", "code": "processing", "details": {"text": next(said)}}
                outcome = {"resourceType": "OperationOutcome", "issue": [detail]}
                self._answer(422, json.dumps(outcome).encode(), [("Content-Type", "application/fhir+json")])
                return
            with closing(HTTPConnection(portal.hostname or "", portal.port or 80, timeout=30)) as inner:
                inner.request(self.command, self.path, body or None, dict(self.headers.items()))
                answer = inner.getresponse()
                kept = [each for each in answer.getheaders() if each[0].lower() not in HOP_BY_HOP]
                given = answer.read()
            self._answer(answer.status, given, kept)

        def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # the program that asked may have been ended meanwhile
                self.end_headers()
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = _pass  # noqa: N815 - the names the server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{portal.path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
