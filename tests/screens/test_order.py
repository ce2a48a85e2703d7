"""What a person sets as immediate stands above what a rule alone has found, in the list and in its reasons."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from tests.session.live import NAME, now
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.site import Site


async def test_immediate_among_red_flags_stands_first(world: World, tmp_path: Path) -> None:
    language.use("nb")
    for days, name in enumerate(("soon", "later"), 2):
        due = (now() + timedelta(days=days)).date().isoformat()
        await world.thread(name, topic={"text": name})
        await world.post(name, "Klemmer om strikkepinnen.", sent=now().isoformat())
        await world.task(name, f"{name} task", restriction={"period": {"end": due}})
    site = Site("test", flag_of=lambda text: ("brystsmerter", "klemmer") if "strikkepinnen" in text else ("", ""))
    soon, later = (Key(NAME, world.id(name)) for name in ("soon", "later"))
    async with seat_at(tmp_path, world.base, world.ref("doctor"), site=site, size=(150, 40)) as seat:
        await seat.stands_on(later.thread)
        query = seat.inbox.listing.query_shown
        assert query is not None
        assert [item.key for item in (await seat.session.page(query, 0, 2)).items] == [soon, later]
        await seat.picks("p", "akutt")
        await seat.until(seat.arrived)
        assert [item.key for item in (await seat.session.page(query, 0, 2)).items] == [later, soon]
        await seat.keys("i")
        await seat.until(lambda: "først det som er satt som akutt" in " ".join(seat.shown().split()))
