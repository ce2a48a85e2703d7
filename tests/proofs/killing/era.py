"""One store's life: workbenches on it are killed again and again, and at every rest everything is counted."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP
from time import monotonic
from typing import Final

from tests.proofs.killing import child
from tests.proofs.killing.forks import Forked, Say, Told
from tests.proofs.killing.ledger import Ledger
from tests.proofs.killing.portal import headers, running, shelf, write_as_patient
from tests.proofs.verdict import Verdict
from tests.session.live import KEY
from tests.terminal.portal import Asked
from workbench.store.cache_file import NAME as CACHE
from workbench.store.cache_schema import STEPS
from workbench.store.cipher import CACHE_WRITER, connect, private_file, private_folder
from workbench.store.database import Database
from workbench.store.migrations import migrate

KILLS: Final = 75
"""Kills of one store at most."""
BETWEEN: Final = 25
"""Kills between two rests."""
FIRST: Final = 4
"""Kills at the beginning that fall while the store is being made."""
LONGEST: Final = 0.3
"""Seconds that a child lives at most."""
PASSING: Final = 31.0
"""Seconds by which the clock goes on from child to child where the lease alone decides who sends."""
FAST: Final = Path("/dev/shm")
"""Memory that looks like a disk, where there is one; half of the stores are there, the others on a real disk."""
MARKS: Final = ("saved", "saved", "attached", "sending", "queued", "queued", "queued", "acted", "started", "online")


@dataclass(slots=True)
class Moments:
    """In the middle of what the kills came."""

    seen: Counter[str] = field(default_factory=Counter)

    def note(self, told: list[Told]) -> None:
        """Notes what a child was about when it was killed."""
        said = {each.what for each in told}
        if "opened" not in said:
            self.seen["opening"] += 1
            return
        self.seen["typing"] += "begun" in said
        self.seen["pulling"] += "online" not in said


class Era:
    """A portal, a store, and kills."""

    def __init__(self, seed: int, number: int, kills: int) -> None:
        """Prepares; the same seed and number give the same children and kills, but for the machine's own pace.

        Args:
            seed: Of the whole proof.
            number: Of this store.
            kills: How many.
        """
        self._seed, self._number, self._left = seed, number, kills
        self._kills = kills
        self._dice = Random(f"{seed}/{number}")
        self._two = self._dice.random() < 0.2
        self._locks = self._dice.random() < 0.8
        self._ahead = 0.0
        self._children = 0
        self.ledger = Ledger()
        self.moments = Moments()

    def live(self, until: str = "") -> Verdict:
        """Lives it, or until something is `lost` or otherwise found wrong, and tells what was found."""
        fast = FAST.is_dir() and self._number % 2 == 0
        place = Path(tempfile.mkdtemp(prefix="workbench-kill-", dir=FAST if fast else None))
        try:
            with running(self._dice.randint(8, 40), self._number + 1, place / "portal") as portal:
                child.warm(portal.base)
                self._portal = portal
                self._folder = place / "store"
                self._headers = headers(portal)
                if self._dice.random() < 0.3:
                    self._make_older()
                while self._left and not self.ledger.found[until]:
                    for _ in range(min(self._left, BETWEEN)):
                        self._kill_some()
                        if not self._left or self.ledger.found[until]:
                            break
                    self._rest(portal)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return self.ledger.verdict("kill", self._kills, self._seed, f"era {self._number} of seed {self._seed}")

    def _make_older(self) -> None:
        """Leaves a cache of the first layout there, to be brought up to date by whoever opens it first."""
        private_folder(self._folder)
        path = self._folder / CACHE
        private_file(path, create=True)
        database = Database(partial(connect, path, KEY, CACHE_WRITER), path)
        migrate(database, STEPS[:1])
        database.close()

    def _start(self, work: Callable[[child.Order, Say], None], share: tuple[int, int] = (0, 1)) -> Forked:
        self._children += 1
        if not self._locks:
            self._ahead += PASSING
        order = child.Order(
            self._folder,
            self._portal.base,
            f"{self._number}.{self._children}",
            share,
            timedelta(seconds=self._ahead),
            self._locks,
        )
        return Forked(partial(work, order))

    def _kill_some(self) -> None:
        if self._dice.random() < 0.1 and self._headers:
            with suppress(AssertionError):
                write_as_patient(self._portal, self._dice.choice(self._headers), "Jeg har et spørsmål til.")
        if self._two and self._left > 1 and self._children >= FIRST:
            self._kill_two()
        else:
            worker = self._start(child.work)
            self._wait(worker)
            worker.kill()
            self._count(worker)

    def _kill_two(self) -> None:
        """Two workbenches on one store; the one that is hit may be the one that sends."""
        both = [self._start(child.work, (part, 2)) for part in (0, 1)]
        for each in both:
            each.listen(monotonic() + LONGEST, lambda told: told.what == "opened")
        self._dice.shuffle(both)
        hit, other = both
        self._wait(hit)
        if self._dice.random() < 0.5:
            hit.signal(SIGSTOP)
            other.listen(monotonic() + self._dice.uniform(0.01, 0.2))
            hit.signal(SIGCONT)
            other.listen(monotonic() + self._dice.uniform(0, 0.05))
            hit.listen(monotonic())
        hit.kill()
        other.listen(monotonic() + self._dice.uniform(0, 0.15))
        other.kill()
        self._count(hit, other)

    def _wait(self, worker: Forked) -> None:
        """Listens until the moment to kill has come."""
        dice, begun = self._dice, monotonic()
        chance = dice.random()
        if self._children <= FIRST or chance < 0.15:
            worker.listen(begun + dice.uniform(0, 0.04))
        elif chance < 0.5:
            worker.listen(begun + dice.uniform(0, 0.15))
        else:
            mark = dice.choice(MARKS)
            if worker.listen(begun + LONGEST, lambda told: told.what == mark):
                worker.listen(monotonic() + dice.choice((0, dice.uniform(0, 0.03))))

    def _count(self, *killed: Forked) -> None:
        """Takes in what was told by workbenches that ran together and are dead now."""
        before = self.ledger.recovered
        for worker in killed:
            self._left -= 1
            self.moments.note(worker.told)
            # What one found when it opened the store is older than what the other was promised meanwhile.
            self.ledger.take([told for told in worker.told if told.what == "opened"])
        for worker in killed:
            self.ledger.take([told for told in worker.told if told.what != "opened"])
        self.moments.seen["sending"] += self.ledger.recovered > before

    def _rest(self, portal: Asked) -> None:
        """Lets everything leave, and holds what is there then against what was promised."""
        worker = self._start(child.calm)
        worker.listen(monotonic() + 2 * child.PATIENCE)
        if not worker.ended:
            self.ledger.find("unreadable", "hangs", "a workbench that was to end did not")
            worker.kill()
        else:
            worker.wait()
        self.ledger.take(worker.told)
        drained = next((each for each in worker.told if each.what == "drained"), None)
        if drained is not None:
            self.ledger.check_portal(shelf(portal), drained.values)
