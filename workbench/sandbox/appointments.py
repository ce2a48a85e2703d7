"""Appointments that lie ahead."""

from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.people import Person
from workbench.sandbox.workdays import DAY, HOUR, MINUTE, at, day_of, instant, working_days_after

APPOINTMENT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0276"
SERVICES: Final = ("Legetime", "Kontroll", "Årskontroll", "Blodprøve", "Vaksine", "Samtale", "Sårskift")
"""What an appointment may be for, as the patient sees it."""


def appointment(person: Person, now: float, dice: Dice) -> dict[str, object]:
    """Return a new Appointment of `person` in office hours after `now` (seconds), and enter it as the next one."""
    day = working_days_after(day_of(now), dice.whole(1, 25))
    start = at(day, 8 * HOUR + dice.whole(0, 27) * 15 * MINUTE)
    minutes = dice.pick((15, 20, 30, 45))
    identity = dice.uuid()
    service = dice.pick(SERVICES)
    made = instant(now - dice.between(1, 60) * DAY)
    person.appointment = {"reference": f"Appointment/{identity}", "display": service}
    return {
        "resourceType": "Appointment",
        "id": identity,
        "meta": {"lastUpdated": made},
        "status": "booked",
        "serviceCategory": [{"text": "Allmennmedisin"}],
        "appointmentType": codes.concept(APPOINTMENT_TYPE, "ROUTINE"),
        "description": service,
        "start": instant(start),
        "end": instant(start + minutes * MINUTE),
        "minutesDuration": minutes,
        "created": made,
        "participant": [
            {"actor": person.shown, "required": "required", "status": "accepted"},
            {"actor": person.doctor.shown, "required": "required", "status": "accepted"},
        ],
    }
