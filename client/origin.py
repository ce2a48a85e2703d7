"""The one origin we speak to: every address is checked against it before anything is sent."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urljoin

import httpx

from client.errors import Foreign, Tls

WEB: Final = {"ws": "http", "wss": "https"}
"""What a WebSocket's scheme is on the web."""


PORTS: Final = {"http": ":80", "https": ":443"}
"""The port that an address means where it names none; some portals behind a proxy write it all the same."""


class Base:
    """A portal's FHIR base address."""

    def __init__(self, address: str, *, allow_plain: bool = False) -> None:
        """Check the address a user or a configuration gave.

        Args:
            address: Such as `https://portal.example/fhir`.
            allow_plain: Accept http to another machine than this one.

        Raises:
            Foreign: It is no http(s) address, or names a user, a query or a fragment.
            Tls: It is plain http to another machine.
        """
        url = _parsed(address.strip())
        if url.scheme not in ("http", "https") or not url.host:
            raise Foreign("The portal's address must begin with https:// (or http:// on this machine).")
        if url.userinfo or url.query or url.fragment:
            raise Foreign("The portal's address must hold no user name, '?' or '#'.")
        if url.scheme == "http" and not allow_plain and not _loopback(url.host):
            raise Tls("Plain http is only for a portal on this machine; use https.")
        self.url = str(url).rstrip("/")
        """Without a slash at its end."""
        self._origin = (url.scheme, url.host, url.port)

    def under(self, path: str) -> str:
        """Address of `Type`, `Type/id` or the like; empty for the base itself."""
        return f"{self.url}/{path}" if path else self.url

    def resolve(self, link: str) -> str:
        """Address a link of the portal means.

        Who stands behind a proxy that ends TLS may not know of it and write `http`: it is asked by https all the same.

        Args:
            link: Absolute, or relative to the base.

        Raises:
            Foreign: It leads to another scheme, host or port, names a user, or is no address.
        """
        if not link or any(ord(char) < 33 or char == "\\" for char in link):
            raise Foreign("The portal gave a link that is no address.")
        try:
            url = _parsed(urljoin(self.url + "/", link))
        except ValueError:
            raise Foreign("The portal gave a link that is no address.") from None
        if (url.scheme, self._origin[0]) == ("http", "https"):
            url = url.copy_with(scheme="https")
        if (url.scheme, url.host, url.port) != self._origin or url.userinfo:
            raise Foreign("The portal gave a link that leads to another address.")
        return str(url.copy_with(fragment=None))

    def websocket(self, link: str) -> str:
        """Address of a WebSocket of the portal, safe (wss) as the portal itself is.

        Args:
            link: Absolute, as the portal gave it.

        Raises:
            Foreign: It leads elsewhere.
        """
        own = self._origin[0]
        scheme = "wss" if own == "https" else "ws"
        told, absolute, rest = link.partition("://")
        if told not in WEB or not absolute:
            raise Foreign("The portal gave an address for live updates that is none.")
        return scheme + self.resolve(f"{WEB[told]}://{rest}").removeprefix(own)

    def relative(self, reference: str) -> str:
        """A reference without the base in front, when it is the portal's own; else as it was.

        Portals behind a proxy that ends TLS write `http` where they are asked by `https`, and some write a path.
        """
        own = self.url.partition("://")[2] + "/"
        scheme, absolute, rest = reference.partition("://")
        if absolute:
            place, _, path = rest.partition("/")
            rest = f"{place.lower().removesuffix(PORTS.get(scheme, ''))}/{path}"
            return rest.removeprefix(own) if scheme in PORTS and rest.startswith(own) else reference
        path = "/" + own.partition("/")[2]
        return reference.removeprefix(path if reference.startswith(path) else "/")


def _parsed(address: str) -> httpx.URL:
    try:
        return httpx.URL(address)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise Foreign("This is no address a portal can have.") from None


def _loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
