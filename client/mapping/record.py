"""Documents and appointments of the patient's record."""

from client import models
from client.dates import moment
from client.mapping.context import Context, codes, words
from client.mapping.dialogue import attachment
from client.mapping.people import STRICT, strict
from workbench.dialogue.held import Appointment, RecordDocument

DOCUMENT_TYPE = "urn:oid:2.16.578.1.12.4.1.1.9602"
"""Norwegian document types, which no-basis-DocumentReference demands."""


def document(resource: models.DocumentReference, context: Context) -> RecordDocument:
    """Map a DocumentReference; of several formats the first counts."""
    reference = f"DocumentReference/{resource.id}"
    files = [(place, each.attachment) for place, each in enumerate(resource.content) if each.attachment]
    file = next((attachment(told, f"{reference}#content-{place}", context) for place, told in files), None)
    kind = words(resource.type)
    author = next((each.display or each.reference for each in resource.author), "")
    labels = [coding for concept in resource.security for coding in concept.coding]
    return RecordDocument(
        reference=reference,
        patient=context.reference(resource.subject),
        title=resource.description or (file.title if file else "") or kind,
        type_code=next(iter(codes([resource.type] if resource.type else [], DOCUMENT_TYPE)), ""),
        type_text=kind,
        written=moment(resource.date),
        author=author,
        attachment=file,
        restricted=strict([*labels, *resource.meta.security]) or any(label.code in STRICT for label in labels),
        final=resource.doc_status in ("", "final", "amended"),
    )


def appointment(resource: models.Appointment, context: Context) -> Appointment:
    """Map an Appointment."""
    actors = context.references(each.actor for each in resource.participant if each.actor)
    text = resource.description or next((words(each) for each in resource.service), "") or words(resource.type)
    return Appointment(
        reference=f"Appointment/{resource.id}",
        patient=next((actor for actor in actors if actor.startswith("Patient/")), ""),
        start=moment(resource.start),
        text=text,
        status=resource.status,
    )
