"""How each of the other programs is set up, started and used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tests.bench.peers.mail import Box
from tests.bench.stores import HITS
from tests.bench.watched import Watched

NEOMUTT: Final = """set folder={mail}
set mbox_type=Maildir
set spoolfile=+INBOX
set header_cache={folder}/neomutt-cache
set sort=threads
set sort_aux=last-date-received
set mark_old=no
set sleep_time=0
set quit=yes
color indicator black cyan
"""
AERC: Final = """[post]
source = maildir://{mail}
default = INBOX
from = Legesenteret <post@legesenteret.example>
"""
NOTMUCH: Final = """[database]
path={folder}/notmuch
mail_root={mail}
[user]
name=Legesenteret
primary_email=post@legesenteret.example
[new]
tags=inbox;unread
[search]
exclude_tags=
[maildir]
synchronize_flags=false
"""
DATED: Final = r"\d{4}-\d\d-\d\d \d\d:\d\d [AP]M"
"""What each row of aerc's list shows."""


class Peer(Protocol):
    """A program with a screen."""

    @property
    def name(self) -> str:
        """As it is called on the command line."""

    def prepare(self, box: Box) -> None:
        """Writes its configuration."""

    def command(self, box: Box) -> Sequence[str]:
        """What starts it."""

    def env(self, box: Box) -> Mapping[str, str]:
        """What it is told on the way."""

    def ready(self, box: Box) -> str:
        """What is on the screen only when the inbox can be used."""

    def search(self, word: str) -> Sequence[str]:
        """Keys that search all bodies, the last of which starts it."""

    def found(self, program: Watched, box: Box) -> bool:
        """Whether what was found is listed, and nothing else."""

    def all_again(self) -> Sequence[str]:
        """Keys that list everything again."""

    def top(self) -> str:
        """The key for the first row."""


@dataclass(frozen=True, slots=True)
class Neomutt:
    """neomutt on a maildir, with its header cache filled."""

    name: str = "neomutt"

    def prepare(self, box: Box) -> None:
        (box.folder / "neomutt-cache").mkdir(exist_ok=True)
        (box.folder / "neomuttrc").write_text(_told(NEOMUTT, box), encoding="utf-8")

    def command(self, box: Box) -> Sequence[str]:
        return ["neomutt", "-n", "-F", f"{box.folder}/neomuttrc", "-f", f"{box.mail}/INBOX"]

    def env(self, box: Box) -> Mapping[str, str]:
        return _home(box)

    def ready(self, box: Box) -> str:
        return rf"Msgs:{box.messages}\b"

    def search(self, word: str) -> Sequence[str]:
        return ["l", *f"~b {word}", "enter"]

    def found(self, program: Watched, box: Box) -> bool:
        return f"Msgs:{HITS}/" in program.terminal.text

    def all_again(self) -> Sequence[str]:
        return ["l", *"all", "enter"]

    def top(self) -> str:
        return "home"


@dataclass(frozen=True, slots=True)
class Aerc:
    """aerc on a maildir, as it is set up at its first start."""

    name: str = "aerc"

    def prepare(self, box: Box) -> None:
        folder = box.folder / "aerc" / "aerc"
        folder.mkdir(parents=True, exist_ok=True)
        accounts = folder / "accounts.conf"
        accounts.write_text(_told(AERC, box), encoding="utf-8")
        accounts.chmod(0o600)

    def command(self, box: Box) -> Sequence[str]:
        return ["aerc"]

    def env(self, box: Box) -> Mapping[str, str]:
        home = box.folder / "home"
        places = {"CONFIG": box.folder / "aerc", "DATA": home / "share", "CACHE": home / "cache"}
        return _home(box) | {f"XDG_{kind}_HOME": str(place) for kind, place in places.items()}

    def ready(self, box: Box) -> str:
        return DATED

    def search(self, word: str) -> Sequence[str]:
        return [*f":filter -b {word}", "enter"]

    def found(self, program: Watched, box: Box) -> bool:
        return len(re.findall(DATED, program.terminal.text)) == HITS

    def all_again(self) -> Sequence[str]:
        return [*":clear", "enter"]

    def top(self) -> str:
        return "g"


PEERS: Final[tuple[Peer, ...]] = (Neomutt(), Aerc())


def installed(name: str) -> bool:
    """Whether a program can be started by its name."""
    return shutil.which(name) is not None


def index(box: Box) -> Mapping[str, str]:
    """Has notmuch index a mailbox, unless it has; the environment to ask it in."""
    (box.folder / "notmuch").mkdir(exist_ok=True)
    configuration = box.folder / "notmuch-config"
    configuration.write_text(_told(NOTMUCH, box), encoding="utf-8")
    env = {"PATH": os.environ["PATH"], **_home(box), "NOTMUCH_CONFIG": str(configuration)}
    subprocess.run(["notmuch", "new", "--quiet"], env=env, check=True, capture_output=True)
    return env


def _told(template: str, box: Box) -> str:
    return template.format(folder=box.folder, mail=box.mail)


def _home(box: Box) -> dict[str, str]:
    home: Path = box.folder / "home"
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color", "TZ": "Europe/Oslo"}
