"""A connection that is not safe is not made."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest
from starlette.websockets import WebSocket

from client import errors
from client.http import Call, Http, trust
from client.origin import Base
from client.portal import Portal
from tests.client.teller import Teller, confirmed, telling
from tests.client.tiny import PATIENT, answer, connected, tiny

READ = Call("GET", "Patient/1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody has signed but itself, and its key."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(cert), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def serving(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


async def test_an_unknown_certificate_is_a_hard_stop(certificate: tuple[Path, Path]) -> None:
    async with tiny(answer(PATIENT), tls=serving(certificate)) as server, connected(server) as http:
        with pytest.raises(errors.Tls) as caught:
            await http.send(READ)
    assert server.requests == []
    assert not caught.value.may_have_happened


async def test_a_certificate_one_was_told_to_trust_is_good_for_its_own_host_only(
    certificate: tuple[Path, Path],
) -> None:
    own = trust()
    own.load_verify_locations(certificate[0])
    async with tiny(answer(PATIENT), tls=serving(certificate)) as server:
        async with connected(server, tls=own) as http:
            assert (await http.send(READ)).json == PATIENT
        async with Http(Base(server.address.replace("127.0.0.1", "localhost")), tls=own) as http:
            with pytest.raises(errors.Tls):
                await http.send(READ)


async def test_a_server_without_tls_behind_https_is_a_hard_stop() -> None:
    async with tiny(answer(PATIENT)) as server, Http(Base(server.address.replace("http://", "https://"))) as http:
        with pytest.raises(errors.Tls):
            await http.send(READ)


def test_old_versions_and_key_logs_are_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = trust()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert not list(tmp_path.iterdir())
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.cert_store_stats()["x509_ca"] > 10


async def test_a_line_for_live_updates_is_as_safe_as_the_portal(certificate: tuple[Path, Path]) -> None:
    own = trust()
    own.load_verify_locations(certificate[0])

    async def play(line: WebSocket) -> None:
        await confirmed(line)
        await line.close()

    with telling(Teller(play), certificate) as teller:
        plain = teller.base.replace("https://", "ws://") + "/ws"  # it is asked by wss: nothing listens without TLS
        elsewhere = plain.replace("ws://", "ws://other.")
        ends: type[errors.PortalError]
        for address, ends, count in (
            ("", errors.Unreachable, 1),
            (plain, errors.Unreachable, 1),
            (elsewhere, errors.Foreign, 0),
        ):
            teller.address = address
            heard: list[None] = []
            async with Portal("p", Http(Base(teller.base), tls=own)) as portal:
                with pytest.raises(ends):
                    await _listen(portal, heard)
            assert len(heard) == count
        assert teller.calls.count("line") == 2


async def test_a_line_to_an_unknown_certificate_is_not_opened(certificate: tuple[Path, Path]) -> None:
    own = trust()
    own.load_verify_locations(certificate[0])
    with telling(Teller(confirmed), certificate) as teller:
        async with Http(Base(teller.base), tls=own) as http:
            http.tls = trust()  # as if the certificate had been changed for another one meanwhile
            with pytest.raises(errors.Tls):
                await _listen(Portal("p", http), [])
        assert "line" not in teller.calls


async def _listen(portal: Portal, heard: list[None]) -> None:
    async for each in portal.listen():
        heard.append(each)  # noqa: PERF401 - what was heard before the line ends counts
