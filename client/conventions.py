"""What one portal means by its codes: FHIR leaves them to each site, so every one can be set."""

from dataclasses import dataclass
from typing import Literal

BASE = "https://dialogue-workbench.github.io/fhir"
"""Where the project's own code systems are named."""

Threads = Literal["auto", "marked", "unmarked"]
"""How a thread's header is known among Communications.

`marked`: by the code `thread`. `unmarked`: it has neither partOf nor payload (Medplum's documentation).
`auto`: either of the two.
"""


@dataclass(frozen=True, slots=True)
class Conventions:
    """Code systems and codes of one portal."""

    threads: Threads = "auto"

    kind_system: str = f"{BASE}/CodeSystem/kind"
    kind_thread: str = "thread"
    kind_message: str = "message"
    kind_internal: str = "internal"
    kind_receipt: str = "receipt"
    """Stands beside `kind_message` on what tells the patient that a message has come."""

    category_system: str = f"{BASE}/CodeSystem/category"

    task_system: str = f"{BASE}/CodeSystem/task"
    task_respond: str = "respond"
    task_presence: str = "presence"
    """Code of Tasks that say where a colleague is, and are no work."""
    task_others: tuple[str, ...] = ("follow-up", "co-sign", "fill-form", "read-receipt")
    """Codes of Tasks that are not the work on a conversation, in whatever system they stand."""

    tie_merged: str = "merged-into"
    """Stands in `task_system` as the type of a Task's input that names the conversation this one was merged into."""
    tie_linked: str = "linked"
    """The same of one that this conversation is linked with."""

    business_system: str = f"{BASE}/CodeSystem/business-status"
    business_new: str = "new"
    business_claimed: str = "claimed"
    business_waiting_patient: str = "waiting-patient"
    business_waiting_colleague: str = "waiting-colleague"
    business_escalated: str = "escalated"
    business_answered: str = "answered"
    business_snoozed: str = "snoozed"
    business_reading: str = "reading"
    business_writing: str = "writing"

    pool_system: str = f"{BASE}/CodeSystem/pool"
    client_id_system: str = f"{BASE}/NamingSystem/client-id"

    support_codes: tuple[str, ...] = ("HE",)
    """Personnel categories (Volven 9060) that make somebody support staff."""
    support_words: tuple[str, ...] = ("sekretær", "secretary", "receptionist", "resepsjon")
    """The same, where a profession is given in words; compared in lower case."""
