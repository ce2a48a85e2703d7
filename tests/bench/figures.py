"""From times to figures: percentiles, ratios and growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.bench.typed import Pair
from tests.bench.watched import Answer

Figures = dict[str, Any]
GROWS: Final = ("_ms", "_mb")
"""How the names of figures end that are costs: all of them are to stay with the most messages held what they are with
the fewest."""


def share(answers: Sequence[Answer], per_cent: int) -> float:
    """A percentile of the time to the last change, in ms, of the answers for which nobody waited for a processor.

    Where fewer than half are such, the machine is too busy to tell, and all of them count.
    """
    calm = [answer.last for answer in answers if answer.calm]
    times = sorted(calm if 2 * len(calm) >= len(answers) else [answer.last for answer in answers])
    return round(times[round(per_cent / 100 * (len(times) - 1))], 1)


def ratio(pair: Pair, per_cent: int) -> float | None:
    """A percentile while something goes on, over the same while it does not; None when it was over before a key."""
    return round(share(pair.busy, per_cent) / share(pair.idle, per_cent), 2) if pair.busy else None


def against(pair: Pair, per_cent: int) -> str:
    """Both percentiles in ms, with how many answers they are of."""
    busy = f"{share(pair.busy, per_cent)} ({len(pair.busy)} keys)" if pair.busy else "no key"
    return f"{busy} against {share(pair.idle, per_cent)} ({len(pair.idle)} keys)"


def growth(by_size: Mapping[str, Figures]) -> dict[str, float]:
    """What becomes of figures from the fewest messages held to the most: largest size over smallest.

    Args:
        by_size: Figures by the number of messages that was asked for.

    Returns:
        By figure; nothing for one that was not measured, or when there is one size only.
    """
    sizes = sorted(by_size, key=int)
    if len(sizes) < 2:
        return {}
    fewest, most = by_size[sizes[0]], by_size[sizes[-1]]
    costs = [name for name in fewest if name.endswith(GROWS) and fewest[name] and most.get(name)]
    if fewest.get("bulk_rows") != most.get("bulk_rows"):  # the fewest may be less than can be selected
        costs = [name for name in costs if not name.startswith("bulk")]
    return {name: round(most[name] / fewest[name], 2) for name in costs}
