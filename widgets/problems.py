"""What went wrong, in words: one sentence that says what, why and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workbench.language import N_, _

PORTAL: Final = {
    "unreachable": N_("The portal does not answer: check the network; what you write is kept and goes out later."),
    "deadline": N_("The portal took too long to answer: it is tried again by itself."),
    "not-fhir": N_("What answered is not a FHIR portal: check the address, or ask who runs it."),
    "too-large": N_("The portal's answer is larger than this program takes: ask who runs the portal."),
    "refused": N_("The portal refused it: read what it says, change it and send again."),
    "unauthorised": N_("The portal wants you to sign in: this address cannot be used without it."),
    "forbidden": N_("The portal does not let you do this: ask whoever gives you access."),
    "not-found": N_("The portal does not have it any more: fetch news with F5."),
    "gone": N_("It has been deleted on the portal: fetch news with F5."),
    "conflict": N_("It was changed on the portal at the same time: read it again and decide anew."),
    "several-matches": N_("The portal holds more than one copy: look at the conversation in the portal."),
    "throttled": N_("The portal asks us to wait: it is tried again by itself."),
    "server-fault": N_("Something is wrong inside the portal: it is tried again by itself."),
    "foreign-address": N_("The portal points to another address: nothing was sent there; ask who runs the portal."),
    "tls": N_("The portal's certificate is not to be trusted: nothing was sent; ask your IT support."),
    "incomplete": N_("The portal gave less than it said it has: the list may not be complete."),
    "unknown-person": N_("The portal knows nobody of that name as staff: check “as” in the configuration, or --as."),
    "internal": N_("Something unforeseen went wrong in this program: it goes on trying; nothing you wrote is lost."),
}
ONCE: Final = {
    "deadline": N_("The portal took too long to answer: try again."),
    "throttled": N_("The portal asks us to wait: try again in a moment."),
    "server-fault": N_("Something is wrong inside the portal: try again in a moment, else ask who runs it."),
    "internal": N_("Something unforeseen went wrong in this program: try again; nothing you wrote is lost."),
}
"""What stands for the same words where something is asked once: nothing tries that again by itself."""
STORE: Final = {
    "wrong-key": N_(
        "The store on this machine cannot be opened with your key: nothing was changed; see “workbench doctor”."
    ),
    "newer-version": N_("The store was made by a newer version of this program: update it; nothing was changed."),
    "damaged": N_("The store on this machine is damaged: nothing was changed; see “workbench doctor”."),
    "damaged-cache": N_(
        "What is kept here of the portals is damaged: start the program again and it is fetched anew; "
        "drafts and outbox are whole."
    ),
    "cache-anew": N_("What was kept here of the portals was damaged and is fetched anew: drafts and outbox are whole."),
    "locked": N_("Another program holds the store: close it and try again."),
    "full": N_("The disk is full or cannot be written: make room; what is on screen is not saved yet."),
    "unsafe": N_("The folder of the store can be written by others: make it yours alone; nothing was opened."),
    "not-now": N_("Another window of this program has it in hand: look again in a moment."),
    "no-keyring": N_("There is no keyring to keep the store's key in: unlock it or ask your IT support."),
}
SENDING: Final = {
    "empty": N_("There is nothing to send: write something first."),
    "no-patient": N_("The portal names no patient in this conversation: it cannot be answered here."),
    "mixed-patients": N_(
        "More than one patient is in this conversation, by its messages or its readers: it cannot be answered here."
    ),
    "no-reader": N_(
        "The portal does not say who on the patient's side reads this conversation: telephone, or answer in the portal."
    ),
    "not-read": N_(
        "No message of this conversation has come from the portal yet: fetch news with F5, read it, and send then."
    ),
    "role": N_("Your role does not answer this kind of message: write a note or hand it over."),
    "closed": N_("The conversation is closed on the portal: it cannot be answered."),
    "nobody-acts": N_("Nobody acts in this window: start again with --as, or choose who you are."),
    "changed": N_("The patient of this conversation is another than when you began: read it again before you send."),
    "already-sent": N_(
        "Another window has sent this draft since: take out what was sent, or send once more if you mean it."
    ),
    "receipted": N_("The patient's last words have been answered or confirmed already: no receipt was sent."),
    "tie-patient": N_("It is not certain that both conversations are of the same patient: nothing was done."),
    "tie-readers": N_(
        "Not the same people read both on the patient's side: an answer in one would not reach the readers of the "
        "other. They can be linked instead."
    ),
    "tie-merged": N_("One of the two is merged with another already: take that apart first."),
    "tie-order": N_("It has become more urgent than the one it was to be merged with: press l again."),
    "tie-draft": N_(
        "Your unsent words lie in the conversation that would be merged: send them or throw them away first."
    ),
    "tie-consultation": N_("An unanswered e-consultation is not merged into another: answer it first, or link them."),
    "snooze-past": N_("That moment has passed: choose a later one."),
    "snooze-flagged": N_(
        "The patient wrote of an urgent symptom: it cannot be snoozed beyond today; answer it or hand it over."
    ),
}
ATTACHING: Final = {
    "missing": N_("There is no such file: check the name."),
    "unreadable": N_("The file cannot be read: check that you may open it."),
    "folder": N_("That is a folder: choose a file in it."),
    "empty-file": N_("The file is empty: choose another."),
    "file-too-large": N_("The file is too large ({size} MB; at most {most} MB): choose another."),
    "other-patient": N_("The document belongs to another patient: it was not attached."),
    "other-portal": N_("The document lies on another portal than the conversation: it was not attached."),
    "restricted": N_("The document is restricted: it cannot be sent to the patient."),
    "not-final": N_("The document is not approved yet: it cannot be sent to the patient."),
    "special": N_("That is no ordinary file: choose another."),
    "already-attached": N_("It is attached already."),
    "no-folder": N_("There is no such folder: check its name."),
    "unwritable": N_("The folder cannot be written in: choose another."),
    "damaged-file": N_("What the portal gave is not what it said it would be: the attachment was not saved."),
}
REASONS: Final = {
    "refused": N_("The portal refused it: read what it says, then change it or throw it away."),
    "conflict": N_("The conversation was changed meanwhile, so it was stopped: look at both sides and decide."),
    "new-activity": N_("Something new was written before it left, so it was stopped: read that first, then decide."),
    "taken": N_("A colleague has the conversation now, so it was stopped."),
    "gone": N_("The conversation is not on the portal any more: it cannot be sent there."),
    "forbidden": N_("The portal does not let you do this: ask whoever gives you access, then send it again."),
    "mixed-patients": N_(
        "More than one patient is in the conversation, by its messages or its readers: it cannot be sent."
    ),
    "ambiguous": N_("The portal holds more than one copy of it: look in the portal, then throw this one away."),
    "other-patient": N_(
        "The two conversations are not of the same patient on the portal: they were not tied together."
    ),
    "other-readers": N_(
        "Not the same people read both conversations on the patient's side: they were not merged; link them instead."
    ),
    "not-all-read": N_("Messages of the conversation were not given by the portal: look there first, then decide."),
    "reader-left": N_(
        "Somebody who would read it acts for the patient no more, says the portal: reach the patient another way."
    ),
    "document": N_(
        "A document with it is not, or no longer, one of the patient's that may be sent: edit it and take that off."
    ),
}
"""Why something in the outbox needs the user, as whole sentences."""
UNKNOWN: Final = N_("Something went wrong ({word}): try again; nothing you wrote is lost.")


def sentence(word: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
    """The sentence for what goes on in the background, as sync and outbox do, with the figures that it names."""
    for known in (PORTAL, STORE, SENDING, ATTACHING):
        if word in known:
            return _(known[word]).format(**values) if values else _(known[word])
    return _(UNKNOWN).format(word=word)


def asked_once(word: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
    """The sentence for what somebody asked for and waits for: it promises no second try, and says what to do."""
    return _(ONCE[word]) if word in ONCE else sentence(word, values)


def reason_words(reason: str) -> str:
    """Why something in the outbox needs the user; an unknown reason as it is."""
    known = REASONS.get(reason) or PORTAL.get(reason)
    return _(known) if known else reason
