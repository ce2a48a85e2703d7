"""Mailboxes with the messages that the workbench's own stores hold: the same words, the same rare ones among them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime
from itertools import islice
from pathlib import Path

from tests.bench import whole
from tests.bench.stores import SEED, told
from workbench.dialogue.held import HeldPost


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, and the folder for all that programs keep of it."""

    folder: Path
    messages: int

    @property
    def mail(self) -> Path:
        """The folder that holds the maildir `INBOX`."""
        return self.folder / "Mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as mail has it."""

    post: HeldPost
    sender: str
    subject: str


def mailbox(folder: Path, messages: int) -> Box:
    """A mailbox of a size: the one that was written whole before, else a new one."""
    box, note = Box(folder, messages), folder / "whole.json"
    kind = {"seed": SEED, "messages": messages}
    if whole.told(note, kind) is not None:
        return box
    if folder.exists():
        shutil.rmtree(folder)
    for each in ("cur", "new", "tmp"):
        (box.mail / "INBOX" / each).mkdir(parents=True)
    for number, letter in enumerate(islice(_letters(messages), messages)):
        # A third is unread; which, matters to nobody.
        name = f"{int(letter.post.sent.timestamp())}.M{number:07d}.bench:2,{'S' if number % 3 else ''}"
        (box.mail / "INBOX" / "cur" / name).write_bytes(_written(letter))
    whole.tell(note, kind)
    return box


def _letters(messages: int) -> Iterator[Letter]:
    names: dict[str, str] = {}
    titles: dict[str, str] = {}
    for batch in told(messages):
        names |= {each.party.reference: each.party.name for each in batch.parties}
        names |= {each.patient.reference: each.patient.name for each in batch.patients}
        titles |= {thread.stamp.id: thread.title for thread in batch.threads}
        for post in batch.posts:
            yield Letter(post, names.get(post.sender, "Ukjent"), titles.get(post.parent, "") or "(uten emne)")


def _written(letter: Letter) -> bytes:
    post = letter.post
    number = post.sender.rpartition("/")[2] or "ukjent"
    thread = f"<{post.parent}@melding.example>"
    head = (
        f"Return-Path: <{number}@innbygger.example>",
        f"Date: {format_datetime(post.sent)}",
        f"From: {_encoded(letter.sender)} <{number}@innbygger.example>",
        "To: Legesenteret <post@legesenteret.example>",
        f"Subject: {_encoded(letter.subject)}",
        f"Message-ID: <{post.stamp.id}@melding.example>",
        f"In-Reply-To: {thread}",
        f"References: {thread}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    return ("\n".join(head) + f"\n\n{post.text}\n").encode()


def _encoded(text: str) -> str:
    line = " ".join(text.split())
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=200).encode()
