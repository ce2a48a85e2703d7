"""The words for codes: what a category, a state or a verb is called on the screen.

A code nobody knows comes back as it was written, so what these functions return is still text from
outside: it goes on the screen through `for_display` like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from workbench.dialogue.deadline import working_days_over
from workbench.dialogue.office import Office
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.people import Role
from workbench.dialogue.queue import Total
from workbench.dialogue.snooze_times import Until
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Priority, State, Verb
from workbench.language import N_, _, clock_time, ngettext, number

CATEGORIES: Final[Mapping[str, str]] = {
    "e-kontakt": N_("e-contact"),
    "e-konsultasjon": N_("e-consultation"),
    "reseptfornyelse": N_("prescription renewal"),
    "timeendring": N_("appointment change"),
    "skjema": N_("form"),
    "journalinnsyn": N_("record access"),
    "samvalg": N_("shared decision"),
    "samhandling": N_("collaboration"),
    "annet": N_("other"),
}
"""The codes of the subject matter that this workbench knows, in the order a picker shows them."""

PRIORITIES: Final[Mapping[Priority, str]] = {
    Priority.ROUTINE: N_("routine"),
    Priority.URGENT: N_("urgent"),
    Priority.ASAP: N_("very urgent"),
    Priority.STAT: N_("immediate"),
}
STATES: Final[Mapping[State, str]] = {
    State.NEW: N_("new"),
    State.CLAIMED: N_("claimed"),
    State.WAITING_PATIENT: N_("waiting for the patient"),
    State.WAITING_COLLEAGUE: N_("waiting for a colleague"),
    State.ESCALATED: N_("escalated"),
    State.DONE: N_("done"),
    State.SNOOZED: N_("snoozed"),
}
SENDINGS: Final[Mapping[Sending, str]] = {
    Sending.QUEUED: N_("waiting to be sent"),
    Sending.SENDING: N_("sending"),
    Sending.SENT: N_("sent"),
    Sending.UNKNOWN: N_("unknown if sent"),
    Sending.NEEDS_YOU: N_("needs you"),
}
VERBS: Final[Mapping[Verb, str]] = {
    Verb.CLAIM: N_("claim"),
    Verb.RELEASE: N_("release"),
    Verb.HAND_OVER: N_("hand over"),
    Verb.DONE: N_("done"),
    Verb.REOPEN: N_("reopen"),
    Verb.PRIORITY: N_("priority"),
    Verb.CATEGORY: N_("category"),
    Verb.SNOOZE: N_("snooze"),
    Verb.WAKE: N_("wake"),
    Verb.NEXT: N_("next action"),
    Verb.MERGE: N_("merge"),
    Verb.SPLIT: N_("take apart"),
    Verb.LINK: N_("link"),
    Verb.UNLINK: N_("unlink"),
    Verb.REPLY: N_("reply"),
    Verb.NOTE: N_("note"),
    Verb.RECEIPT: N_("receipt"),
}
QUEUES: Final[Mapping[str, str]] = {
    "mine": N_("Mine"),
    "unclaimed": N_("Unclaimed"),
    "flagged": N_("Red flags"),
    "overdue": N_("Overdue"),
    "guard": N_("Due over days off"),
    "waiting": N_("Awaiting patient"),
    "colleague": N_("With a colleague"),
    "snoozed": N_("Snoozed"),
    "today": N_("Done today"),
    "done": N_("Done"),
    "all": N_("All"),
    "open": N_("All open"),
}
SNOOZES: Final[Mapping[str, str]] = {
    Until.NEXT_DAY: N_("next working day"),
    Until.SOON: N_("in an hour"),
    Until.LATER: N_("in three hours"),
    Until.NEXT_WEEK: N_("next week"),
    Until.PATIENT: N_("the patient writes"),
}
CONNECTIONS: Final[Mapping[Connection, str]] = {
    Connection.CONNECTING: N_("connecting"),
    Connection.ONLINE: N_("connected"),
    Connection.SYNCING: N_("fetching"),
    Connection.OFFLINE: N_("offline"),
    Connection.REFUSED: N_("refused"),
}
LIVE: Final = N_("live")
ROLES: Final[Mapping[Role, str]] = {Role.CLINICIAN: N_("clinician"), Role.SUPPORT: N_("support staff")}
NEAR_DAYS: Final[Mapping[int, str]] = {-1: N_("yesterday"), 0: N_("today"), 1: N_("tomorrow")}
GENDERS: Final[Mapping[str, str]] = {
    "female": N_("woman"),
    "male": N_("man"),
    "other": N_("other gender"),
    "unknown": N_("gender unknown"),
}
CHILDREN: Final[Mapping[str, str]] = {"female": N_("girl"), "male": N_("boy")}
APPOINTMENTS: Final[Mapping[str, str]] = {
    "proposed": N_("proposed"),
    "pending": N_("not confirmed"),
    "booked": N_("booked"),
    "waitlist": N_("on the waiting list"),
    "checked-in": N_("has checked in"),
    "arrived": N_("has arrived"),
    "fulfilled": N_("has been"),
    "cancelled": N_("cancelled"),
    "noshow": N_("did not come"),
}
WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
WHOLE_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
COUNTED: Final = timedelta(days=99)
"""How long something is overdue at most for the working days since to be counted: each row that is drawn does."""


def category_word(code: str) -> str:
    """What a subject matter is called; an unknown code as it is."""
    return _known(CATEGORIES, code)


def priority_word(priority: Priority) -> str:
    """How much it hurries, in a word."""
    return _(PRIORITIES[priority])


def priority_sign(priority: Priority) -> str:
    """How much it hurries, in zero to three exclamation marks."""
    return "!" * (3 - priority.rank)


def state_word(state: State) -> str:
    """Where the work stands, in a word."""
    return _(STATES[state])


def sending_word(state: Sending) -> str:
    """How far something in the outbox has come, in a word."""
    return _(SENDINGS[state])


def verb_word(verb: Verb) -> str:
    """What is done to a conversation, in a word."""
    return _(VERBS[verb])


def connection_word(connection: Connection, *, live: bool = False) -> str:
    """How a portal answers, in a word; one that also tells by itself of news has a word that is no longer."""
    return _(LIVE if live and connection is Connection.ONLINE else CONNECTIONS[connection])


def role_word(role: Role) -> str:
    """What kind of staff somebody is."""
    return _(ROLES[role])


def snooze_word(name: str) -> str:
    """What a moment to snooze until is called."""
    return _known(SNOOZES, name)


def queue_word(name: str) -> str:
    """What a queue is called: a known name translated, a team's code as the site's own word."""
    kind, _colon, code = name.partition(":")
    if kind == "category" and code:
        word = category_word(code)
        return word[:1].upper() + word[1:]
    if kind == "view" and code:
        return code
    if kind == "patient" and code:
        return _("All of {name}").format(name=code)
    if kind == "overview" and code:
        return _("Overview: {what}").format(what=code)
    return pool_word(code) if kind == "pool" and code else _known(QUEUES, name)


def total_word(total: Total) -> str:
    """How many conversations a list holds, with a sign where more were found than it shows."""
    return f"{number(total)}+" if total.cut else number(total)


def pool_word(code: str, name: str = "") -> str:
    """What a team is called: its name where the portal gave one, else its code as the site's own word."""
    return name or code[:1].upper() + code[1:]


def gender_word(code: str, *, child: bool = False) -> str:
    """A FHIR administrative gender, of a child where it is one; an unknown code as it is."""
    return _(CHILDREN[code]) if child and code in CHILDREN else _known(GENDERS, code)


def appointment_word(status: str) -> str:
    """How an appointment stands; an unknown code as it is."""
    return _known(APPOINTMENTS, status)


def age_word(moment: datetime, now: datetime) -> str:
    """How long ago in one unit; days are never gathered into months, which read like minutes."""
    minutes = max(int((now - moment).total_seconds()), 0) // 60
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 24 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // (24 * 60))


def deadline_word(
    due: datetime, now: datetime, office: Office | None = None, *, roomy: bool = False, ours: bool = True
) -> str:
    """A deadline in a dozen cells: `overdue`, `due today`, `due Thu`, `due 15/4`.

    Args:
        due: Aware, in any zone.
        now: Aware, in the zone of who reads.
        office: Whose working days tell how long it is overdue; None where that is not told, as the holidays are
            not loaded yet.
        roomy: There are two dozen cells: `overdue 2 days`, `due today 15:30`, `due Thursday`.
        ours: It is for the site to act on (`work.ACTIVE`): else it is not overdue, whatever the day, as its count says.
    """
    local = due.astimezone(now.tzinfo)
    if due > now or not ours:
        day = short_day(local.date(), now.date(), whole=roomy)
        today = local.date() == now.date()
        return _("due {day}").format(day=f"{day} {clock_time(local)}" if roomy and today else day)
    if office is None:
        return _("overdue")
    if now - due > COUNTED:
        return _("overdue since {day}").format(day=short_day(local.date(), now.date())) if roomy else _("overdue")
    days = working_days_over(due, now, office)
    if not days:
        return _("overdue")
    return (
        ngettext("overdue {n} day", "overdue {n} days", days).format(n=days)
        if roomy
        else _("overdue {n} d").format(n=days)
    )


def short_day(when: date, today: date, *, whole: bool = False) -> str:
    """A day, short: the words for those next to today, a weekday within the week to come, else day and month.

    Args:
        when: The day.
        today: The day it is.
        whole: Weekdays are written out.
    """
    ahead = (when - today).days
    if ahead in NEAR_DAYS:
        return _(NEAR_DAYS[ahead])
    if 1 < ahead < 7:
        return _((WHOLE_WEEKDAYS if whole else WEEKDAYS)[when.weekday()])
    if when.year == today.year:
        return _("{day}/{month}").format(day=when.day, month=when.month)
    return _("{day}/{month} {year}").format(day=when.day, month=when.month, year=when.year)


def moment_word(moment: datetime, now: datetime) -> str:
    """A moment that has been: the time when it is today's, else the day too."""
    local = moment.astimezone(now.tzinfo)
    time = clock_time(local)
    return time if local.date() == now.date() else f"{short_day(local.date(), now.date())} {time}"


def _known(words: Mapping[str, str], code: str) -> str:
    return _(words[code]) if code in words else code
