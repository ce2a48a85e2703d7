"""Who may send what, and what a file from outside is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from workbench.dialogue.checks import why_not_send
from workbench.dialogue.contents import content_type
from workbench.dialogue.conversation import Conversation, Message, Note
from workbench.dialogue.filenames import LONGEST, LONGEST_BYTES, RUNNABLE, numbered, safe_name
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.people import Me, Party, PartyKind, Patient, Role
from workbench.dialogue.refusals import SendWord
from workbench.dialogue.roles import may_reply
from workbench.dialogue.work import WorkItem

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KARI = Me("p", "Practitioner/1", "Kari", Role.CLINICIAN)
LISE = Me("p", "Practitioner/1", "Lise", Role.SUPPORT)
READERS = (Party("Patient/1", "Ola", PartyKind.PATIENT),)
ASKED = Message("m", READERS[0], NOW, "Hei")
NOTED = Note("n", Party("Practitioner/1", "Kari", PartyKind.STAFF), NOW, "Ring")
TALK = Conversation(
    Key("p", "a"), "Sak", Patient("Patient/1", "Ola"), ("e-kontakt",), WorkItem(), READERS, entries=(ASKED,)
)
WORDS = Draft(TALK.key, "Practitioner/1", Kind.REPLY, "Hei")


@pytest.mark.parametrize(
    ("role", "category", "may"),
    [
        (Role.SUPPORT, "e-kontakt", True),
        (Role.SUPPORT, "timeendring", True),
        (Role.SUPPORT, "reseptfornyelse", True),
        (Role.SUPPORT, "e-konsultasjon", False),
        (Role.SUPPORT, "samvalg", False),
        (Role.SUPPORT, "", True),
        (Role.SUPPORT, "noe-nytt", True),
        (Role.CLINICIAN, "e-konsultasjon", True),
        (Role.CLINICIAN, "samvalg", True),
    ],
)
def test_what_is_health_care_is_answered_by_clinicians(role: Role, category: str, may: bool) -> None:
    assert may_reply(role, category) is may


@pytest.mark.parametrize(
    ("draft", "conversation", "me", "word"),
    [
        (WORDS, TALK, KARI, None),
        (WORDS, TALK, None, SendWord.NOBODY_ACTS),
        (replace(WORDS, text=" \n\t"), TALK, KARI, SendWord.EMPTY),
        (replace(WORDS, key=Key("p", "b")), TALK, KARI, SendWord.CHANGED),
        (replace(WORDS, author="Practitioner/2"), TALK, KARI, SendWord.CHANGED),
        (WORDS, replace(TALK, patient=None), KARI, SendWord.NO_PATIENT),
        (WORDS, replace(TALK, mixed=True), KARI, SendWord.MIXED),
        (WORDS, replace(TALK, closed=True), KARI, SendWord.CLOSED),
        (WORDS, replace(TALK, readers=()), KARI, SendWord.NO_READER),
        (WORDS, replace(TALK, entries=(NOTED,)), KARI, SendWord.NOT_READ),
        (WORDS, replace(TALK, categories=("e-kontakt", "samvalg")), LISE, SendWord.ROLE),
        (WORDS, replace(TALK, work=WorkItem(category="e-konsultasjon")), LISE, SendWord.ROLE),
        (replace(WORDS, kind=Kind.NOTE), replace(TALK, patient=None, mixed=True, closed=True), LISE, None),
    ],
)
def test_why_a_draft_may_not_leave(
    draft: Draft, conversation: Conversation, me: Me | None, word: SendWord | None
) -> None:
    assert why_not_send(draft, conversation, me) is word


@pytest.mark.parametrize(
    ("title", "kind", "name"),
    [
        ("journal 12/3.pdf", "application/pdf", "journal 12-3.pdf"),
        ("../../etc/passwd", "", "etc-passwd"),
        ("..\\..\\evil.exe", "application/pdf", "evil.exe.pdf"),
        ("C:\\Windows\\x.png", "image/png", "C--Windows-x.png"),
        ("faktura\u202efdp.exe", "", "fakturafdp.exe.bin"),
        ("con.txt", "text/plain", "_con.txt"),
        ("NUL", "", "_NUL"),
        ("com¹.txt", "text/plain", "_com¹.txt"),
        ("", "image/png", "vedlegg.png"),
        ("\u200b\u202e ", "", "vedlegg"),
        (".bashrc", "", "bashrc"),
        ("-rf", "", "rf"),
        ("bilde.jpeg", "image/jpeg", "bilde.jpeg"),
        ("bilde", "image/jpeg", "bilde.jpg"),
        ("bilde.webp", "image/webp", "bilde.webp"),
        ("notat.txt", "text/plain; charset=utf-8", "notat.txt"),
        ("start.desktop", "text/plain", "start.desktop.txt"),
        ("a\nb\x1b[31m.png", "image/png", "ab[31m.png"),
        ("blåbær 🫐.png", "image/png", "blåbær 🫐.png"),
        ("slutt. . .", "", "slutt"),
    ],
)
def test_a_name_from_outside_becomes_a_harmless_one_that_still_says_what_it_said(
    title: str, kind: str, name: str
) -> None:
    assert safe_name(title, kind, "vedlegg") == name


@pytest.mark.parametrize("seed", range(200))
def test_no_name_leaves_its_folder_or_hides(seed: int) -> None:
    dice = Random(seed)
    pieces = [
        "../",
        "..\\",
        "\0",
        "\x1b",
        ":",
        "con",
        ".exe",
        ".pdf",
        "æ" * 40,
        "🙂" * 30,
        "\u202e",
        "\ud800",
        " ",
        "-",
    ]
    title = "".join(dice.choice(pieces) for _ in range(dice.randint(0, 12)))
    name = safe_name(title, dice.choice(["", "image/png", "application/pdf", "nonsense"]), "vedlegg")
    assert name
    assert len(name) <= LONGEST, f"seed {seed}"
    assert len(name.encode()) <= LONGEST_BYTES
    assert not set(name) & set('/\\:*?"<>|\0\x1b\u202e')
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert not any(name.lower().endswith(ending) for ending in RUNNABLE)


def test_a_number_stands_before_the_ending() -> None:
    assert numbered("a.tar.gz", 2) == "a.tar (2).gz"
    assert numbered("uten", 3) == "uten (3)"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("x.txt", b"%PDF-1.7", "application/pdf"),
        ("x", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("brev.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("brev.pdf", b"PK\x03\x04", "application/zip"),
        ("notat.txt", b"hei", "text/plain"),
        ("hva", b"hei", "application/octet-stream"),
        ("bilde.png", b"RIFF....WEBP", "image/webp"),
    ],
)
def test_first_bytes_are_believed_before_a_name(name: str, head: bytes, kind: str) -> None:
    assert content_type(name, head) == kind


def test_what_the_sender_says_is_believed_before_the_name() -> None:
    assert content_type("x.txt", b"hei", "text/html; charset=utf-8") == "text/html"
    assert content_type("x.txt", b"hei", "application/octet-stream") == "text/plain"
    assert content_type("x.txt", b"%PDF-", "text/html") == "application/pdf"
