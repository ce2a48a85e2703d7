"""Whom something concerns that is to leave: stops it where that is not who the user saw, as the portal has it now."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from workbench.dialogue.basis import readers_in
from workbench.dialogue.held import Batch, HeldPost, HeldThread
from workbench.dialogue.outgoing import Outgoing, Reason
from workbench.sync.faults import UNAVAILABLE
from workbench.sync.ports import CachePort, PortalPort
from workbench.sync.verdict import NeedsYou


def check_patient(item: Outgoing, header: HeldThread) -> None:
    """Stops what was decided on for another patient than the conversation is of by now."""
    if header.patient != item.patient:
        raise NeedsYou(Reason.CONFLICT)


async def check_relatives(portal: PortalPort, cache: CachePort, header: HeldThread, posts: Iterable[HeldPost]) -> None:
    """Stops a reply where somebody reads or wrote who acts for another patient, or reads who acts for none any more."""
    people = dict.fromkeys((*readers_in(header), *(post.sender for post in posts)))
    relatives = [who for who in people if who.startswith("RelatedPerson/")]
    found = Batch()
    if relatives:
        with suppress(*UNAVAILABLE):
            found = await portal.fetch(relatives)
    cache.apply(portal.name, found)
    if any(held.patient not in ("", header.patient) for held in found.parties):
        raise NeedsYou(Reason.MIXED)
    left = {held.party.reference for held in found.parties if held.over}
    if not left.isdisjoint(readers_in(header)):
        raise NeedsYou(Reason.READER_LEFT)


async def check_documents(portal: PortalPort, item: Outgoing) -> None:
    """Stops a reply with a document that is not the patient's to be sent, or is no longer so."""
    if not item.documents:
        return
    told = await portal.documents(item.patient)
    fit = {document.reference for document in told if document.final and not document.restricted}
    if not fit.issuperset(document.reference for document in item.documents):
        raise NeedsYou(Reason.DOCUMENT)
