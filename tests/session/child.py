"""A workbench without a screen, to be killed: it writes one reply, says so, and goes on until it is ended."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.session.live import session_on
from workbench.dialogue.outgoing import Draft, Kind


async def main(folder: Path, address: str, me: str, thread: str, text: str) -> None:
    async with session_on(folder, address, me, start=False) as live:
        conversation = await live.held(thread)
        draft = await live.session.save_draft(Draft(conversation.key, me, Kind.REPLY, text))
        print("SAVED", flush=True)
        queued = await live.session.send(draft, conversation)
        print("QUEUED", queued.id, flush=True)
        await live.session.start()
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
