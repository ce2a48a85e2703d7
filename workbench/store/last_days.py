"""What happened day by day, read once for all queues: how many conversations of which kind, and how long it took."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.moments import Moments
from workbench.dialogue.queue import Query
from workbench.dialogue.span import Happening
from workbench.store.alike import Alike, Apart
from workbench.store.conditions import FIRST, FIRST_ANSWER
from workbench.store.encoding import from_micros, to_micros

WORDS: Final = f"""SELECT thread, {{day}} AS day, max({FIRST}) AS came
    FROM post AS said INDEXED BY post_theirs WHERE side = 2 AND {{within}} GROUP BY 1, 2"""  # noqa: S608
"""Conversations in which the patient's side wrote, by day."""
ANSWERS: Final = f"""SELECT thread, {{day}} AS day, coalesce(max(at > due), 0) AS late,
        min(CASE WHEN {FIRST_ANSWER} THEN told.asked END) AS began, min(CASE WHEN {FIRST_ANSWER} THEN at END) AS ended
    FROM answer AS told INDEXED BY answer_at WHERE {{within}} GROUP BY 1, 2"""  # noqa: S608
"""The same where they were answered; a first answer with since when they had waited for it."""
BEGAN: Final = """coalesce(
    (SELECT min(at) FROM post WHERE thread = {row}.id AND side = 2),
    (SELECT started FROM thread WHERE id = {row}.id),
    latest
)"""
"""When the patient's side wrote first in a conversation; when it began, where they wrote nothing."""
Place = tuple[Happening, int]
"""What happened, and on which of the days."""


class LastDays:
    """What happened on the days of some moments."""

    def __init__(self, cursor: dbapi2.Cursor, at: Moments, apart: Apart, *, laid: bool) -> None:
        """Reads it.

        Args:
            cursor: Inside a reading transaction of the connection that has what is laid over.
            at: The days, and the hours that count.
            apart: By what conversations are told apart.
            laid: Whether anything is laid over.
        """
        self._cursor, self._at, self._apart, self._laid = cursor, at, apart, laid
        self._days = list(map(to_micros, at.days))
        self._rows: dict[Place, dict[Alike, int]] = defaultdict(lambda: defaultdict(int))
        self._took: dict[Place, dict[Alike, array[float]]] = defaultdict(lambda: defaultdict(lambda: array("d")))
        self._held: dict[Query, frozenset[Alike]] = {}
        for source in ("item", "laid") if laid else ("item",):
            self._read_words(source)
            self._read_answers(source)
            self._read_done(source)
        self._kinds = {alike for rows in self._rows.values() for alike in rows}

    def happened(self, query: Query, what: Happening, day: int) -> int:
        """In how many of a query's conversations something happened on a day, by its place among the days."""
        held = self._kinds_of(query)
        return sum(n for alike, n in self._rows.get((what, day), {}).items() if alike in held)

    def took(self, query: Query, what: Happening, day: int) -> Sequence[float]:
        """In how many seconds of open hours each of these was answered first, or done."""
        held, found = self._kinds_of(query), array("d")
        for alike, seconds in self._took.get((what, day), {}).items():
            if alike in held:
                found += seconds
        return found

    def _kinds_of(self, query: Query) -> frozenset[Alike]:
        if query not in self._held:
            assert self._apart.tell(query)
            self._held[query] = frozenset(alike for alike in self._kinds if self._apart.hold(alike, query))
        return self._held[query]

    def _read_words(self, source: str) -> None:
        for alike, day, (n, came) in self._joined(WORDS, "sent", source, "count(*), total(came)", group=True):
            self._rows[Happening.WROTE, day][alike] += n
            self._rows[Happening.CAME, day][alike] += int(came)

    def _read_answers(self, source: str) -> None:
        for alike, day, (late, began, ended) in self._joined(ANSWERS, "at", source, "late, began, ended"):
            self._rows[Happening.ANSWERED, day][alike] += 1
            self._rows[Happening.LATE, day][alike] += late
            if ended is not None:
                self._ended(Happening.FIRST, day, alike, began, ended)

    def _read_done(self, source: str) -> None:
        index = "INDEXED BY item_settled" if source == "item" else ""
        sql = f"""SELECT {self._apart.columns(done=True)}, {self._day("settled")}, {BEGAN.format(row=source)}, settled
            FROM {source} {index} WHERE {self._within("settled")}{self._beneath(source)}"""  # noqa: S608
        for *alike, day, began, ended in self._cursor.execute(sql):
            self._ended(Happening.DONE, day, Alike(*alike), began, ended)

    def _ended(self, what: Happening, day: int, alike: Alike, began: int, ended: int) -> None:
        took = self._at.hours.between(from_micros(began), from_micros(ended))
        self._rows[what, day][alike] += 1
        self._took[what, day][alike].append(took.total_seconds())

    def _joined(
        self, happened: str, column: str, source: str, more: str, *, group: bool = False
    ) -> Iterator[tuple[Alike, int, list[Any]]]:
        """What happened, with its row's values. The days lead: they hold less than there is."""
        told = happened.format(day=self._day(column), within=self._within(column))
        by = " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8" if group else ""
        rows = self._cursor.execute(
            f"""SELECT {self._apart.columns(done=True)}, day, {more}
            FROM ({told}) AS happened CROSS JOIN {source} ON {source}.id = happened.thread
            WHERE true{self._beneath(source)}{by}"""  # noqa: S608
        )
        for *alike, day, in_ in ((*row[:8], row[8:]) for row in rows):
            yield Alike(*alike), day, in_

    def _beneath(self, source: str) -> str:
        return " AND item.id NOT IN (SELECT id FROM laid)" if self._laid and source == "item" else ""

    def _within(self, column: str) -> str:
        return f"{column} >= {self._days[0]} AND {column} < {self._days[-1]}"

    def _day(self, column: str) -> str:
        """Which of the days a moment lies on."""
        return " + ".join(f"({column} >= {day})" for day in self._days[1:-1])
