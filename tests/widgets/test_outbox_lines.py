"""What is said of each thing in the outbox: state, times and keys in plain words, and nothing that commands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.hostile import Hostile, commanding, hostile
from widgets.both_sides import standing, written
from widgets.outbox_lines import Circumstances, entry_lines, key_words, receipt_lines
from widgets.portals import PortalNames
from workbench import language
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation, Message, Note
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import LocalFile, Outgoing, Reason, Receipt, Sending
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.remedies import Remedy, before, remedies
from workbench.dialogue.status import Connection, PortalStatus
from workbench.dialogue.work import Change, Priority, State, Verb, WorkItem

NOW, MINUTE = datetime(2026, 3, 24, 14, 2, tzinfo=UTC), timedelta(minutes=1)
KEY = Key("regional", "t1")
ME, LISE = "Practitioner/kari", Party("Practitioner/lise", "Lise Sekretær", PartyKind.STAFF)
INGRID = Party("Patient/1", "Ingrid Solberg", PartyKind.PATIENT)
MOTHER = Party("RelatedPerson/1", "Mor Solberg", PartyKind.RELATED, "mor")
OLD = Message("m1", INGRID, NOW - timedelta(hours=3), "Jeg trenger mer Levaxin.")
NEW = Message("m2", INGRID, NOW - MINUTE, "Jeg er allergisk mot penicillin.")
WORK = WorkItem("k1", "1", State.CLAIMED, Party(ME, "Kari Nordmann", PartyKind.STAFF))
HELD = Conversation(
    KEY,
    "Fornye resept",
    Patient("Patient/1", "Ingrid Solberg", "1979-03-12"),
    (),
    WORK,
    (INGRID, MOTHER),
    INGRID,
    (OLD,),
)
OUT = Outgoing(
    "o1",
    KEY,
    ME,
    Verb.REPLY,
    "Patient/1",
    NOW - timedelta(minutes=12),
    text="Kom i morgen",
    basis=Seen.of(HELD).written(),
)
ONLINE = PortalStatus("regional", Connection.ONLINE, NOW)
OFFLINE = PortalStatus("regional", Connection.OFFLINE, NOW, "unreachable", next_try=NOW + timedelta(seconds=80))
SEEN = Circumstances(NOW, ONLINE)
BOTH = PortalNames.of(["national", "regional"])


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


def told(out: Outgoing, held: Conversation | None = HELD, seen: Circumstances = SEEN) -> str:
    able = remedies(out, held, me=ME, connected=seen.portal is not None, sends=not seen.elsewhere)
    return entry_lines(out, held, seen, key_words(able, {})).plain


STOPPED = replace(OUT, state=Sending.NEEDS_YOU, attempts=1, settled=NOW - timedelta(minutes=2))


def test_a_queued_reply_tells_whose_since_when_and_its_keys() -> None:
    lines = told(OUT, seen=replace(SEEN, names=BOTH)).split("\n")
    assert lines == [
        "↑ waiting to be sent · reply · Ingrid Solberg · b. 12.03.1979 [regional]",
        "It leaves in a moment.",
        "written 13:50",
        "«Kom i morgen»",
        "e edit   f5 try now   t take back   x throw away",
    ]


@pytest.mark.parametrize(
    ("out", "seen", "words"),
    [
        (OUT, replace(SEEN, portal=OFFLINE), ("does not answer", "next try 14:03")),
        (OUT, replace(SEEN, portal=None), ("not among those configured",)),
        (OUT, replace(SEEN, mine=False), ("Somebody else wrote it",)),
        (OUT, replace(SEEN, elsewhere=True), ("Another window of this program sends",)),
        (OUT, replace(SEEN, before=STOPPED), ("waits for what stands before it",)),
        (
            replace(STOPPED, state=Sending.QUEUED, reason="server-fault", detail="Databasen er full", attempts=3),
            replace(SEEN, portal=replace(ONLINE, waits=(("o1", NOW + timedelta(minutes=4)),))),
            ("wrong inside the portal", "Databasen er full", "tried 3 times, last 14:00", "next try 14:06"),
        ),
        (replace(OUT, state=Sending.SENDING), SEEN, ("being sent right now",)),
        (replace(OUT, state=Sending.UNKNOWN, attempts=1, settled=NOW), SEEN, ("may have arrived", "arrive twice")),
        (replace(STOPPED, reason="new-activity", detail="Vent litt"), SEEN, ("Something new", "New: «Vent litt»")),
        (replace(STOPPED, reason="taken", detail="Lise Sekretær"), SEEN, ("Lise Sekretær has the conversation now",)),
        (replace(STOPPED, reason="refused", detail="Ugyldig kode"), SEEN, ("The portal says: «Ugyldig kode»",)),
    ],
)  # fmt: skip
def test_what_happened_is_said_in_words(out: Outgoing, seen: Circumstances, words: tuple[str, ...]) -> None:
    for each in words:
        assert each in told(out, seen=seen)


def test_a_reference_is_never_told_as_a_name() -> None:
    out = replace(STOPPED, reason="taken", detail="Practitioner/lise")
    assert "Lise Sekretær has" in told(out, replace(HELD, work=replace(WORK, owner=LISE)))
    assert "Practitioner/" not in told(out, replace(HELD, work=replace(WORK, owner=None)))


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_of_its_own(reason: Reason) -> None:
    sentence = told(replace(STOPPED, reason=reason)).split("\n")[1]
    assert sentence.endswith(".")
    assert len(sentence.split()) > 6


def test_verbs_say_what_they_do() -> None:
    for change, words in (
        (Change(Verb.HAND_OVER, owner="Practitioner/lise", owner_name="Lise Sekretær"), "hand over to Lise Sekretær"),
        (Change(Verb.HAND_OVER, pool="resept"), "hand over to Resept"),
        (Change(Verb.PRIORITY, priority=Priority.ASAP), "priority: very urgent"),
        (Change(Verb.CATEGORY, category="timeendring"), "category: appointment change"),
        (Change(Verb.CLAIM, owner=ME, owner_name="Kari"), "· claim ·"),
    ):
        assert words in told(replace(OUT, verb=change.verb, text="", change=change))


ALL = (Remedy.EDIT, Remedy.SEND, Remedy.TAKE_BACK, Remedy.THROW_AWAY)
CLAIM = replace(STOPPED, verb=Verb.CLAIM, text="", change=Change(Verb.CLAIM), reason="taken")


@pytest.mark.parametrize(
    ("out", "held", "able"),
    [
        (OUT, HELD, (Remedy.EDIT, Remedy.TRY, Remedy.TAKE_BACK, Remedy.THROW_AWAY)),
        (replace(OUT, state=Sending.SENDING), HELD, ()),
        (replace(OUT, state=Sending.UNKNOWN), HELD, (Remedy.TRY, Remedy.THROW_AWAY)),
        (replace(STOPPED, reason="new-activity"), HELD, ALL),
        (replace(STOPPED, reason="gone"), None, (Remedy.TAKE_BACK, Remedy.THROW_AWAY)),
        (replace(STOPPED, reason="ambiguous"), HELD, (Remedy.THROW_AWAY,)),
        (replace(STOPPED, reason="conflict"), replace(HELD, closed=True), (ALL[0], *ALL[2:])),
        (replace(STOPPED, reason="conflict", patient="Patient/2"), HELD, (ALL[0], *ALL[2:])),
        (replace(STOPPED, author="Practitioner/x", reason="conflict"), HELD, ()),
        (replace(OUT, author="Practitioner/x", state=Sending.UNKNOWN), HELD, ()),
        (replace(CLAIM, state=Sending.QUEUED), HELD, (Remedy.TRY, Remedy.TAKE_BACK)),
        (CLAIM, replace(HELD, work=replace(WORK, owner=LISE)), (Remedy.THROW_AWAY,)),
        (CLAIM, replace(HELD, work=replace(WORK, owner=None)), (Remedy.SEND, Remedy.THROW_AWAY)),
    ],
)
def test_only_what_does_something_is_offered(
    out: Outgoing, held: Conversation | None, able: tuple[Remedy, ...]
) -> None:
    assert remedies(out, held, me=ME) == able


def test_what_may_still_come_to_pass_is_not_offered_to_be_taken_back() -> None:
    assert remedies(OUT, HELD, me=ME, doubtful=True) == (Remedy.TRY, Remedy.THROW_AWAY)
    assert remedies(replace(STOPPED, reason="taken"), HELD, me=ME, doubtful=True) == (Remedy.SEND, Remedy.THROW_AWAY)
    assert "might arrive twice" in told(OUT, seen=replace(SEEN, doubtful=True))


def test_what_stands_before_is_what_the_sender_holds_it_back_for() -> None:
    claim = replace(CLAIM, id="o0")
    note = replace(OUT, id="o2", verb=Verb.NOTE)
    assert before(OUT, (claim, OUT)) == claim
    assert before(note, (claim, note)) is None, "notes wait for nothing"
    assert before(OUT, (replace(claim, key=Key("national", "t1")), OUT)) is None, "the same id on another portal"
    assert before(OUT, (OUT, replace(OUT, id="o3"))) is None


def test_a_receipt_tells_when_it_arrived_and_what_its_task_was_not_told() -> None:
    sent = replace(OUT, state=Sending.SENT, settled=NOW - MINUTE)
    assert receipt_lines(Receipt(sent), HELD, SEEN).plain == "✓ 14:01  reply · Ingrid Solberg · b. 12.03.1979"
    warned = receipt_lines(Receipt(sent, "forbidden"), HELD, SEEN).plain
    assert "did not let the task be marked as answered" in warned
    assert "ask whoever gives you access" in warned


def test_both_sides_tell_what_was_seen_and_what_came_since() -> None:
    note = Note("n1", LISE, NOW, "Ringte, ikke svar")
    now = replace(HELD, work=replace(WORK, owner=LISE), readers=(INGRID,), entries=(OLD, NEW, note))
    names = {ME: "Kari Nordmann", MOTHER.reference: MOTHER.name}
    left, right = (side(OUT, now, names, NOW).plain for side in (written, standing))
    assert "Kom i morgen" in left
    assert "Jeg trenger mer Levaxin." in left
    assert "You had taken it" in left
    assert "allergisk" not in left
    for words in ("Lise Sekretær has it", "Mor Solberg does not read it any more", "allergisk", "Ringte, ikke svar"):
        assert words in right
    assert "Levaxin" not in right


def test_a_note_that_was_not_seen_is_told_also_by_a_colleague_whose_clock_is_slow() -> None:
    note = Note("n1", LISE, NOW - timedelta(hours=1), "Saken er løst")
    noted = replace(HELD, entries=(OLD, note))
    assert "Saken er løst" in standing(OUT, noted, {}, NOW).plain
    seen = replace(OUT, basis=Seen.of(noted).written())
    assert "Nothing was written since" in standing(seen, noted, {}, NOW).plain


def test_what_did_not_change_is_not_told_as_changed() -> None:
    right = standing(OUT, HELD, {}, NOW).plain
    assert right.split("\n") == [
        "You have it",
        "Will be read by: Ingrid Solberg, Mor Solberg (mor)",
        "",
        "Nothing was written since",
    ]


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_hostile_words_command_nothing(one: Hostile) -> None:
    party = replace(LISE, name=one.text, detail=one.text)
    messages = (replace(OLD, sender=party, text=one.text), replace(NEW, sender=party, text=one.text))
    held = replace(
        HELD, title=one.text, patient=Patient("Patient/1", one.text, one.text), readers=(party,), entries=messages,
        work=replace(WORK, owner=party),
    )  # fmt: skip
    file = LocalFile("f1", one.text, one.text, 12)
    out = replace(STOPPED, text=one.text, detail=one.text, files=(file,), reason="refused")
    names = dict.fromkeys((ME, LISE.reference, MOTHER.reference), one.text)
    seen = replace(SEEN, names=PortalNames.of([one.text, "regional"]))
    handed = Change(Verb.HAND_OVER, owner_name=one.text, note=one.text)
    for text in (
        told(out, held, seen), told(replace(out, reason="taken"), held, seen),
        told(replace(out, reason=one.text), held),
        told(replace(out, key=Key(one.text, "t1")), held, seen), written(out, held, names, NOW).plain,
        standing(out, held, names, NOW).plain, receipt_lines(Receipt(out, one.text), held, seen).plain,
        told(replace(out, verb=Verb.HAND_OVER, change=handed), held),
    ):  # fmt: skip
        assert not commanding(text.replace("\n", ""))
