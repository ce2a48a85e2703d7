"""Puts store, portals, session and screen together: the one place that knows them all."""

from __future__ import annotations

import gc
import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import uuid4

from workbench import paths
from workbench.config import PortalSettings, Settings
from workbench.dialogue.deadline import due_of
from workbench.dialogue.people import Me, Role
from workbench.dialogue.site import PLAIN, Site
from workbench.failure import Exit, Failure
from workbench.flagger import Flagger
from workbench.language import _
from workbench.local_zone import LocalZone
from workbench.refused import refused

if TYPE_CHECKING:
    from client.portal import Portal
    from workbench.session import Session
    from workbench.store.generation import Witness
    from workbench.store.store import Store


WORK: Final = "work.db"
"""The file that is never replaced; its place says whether there is a store."""
HERE: Final = ("127.0.0.1", "::1", "localhost")
"""This machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store lies, and what opens it."""

    folder: Path
    key: Callable[[Path], bytes]
    """Given the folder, the key; may raise a `StoreError`."""
    forget: Callable[[Path], None]
    """Given the folder, removes the key from where it is kept."""
    witness: Callable[[Path], Witness] | None = None
    """Given the folder, who remembers how old the store in it is; nobody when it lives for one run."""
    accept_older: bool = False
    """The user has said that an older store than the one last used, or none, is to be used."""
    accept_with: str = "workbench doctor --accept-older"
    """The command that says so."""
    views: Path | None = None
    """Folder of the user's own saved views; beside the store when that is None."""
    keeps: bool = True
    """What is in it is there the next time; else the user is asked before something unsent is lost with it."""


def universal() -> datetime:
    """The time now for what is kept: what is added to it is time that passes, also on the night clocks are set."""
    return now().astimezone(UTC)


def now() -> datetime:
    """The time now, in the user's own zone, which tells of other days by their own hour."""
    return datetime.now(LocalZone())


def place_of(settings: Settings) -> Place:
    """The store of the settings' profile, whose key lies in the keyring."""
    from workbench.store.keys import forget_key, keyring_key
    from workbench.store.witness import KeyringWitness

    return Place(
        paths.profile_folder(settings.profile), keyring_key, forget_key, KeyringWitness, views=paths.views_folder()
    )


@contextmanager
def throwaway_place() -> Iterator[Place]:
    """A store that goes away at the end, and that nobody can read should the program not reach its end."""
    from workbench.store.keys import throwaway

    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), lambda _folder: throwaway(), lambda _folder: None, keeps=False)


def there(place: Place) -> bool:
    """Whether there is a store; looking makes none.

    Raises:
        Failure: The folder cannot be looked into: it may hold what was never sent.
    """
    from workbench.store.errors import Full

    file = place.folder / WORK
    try:
        return file.exists()
    except OSError as error:
        raise refused(Full("it cannot be looked at", file), place.folder) from error


@contextmanager
def opened(place: Place, prepare: Callable[[], None] = lambda: None, site: Site = PLAIN) -> Iterator[Store]:
    """The store, closed at the end.

    Args:
        place: Where it is.
        prepare: Done while the keyring is asked for the key, which takes a while.
        site: What the site decides about what its patients write.

    Raises:
        Failure: It cannot be opened, and nothing of it was changed; or it failed while it was used.
    """
    from workbench.store.store import Store

    with _in_words(place):
        witness = None if place.witness is None else place.witness(place.folder)
        with ThreadPoolExecutor(1) as aside:
            asked = aside.submit(_ask, place, witness)
            prepare()
            key = asked.result()
        store = Store.open(
            place.folder,
            key,
            clock=universal,
            uuid=uuid4,
            witness=witness,
            accept_older=place.accept_older,
            site=site,
            ticks=monotonic,
        )
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _in_words(place: Place) -> Iterator[None]:
    """What goes wrong with the store, in the sentence that a person gets of it."""
    from workbench.store.errors import StoreError

    try:
        yield
    except StoreError as error:
        raise refused(error, place.folder, place.accept_with) from error


def _ask(place: Place, witness: Witness | None) -> bytes:
    """The key; the witness is asked as well, as both may lie in a keyring that is slow."""
    from workbench.store.errors import StoreError

    key = place.key(place.folder)
    if witness is not None:
        with suppress(StoreError):  # the store opens without it, and the doctor says so
            witness.remembered()
    return key


def site_of(settings: Settings) -> Site:
    """What a site decides about what its patients write, as it is configured."""
    rules = settings.deadlines
    office = rules.office
    days = (office.week, sorted(office.closed), sorted(office.closed_yearly), office.zone)
    told = (rules.default, sorted(rules.by_category.items()), days)
    flagger = Flagger(Path(settings.red_flags) if settings.red_flags else None)
    if settings.red_flags:
        flagger.load()  # a file that is not right is told at once, not when the first message comes
    return Site(
        hashlib.sha256(repr((told, flagger.name)).encode()).hexdigest(),
        flag_of=flagger.flag_of,
        places_of=flagger.places_of,
        rule_name=flagger.rule_name,
        due_of=lambda received, code: due_of(received, code, rules),
    )


def session_on(store: Store, settings: Settings, views: Path | None = None) -> Session:
    """A session that has not started.

    Args:
        store: Open.
        settings: The portals and how the site works.
        views: Folder of the user's own saved views; beside the store when that is None.

    Raises:
        Failure: A portal has moved while the workbench is open on the store.
    """
    from workbench.courtesy import Courtesy
    from workbench.session import Session
    from workbench.views import Views

    _lie_at(store, {portal.name: _address(portal.base) for portal in settings.portals})
    courtesy = Courtesy()
    return Session(
        store,
        lambda: [portal_at(portal, courtesy.give_way) for portal in settings.portals],
        {portal.name: _acting(portal) for portal in settings.portals},
        clock=now,
        poll=settings.poll_seconds,
        courtesy=courtesy,
        views=Views(views or store.folder / "views", Path(settings.views) if settings.views else None),
        deadlines=settings.deadlines,
        receipts=settings.receipt,
    )


def _lie_at(store: Store, bases: Mapping[str, str]) -> None:
    """Tells a store where its portals lie, and has it forget what is held of others: nobody fetches that any more.

    Not while a window is open that may still speak to them: what is written there would leave for another place.
    """
    from workbench.store.errors import StoreError

    if store.moved(bases):
        with _alone(store) as alone:
            if not alone:
                raise Failure(_("The workbench is open on this store: close it first."), Exit.STORE)
            store.lie_at(bases)
    else:
        store.lie_at(bases)
    if others := store.cache.addresses.others(bases):
        with suppress(StoreError), _alone(store) as alone:  # a full disk must not keep the rest from being read
            if alone:
                store.cache.addresses.forget(others)


@contextmanager
def _alone(store: Store) -> Iterator[bool]:
    """Whether no other process sends from a store, which stays so until the end."""
    from workbench.desk.sender import Sender

    sender, owner = Sender(store.folder, store.outbox), str(uuid4())
    alone = sender.acquire(owner)
    try:
        yield alone
    finally:
        if alone:
            sender.release(owner)


def _address(base: str) -> str:
    """Where a portal lies; one on this machine wherever it listens, as a demo does at another port each time."""
    host = urlsplit(base).hostname or ""
    return base if host not in HERE else f"{host}{urlsplit(base).path}"


def portal_at(settings: PortalSettings, give_way: Callable[[], None] = lambda: None) -> Portal:
    """One portal, not connected yet; loads the HTTP client.

    Args:
        settings: Where it is, and its habits.
        give_way: Called where work that hurries more may go first.
    """
    # The client library has a command line of its own, and would load all that this prints with: 3 MB, 50 ms.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    from client.http import Http
    from client.origin import Base
    from client.portal import Portal

    return Portal(settings.name, Http(Base(settings.base)), settings.conventions, give_way=give_way)


def show(place: Place, settings: Settings) -> int:
    """Opens the workbench on the screen; returns when it is left.

    Returns:
        The exit code.

    Raises:
        Failure: The store cannot be opened.
    """
    gc.disable()  # what is being loaded stays: until the list stands, looking for garbage finds none
    with opened(place, _load_screens, site_of(settings)) as store:
        from workbench.app import WorkbenchApp

        look = {"look": settings.theme} if settings.theme else {}
        app = WorkbenchApp(session_on(store, settings, place.views), keys=settings.keys, keeps=place.keeps, **look)
        app.run()
        return app.return_code or Exit.WELL


def _load_screens() -> None:
    import workbench.app  # noqa: F401 - what follows finds it loaded


def _acting(portal: PortalSettings) -> Me:
    """Who acts, as far as the configuration knows; the portal tells name and role, the least is taken until then."""
    return Me(portal.name, portal.as_, "", Role.SUPPORT)
