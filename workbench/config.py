"""The configuration: one TOML file, read strictly into frozen values."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast, get_args
from urllib.parse import urlsplit

from client.conventions import Conventions, Threads
from workbench import paths
from workbench.dialogue.clean import visible
from workbench.dialogue.deadline import DeadlineRules
from workbench.dialogue.receipt import ReceiptTexts
from workbench.failure import Exit, Failure
from workbench.key_config import own_keys
from workbench.language import LANGUAGES, _
from workbench.office_config import deadline_rules, default_rules, receipt_texts
from workbench.strict_toml import Table, quoted, read
from workbench.whole_file import write_whole

THEMES: Final = ("fjord", "dagslys", "kontrast")
"""Names of the looks; a test holds them to `workbench.theme`, which is too slow to load here."""
KNOWN: Final = (
    "language", "theme", "poll_seconds", "profile", "keys", "portal", "deadlines", "office", "receipt", "views",
    "red_flags",
)  # fmt: skip
"""What may stand at the top of the file."""
POLL_SECONDS: Final = 20.0
PROFILE: Final = "default"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""A name that can be a folder on every platform."""
PRACTITIONER: Final = re.compile(r"Practitioner/[A-Za-z0-9.-]{1,64}")
"""A FHIR reference to whom `as` may name; the id as FHIR R4 bounds it."""


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """One portal to connect to."""

    name: str
    """What it is called on screen and in the store."""
    base: str
    """FHIR base without a slash at its end."""
    as_: str = ""
    """`Practitioner/id` of who acts on a portal without sign-in; empty: ask on screen."""
    conventions: Conventions = field(default_factory=Conventions)
    """Code systems and codes of the portal's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is configured."""

    portals: tuple[PortalSettings, ...] = ()
    language: str = ""
    """One of `LANGUAGES`; empty: as the environment says."""
    theme: str = ""
    """Name of a theme; empty: the workbench's own choice."""
    poll_seconds: float = POLL_SECONDS
    """How long between two looks at a portal."""
    profile: str = PROFILE
    """Names the folder of the store."""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Textual keys, separated by commas, by the id of the verb they are for."""
    deadlines: DeadlineRules = field(default_factory=default_rules)
    """By when messages are answered, and when the office is open."""
    receipt: ReceiptTexts = field(default_factory=ReceiptTexts)
    """What a patient is told at once."""
    red_flags: str = ""
    """File of the site's own red-flag rules; empty for the program's alone."""
    views: str = ""
    """Folder of the saved views that everybody at the site has; empty for none."""


def load(file: Path) -> Settings:
    """The settings of a file; the defaults when there is no such file.

    Raises:
        Failure: It cannot be read, or holds something that is not allowed; names file and line.
    """
    top = read(file)
    if top is None:
        return Settings()
    top.only(*KNOWN)
    return Settings(
        portals=_portals(top),
        language=top.choice("language", LANGUAGES, ""),
        theme=top.choice("theme", THEMES, ""),
        poll_seconds=top.number("poll_seconds", 1, 3600, POLL_SECONDS),
        profile=_checked(top, "profile", profile_name) if "profile" in top.values else PROFILE,
        keys=own_keys(top.table("keys")),
        deadlines=deadline_rules(top),
        receipt=receipt_texts(top),
        views=_whole_path(top.table("views"), "shared"),
        red_flags=_whole_path(top.table("red_flags"), "file"),
    )


def _whole_path(table: Table, key: str) -> str:
    table.only(key)
    path = table.string(key)
    if path and not Path(path).is_absolute():
        raise table.refuse(key, _("“{key}” must be a whole path, from the root on.").format(key=key))
    return path


def base_of(text: str) -> str:
    """A portal's address in the form we keep: no slash at its end.

    Raises:
        ValueError: With the sentence that says what is wrong.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(_("it is not an address")) from error
    if parts.scheme not in ("http", "https") or not host or not text.isprintable() or " " in text:
        raise ValueError(_("it must look like https://portal.example/fhir"))
    if parts.username is not None or parts.password is not None or "?" in text or "#" in text:
        raise ValueError(_("it may hold no name, password, question mark or number sign"))
    if parts.scheme == "http" and not _loopback(host):
        raise ValueError(_("it must begin with https, as only this machine itself may be spoken to without"))
    return text.rstrip("/")


def practitioner_of(text: str) -> str:
    """A reference to who acts.

    Raises:
        ValueError: With the sentence that says what is wrong.
    """
    if not PRACTITIONER.fullmatch(text):
        raise ValueError(_("it must look like Practitioner/ID"))
    return text


def profile_name(text: str) -> str:
    """A name for a profile.

    Raises:
        ValueError: With the sentence that says what is wrong.
    """
    if not NAME.fullmatch(text):
        raise ValueError(_("it must be small letters, digits and hyphens, at most 40"))
    return text


def write_portal(file: Path, name: str, base: str, as_: str = "") -> None:
    """Adds a portal to the configuration, whole or not at all; makes the file when there is none.

    Raises:
        Failure: It cannot be written, or would not be valid; what was there is untouched.
    """
    try:
        before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        lines = ["[[portal]]", f"name = {quoted(name)}", f"base = {quoted(base)}"]
        lines += [f"as = {quoted(as_)}"] if as_ else []
        paths.private_folder(file.parent)
        whole = (before.rstrip() + "\n\n" if before.strip() else "") + "\n".join(lines) + "\n"
        write_whole(file, whole, check=load)
    except OSError as error:
        raise Failure(
            _("{file} cannot be written ({reason}): see who owns it, or set WORKBENCH_HOME.").format(
                file=visible(str(file), one_line=True), reason=error.strerror
            ),
            Exit.CONFIGURATION,
        ) from error


def _portals(top: Table) -> tuple[PortalSettings, ...]:
    found: list[PortalSettings] = []
    for table in top.tables("portal"):
        portal = _portal(table)
        for other in found:
            if _spoken(portal.name) == _spoken(other.name):
                raise table.refuse(
                    "name", _("two portals are called “{name}”; give each its own.").format(name=portal.name)
                )
            if _place(portal.base) == _place(other.base):
                # Every conversation would stand in the list twice, and be answered twice.
                raise table.refuse(
                    "base", _("“{name}” has this address already; name each portal once.").format(name=other.name)
                )
        found.append(portal)
    return tuple(found)


def _spoken(name: str) -> str:
    """What a name is to who reads it on the screen."""
    return " ".join(name.split()).casefold()


def _place(base: str) -> tuple[str, int | None, str]:
    """Where an address leads, however it is written."""
    parts = urlsplit(base)
    return parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme), parts.path


def _portal(table: Table) -> PortalSettings:
    table.only("name", "base", "as", "threads", "codes")
    name = table.string("name")
    if not name or len(name) > 40 or not name.isprintable():
        raise table.refuse("name", _("“name” must be what the portal is called, in at most 40 characters."))
    return PortalSettings(
        name=name,
        base=_checked(table, "base", base_of),
        as_=_checked(table, "as", practitioner_of) if "as" in table.values else "",
        conventions=_conventions(table),
    )


def _conventions(portal: Table) -> Conventions:
    ours = dataclasses.asdict(Conventions())
    threads = cast(Threads, portal.choice("threads", get_args(Threads), ours.pop("threads")))
    table = portal.table("codes")
    table.only(*ours)
    given: dict[str, Any] = {
        key: table.string(key) if isinstance(ours[key], str) else table.list_of_strings(key) for key in table.values
    }
    return Conventions(threads=threads, **given)


def _checked(table: Table, key: str, check: Callable[[str], str]) -> str:
    try:
        return check(table.string(key))
    except ValueError as error:
        raise table.refuse(key, _("“{key}” is wrong: {reason}.").format(key=key, reason=error)) from error


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
