"""Long tests begin first, dealt out evenly: one that begins last keeps all processors but one waiting."""

from __future__ import annotations

import pytest


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The items in an order of which each worker's share, a stretch of equal size, begins with its long tests."""
    long = [each for each in items if each.get_closest_marker("slow")]
    short = [each for each in items if not each.get_closest_marker("slow")]
    order: list[pytest.Item] = []
    for worker in range(workers):
        size = (len(items) - len(order)) // (workers - worker)
        mine = long[worker::workers][:size]
        rest = size - len(mine)
        order += mine + short[:rest]
        short = short[rest:]
    known = set(order)
    return order + [each for each in items if each not in known]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deals them out where there are several workers."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        items[:] = dealt(items, workers)
