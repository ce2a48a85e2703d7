"""The scenes that come with the program: every screen in every state that is worth a look."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workbench.dialogue.outgoing import Sending
from workbench.dialogue.status import Connection
from workbench.language import N_
from workbench.snapshot.scene import Scene

ANSWER: Final = (
    "type:Hei Ingrid! Dette bør vi se på med en gang. Ring 113 hvis smertene kommer tilbake. "
    "Jeg har satt deg opp til time i dag klokken 15. Hilsen Kari Nordmann"
)
REMARK: Final = "type:Ringte på nytt, ingen svar. EKG er bestilt til klokken 15."
REPLYING: Final = ("j", "enter", "r", ANSWER)
NOTING: Final = ("j", "enter", "n", REMARK)
STOPPED: Final = (Sending.NEEDS_YOU, Sending.NEEDS_YOU)
SMALL: Final = (80, 24)
NARROW: Final = (60, 24)

INBOX: Final = Scene("inbox", N_("The inbox, with a conversation beside the list"), size=(120, 32), keys=("j",))

SCENES: Final[tuple[Scene, ...]] = (
    INBOX,
    Scene("conversation", N_("A conversation being read"), keys=("j", "enter")),
    Scene("reply", N_("A reply being written"), keys=REPLYING),
    Scene("reply-confirm", N_("The question before a reply is sent"), keys=(*REPLYING, "ctrl+s")),
    Scene("reply-sent", N_("A reply on its way"), keys=(*REPLYING, "ctrl+s", "enter")),
    Scene("note", N_("A note being written"), keys=NOTING),
    Scene("note-confirm", N_("The question before a note is saved"), keys=(*NOTING, "ctrl+s")),
    Scene("draft", N_("A draft that waits in its conversation"), keys=(*REPLYING, "escape")),
    Scene("discard", N_("The question before a draft is thrown away"), keys=(*REPLYING, "f8")),
    Scene("claim", N_("A conversation of nobody's, just claimed"), keys=("g", "down", "enter", "c")),
    Scene("hand-over", N_("Handing over: to whom"), keys=("j", "f")),
    Scene("hand-over-why", N_("Handing over: why"), keys=("j", "f", "type:lise", "enter", "type:Kan du ringe i dag?")),
    Scene("priority", N_("Choosing how much it hurries"), keys=("j", "p")),
    Scene("queues", N_("Choosing a queue"), keys=("g",)),
    Scene("search", N_("What a search found"), keys=("slash", "type:time")),
    Scene("record", N_("The patient's record"), keys=("end", "o")),
    Scene("document", N_("A document being read"), keys=("end", "o", "enter")),
    Scene("attach-file", N_("Attaching a file"), keys=("j", "r", "f2", "type:/finnes/ikke/")),
    Scene("attach-document", N_("Attaching a document of the record"), keys=("end", "r", "f3")),
    Scene("attached", N_("A reply with a document attached"), keys=("end", "r", "f3", "enter")),
    Scene(
        "outbox",
        N_("The outbox: waiting, in doubt, stopped"),
        outbox=(Sending.QUEUED, Sending.UNKNOWN, Sending.NEEDS_YOU, Sending.NEEDS_YOU),
        arrived=2,
        keys=("b",),
    ),
    Scene("outbox-small", N_("The outbox on 80 columns"), size=SMALL, outbox=STOPPED, arrived=2, keys=("b",)),
    Scene("both-sides", N_("What was written beside what came since"), outbox=STOPPED, keys=("b", "enter")),
    Scene(
        "both-sides-small",
        N_("Both sides on 80 columns, of what a colleague took"),
        size=SMALL,
        outbox=STOPPED,
        keys=("b", "down", "enter"),
    ),
    Scene(
        "overview", N_("How each queue and the last days stand"), conversations=120, keys=("O", "down", "down", "right")
    ),
    Scene("overview-days", N_("One of the last days"), conversations=120, keys=("O", "tab", "down", "left")),
    Scene(
        "overview-small", N_("The overview on 80 columns"), size=SMALL, conversations=120, keys=("O", "down", "down")
    ),
    Scene("handover", N_("What the next shift must know"), outbox=STOPPED, keys=("O", "h")),
    Scene("taken-back", N_("A reply taken back to edit it"), outbox=(Sending.QUEUED,), keys=("b", "e")),
    Scene("two-portals", N_("Two portals in one inbox"), portals=2, keys=("j",)),
    Scene("two-portals-small", N_("Two portals on 80 columns"), portals=2, size=SMALL, keys=("j",)),
    Scene("two-portals-confirm", N_("The question names the portal"), portals=2, keys=(*REPLYING, "ctrl+s")),
    Scene(
        "one-portal-down",
        N_("One of two portals does not answer"),
        portals=2,
        size=SMALL,
        connection=Connection.OFFLINE,
        problem="unreachable",
        age=47,
        outbox=(Sending.QUEUED, Sending.QUEUED),
        keys=("b",),
    ),
    Scene(
        "offline",
        N_("The portal does not answer"),
        connection=Connection.OFFLINE,
        problem="unreachable",
        age=47,
        outbox=(Sending.QUEUED, Sending.QUEUED),
        keys=("j",),
    ),
    Scene(
        "not-fhir",
        N_("What answers is not a FHIR portal"),
        connection=Connection.REFUSED,
        problem="not-fhir",
        said="text/html",
        age=180,
    ),
    Scene(
        "forbidden",
        N_("The portal refuses"),
        connection=Connection.REFUSED,
        problem="forbidden",
        said="Tilgangen er trukket tilbake.",
        age=12,
        size=SMALL,
    ),
    Scene("empty", N_("Nothing to do"), data="empty"),
    Scene(
        "first-sync",
        N_("The first fetch is going on"),
        data="empty",
        connection=Connection.SYNCING,
        age=None,
        received=18_400,
    ),
    Scene("error", N_("A sentence about what went wrong"), keys=("j", "r", "f2", "type:/finnes/ikke.pdf", "enter")),
    Scene("who", N_("Nobody has said who acts"), role="nobody"),
    Scene("help", N_("All keys"), keys=("question_mark",)),
    Scene("support", N_("The inbox of support staff"), role="support", keys=("g", "down", "enter", "j")),
    Scene("hostile", N_("Texts that try to command the terminal"), data="hostile", keys=("end", "enter")),
    Scene("narrow", N_("The list on a narrow terminal"), size=NARROW),
    Scene("narrow-reply", N_("A reply on a narrow terminal"), size=NARROW, keys=REPLYING),
    Scene("middle", N_("Two panes on 80 columns"), size=SMALL, keys=("j",)),
    Scene("middle-note", N_("A note on 80 columns"), size=SMALL, keys=NOTING),
    Scene("wide", N_("A wide terminal"), size=(200, 50), keys=("j",)),
    replace(INBOX, name="nynorsk", title=N_("The inbox in Nynorsk"), language="nn"),
    replace(INBOX, name="english", title=N_("The inbox in English"), language="en"),
    Scene("light", N_("The light look"), look="dagslys", keys=REPLYING),
    Scene("contrast", N_("The look of high contrast"), look="kontrast", keys=NOTING),
)
