"""A desk: the whole program in a pseudo-terminal is killed again and again, and what its screen said must hold.

The screen has acknowledged words when it showed them with “writing …” and said “draft saved” after that, and a sending
when the composer was gone after the question was answered.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from tests.proofs.killing.child import held, whole
from tests.proofs.killing.forks import Told
from tests.proofs.killing.ledger import Ledger
from tests.proofs.killing.portal import headers, shelf
from tests.proofs.killing.words import parts_of, words
from tests.proofs.verdict import Verdict
from tests.terminal.composer import BOX, composer
from tests.terminal.day import LAUNCH, LOOKED_FOR, surroundings
from tests.terminal.harness import Ended, Program, Unseen
from tests.terminal.launch import KEY
from tests.terminal.portal import Asked, Portal
from workbench.dialogue.outgoing import Kind
from workbench.paths import profile_of
from workbench.store.store import Store

KILLS: Final = 20
"""Kills at one desk at most."""
BETWEEN: Final = 10
"""Kills between two rests."""
CONVERSATIONS: Final = 30
WRITTEN_IN: Final = 5
"""Conversations that are written in, so that a text is met again."""
FITS: Final = 90
"""Characters that surely stand in the composer without its being scrolled."""
SIZES: Final = ((120, 40), (80, 24))
ME: Final = "Practitioner/kari-nordmann"
TRIES: Final = 5
"""How often a conversation is looked for."""
AGAIN: Final = 5.0
"""Seconds after which it is looked for again."""
KEYS: Final = {Kind.REPLY: ("r", "Send the reply"), Kind.NOTE: ("n", "Save the note")}


@dataclass(frozen=True, slots=True)
class Where:
    """A conversation that is written in."""

    thread: str
    patient: str
    """Reference."""
    name: str
    """The patient's, as the banner has it."""
    search: str
    """Words that only it has; they begin with its subject."""


class Watch:
    """Looks at every picture, and remembers what it acknowledged of the text with a name."""

    def __init__(self, name: str, length: int) -> None:
        self._name = name
        self._writing = length
        self.acknowledged = length
        """Characters."""

    def __call__(self, picture: str) -> None:
        box = composer(picture)
        if box is None or box.text != words(self._name, len(box.text)):
            return
        if "writing" in box.state:
            self._writing = max(self._writing, len(box.text))
        elif "draft saved" in box.state:
            self.acknowledged = max(self.acknowledged, self._writing)


class Desk:
    """A portal, a home folder, and kills."""

    def __init__(self, seed: int, number: int, kills: int, launch: Sequence[str] = LAUNCH) -> None:
        """Prepares.

        Args:
            seed: Of the whole proof.
            number: Of this desk.
            kills: How many.
            launch: How the program is started.
        """
        self._seed, self._number, self._kills, self._launch = seed, number, kills, launch
        self._dice = Random(f"{seed}/desk/{number}")
        self._ledger = Ledger()
        self._named = 0
        self._names: dict[tuple[str, Kind], str] = {}
        """The text that is being written in each conversation; a kill may leave less of it than its name."""

    def live(self, until: str = "") -> Verdict:
        """Lives it, or until something is `lost` or otherwise found wrong, and tells what was found."""
        with tempfile.TemporaryDirectory(prefix="workbench-kill-", ignore_cleanup_errors=True) as folder:
            self._home = Path(folder)
            with Portal(self._home / "portal", conversations=CONVERSATIONS, seed=self._number + 1) as portal:
                self._portal = portal
                self._where = self._dice.sample(_conversations(portal), WRITTEN_IN)
                for done in range(1, self._kills + 1):
                    self._guarded(self._work)
                    if self._ledger.found[until]:
                        break
                    if done % BETWEEN == 0 or done == self._kills:
                        self._guarded(self._rest)
        return self._ledger.verdict("terminal", self._kills, self._seed, f"desk {self._number} of seed {self._seed}")

    def _program(self) -> Program:
        command = [*self._launch, "--portal", self._portal.base]
        return Program(command, env=surroundings(self._home), size=self._dice.choice(SIZES))

    def _guarded(self, doing: Callable[[], None]) -> None:
        """A screen that does not show what it should is a finding like others."""
        try:
            doing()
        except Unseen as unseen:
            stands = [(entry["verb"], entry["state"], entry["reason"]) for entry in self._held()["entries"]]
            self._ledger.find("unreadable", str(unseen), f"{unseen}\nin the outbox: {stands}")

    def _work(self) -> None:
        """One program, until it is killed."""
        before = self._held()
        stage = self._dice.choices(("opening", "typing", "sending"), (2, 4, 4))[0]
        sent = ""
        with self._program() as program:
            if stage == "opening":
                _let(program, self._dice.uniform(0, 1.2))
            else:
                sent = self._write(program, before, sends=stage == "sending")
            program.kill()
        after = self._held()
        self._ledger.take([Told("opened", after)])
        for entry in after["entries"]:
            if sent in parts_of(entry["text"]):
                lengths = {name: len(part) for name, part in parts_of(entry["text"]).items()}
                self._ledger.take([Told("queued", {"id": entry["id"], "lengths": lengths})])
                sent = ""
        if sent:
            self._ledger.find("lost", sent, f"{sent} was sent by the screen's word and is not in the outbox")

    def _write(self, program: Program, before: dict[str, Any], *, sends: bool) -> str:
        """Goes on with a text or begins one; the name of what the screen said is on its way, empty for none."""
        dice = self._dice
        where = dice.choice(self._where)
        kind = dice.choice((Kind.REPLY, Kind.REPLY, Kind.NOTE))
        key, question = KEYS[kind]
        _open(program, where, key)
        (there,) = [d["text"] for d in before["drafts"] if (d["thread"], d["kind"]) == (where.thread, kind)] or [""]
        name = self._shown_again(program, there, (where.thread, kind))
        self._ledger.take(
            [Told("begun", {"name": name, "thread": where.thread, "kind": kind, "patient": where.patient})]
        )
        watch = Watch(name, len(there))
        text = words(name, min(FITS, max(len(there), len(words(name, 0))) + dice.randint(4, 40)))
        for letter in text[len(there) :]:
            program.press(letter)
            _let(program, dice.choice((0.0, 0.01, dice.uniform(0, 0.08))), watch)
        if not sends:
            _let(program, dice.uniform(0, 0.9), watch)
            self._acknowledged(name, watch)
            return ""
        program.press("ctrl+s")
        program.wait(rf"{question}\?")
        self._acknowledged(name, watch)
        program.press("enter")
        if dice.random() < 0.4:
            _let(program, dice.uniform(0, 0.15))
            return ""
        program.wait_until(
            lambda: composer(program.terminal.text) is None and question not in program.terminal.text, "sent"
        )
        _let(program, dice.choice((0.0, dice.uniform(0, 0.3))))
        return name

    def _shown_again(self, program: Program, there: str, place: tuple[str, Kind]) -> str:
        """The name of a text that is held in a conversation, once the composer shows it; a new one when none is."""
        if there:
            program.wait_until(lambda: _shows(program.terminal.text, there), f"the draft {there!r}")
        else:
            self._named += 1
            self._names[place] = f"{self._number}.{self._named}"
        return self._names[place]

    def _acknowledged(self, name: str, watch: Watch) -> None:
        if watch.acknowledged:
            self._ledger.take([Told("saved", {"name": name, "length": watch.acknowledged})])

    def _rest(self) -> None:
        """Lets everything leave, leaves the program as one does, and holds what is there against what was promised."""
        with self._program() as program:
            program.wait("● (connected|live)")
            for pause in (1.0, 0.1):  # twice: what waits behind a stop for a moment only is still on its way
                program.wait_until(lambda: _calm(program.terminal.text), "an outbox in which nothing moves", LOOKED_FOR)
                program.settle(pause, 3.0)
            program.press("ctrl+q")
            code = program.ended()
            if code:
                self._ledger.find("unreadable", "exit", f"the program ended with {code}")
        after = self._held()
        there = shelf(self._portal)
        self._ledger.take([Told("drained", after)])
        self._ledger.check_portal(there, after)
        self._ledger.check_stops(there, after)

    def _held(self) -> dict[str, Any]:
        """What the store holds, read from a copy: the program itself must find its files as the kill left them."""
        folder = self._home / "profiles" / profile_of(self._portal.base)
        if not (folder / "work.db").exists():
            return {"drafts": [], "entries": [], "pulled": [], "checks": []}
        with _copy(folder) as copied:
            store = Store.open(copied, KEY, clock=lambda: datetime.now(UTC), uuid=uuid4)
            try:
                return held(store) | whole(store)
            finally:
                store.close()


def _calm(picture: str) -> bool:
    """Whether all has left but what stopped and says so, and what waits behind that."""
    return re.search(r"outbox: (?!\d+ needs? you(?:, \d+ waits?)? *[│\n])", picture) is None


@contextmanager
def _copy(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="workbench-kill-") as place:
        yield shutil.copytree(folder, Path(place) / "store")


def _open(program: Program, where: Where, key: str) -> None:
    """Finds a conversation and begins to write in it, once there are words to answer.

    A key so soon after the search that it still has the focus is a letter of the search: then all is done again.
    """
    program.wait(r"╭─ \S[^╮]* · [1-9]\d* ─")
    for left in reversed(range(TRIES)):
        try:
            program.press("/")
            program.wait("Search words")
            program.type(where.search)
            program.wait(rf"Search · \d+ · «{re.escape(where.search[:8])}", AGAIN)
            program.wait(rf"╮╭─ {re.escape(where.search[:8])}(?:.|\n)*│ {re.escape(where.name)} · ", AGAIN)
            program.settle()
            program.press("enter")
            program.settle()
            program.press(key)
            program.wait(BOX.pattern, AGAIN)
            program.wait_gone("No message of this", LOOKED_FOR)
        except Unseen:
            if not left:
                raise
            program.press("escape")
            program.settle()
            program.press("escape")
            program.settle()
        else:
            return


def _let(program: Program, seconds: float, watch: Watch | None = None) -> None:
    """Lets the program go on for a while, looking at every picture."""
    until = monotonic() + seconds

    def look() -> bool:
        if watch is not None:
            watch(program.terminal.text)
        return False

    while True:
        try:
            came = program.read(max(0.0, until - monotonic()))
        except Ended:
            break
        program.paint(stop=look)
        if not came and monotonic() >= until:
            break


def _shows(picture: str, text: str) -> bool:
    box = composer(picture)
    return box is not None and box.text == text.rstrip()


def _conversations(portal: Asked) -> list[Where]:
    """Conversations that may be answered and that a search tells apart."""
    owners = {task["focus"]["reference"]: task.get("owner", {}).get("reference", "") for task in portal.search("Task")}
    found = []
    for header in headers(portal):
        if owners.get(f"Communication/{header['id']}", "other") not in ("", ME):
            continue
        patient = header["subject"]["reference"]
        called = portal.read(patient)["name"][0]
        name = " ".join((*called["given"], called["family"]))
        found.append(Where(header["id"], patient, name, f"{header['topic']['text']} {name}"))
    once = Counter(each.search for each in found)
    return [each for each in found if once[each.search] == 1]
