"""Portals that are none, or want what this version cannot do: one sentence, and the exit code for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.cli.conftest import TestKeyring
from workbench.cli.main import main


@contextmanager
def answering(status: int, content_type: str, body: bytes, metadata: bytes | None = None) -> Iterator[str]:
    """A server that gives every request one answer; where `metadata` is given, another to what asks for that."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = body if metadata is None or not self.path.endswith("/metadata") else metadata
            self.send_response(status if told is body else 200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_line: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/fhir"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


OUTCOME = (
    b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login","diagnostics":"\\u001b[2J"}]}'
)
FHIR = "application/fhir+json"


@pytest.mark.parametrize(
    ("status", "content_type", "body", "code", "says"),
    [
        (401, FHIR, OUTCOME, 4, "sign in"),
        (200, "text/html", b"<html>Welcome</html>", 5, "not a FHIR portal"),
        (200, FHIR, b'{"resourceType": "Patient"', 5, "not a FHIR portal"),
        (503, FHIR, OUTCOME, 5, "inside the portal"),
    ],
    ids=["asks for sign-in", "a web page", "broken JSON", "is down"],
)
def test_what_answers_instead_of_a_portal_is_said(
    own_keyring: TestKeyring,
    capsys: pytest.CaptureFixture[str],
    status: int,
    content_type: str,
    body: bytes,
    code: int,
    says: str,
) -> None:
    with answering(status, content_type, body) as base:
        assert main(["--lang", "en", "sync", "--portal", base, "--as", "Practitioner/k"]) == code
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert "\x1b" not in printed.err


STATEMENT = b'{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server"}]}'


def test_doctor_reads_as_the_inbox_does_and_tells_of_sign_in(
    own_keyring: TestKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(401, FHIR, OUTCOME, metadata=STATEMENT) as base:
        assert main(["--lang", "en", "doctor", "--portal", base]) == 4
    told = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("✗ 127"))
    assert "sign in" in told
