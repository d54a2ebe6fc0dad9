"""The list of contracts that a provider should verify now."""

from sqlalchemy.orm import Session

from tallystick_broker.for_verification.entries import Entry, gather
from tallystick_broker.for_verification.pending import keep_work_in_progress, mark_pending
from tallystick_broker.for_verification.request import Request
from tallystick_broker.for_verification.selection import select_contracts, select_work_in_progress
from tallystick_broker.models import Participant


def list_contracts(session: Session, provider: Participant, request: Request) -> list[Entry]:
    """Return what this provider should verify: what the selectors find, then what is work in progress.

    Each consumer's content is listed once. The rules are those of the Pact Broker, but for work in progress, which
    leaves the list for good once it was verified: the Pact Broker forgets that after 30 days.
    """
    entries = gather(select_contracts(session, provider, request))
    if request.pending:
        entries = mark_pending(session, provider, request, entries)
    return entries + _list_work_in_progress(session, provider, request, entries)


def _list_work_in_progress(
    session: Session, provider: Participant, request: Request, explicit: list[Entry]
) -> list[Entry]:
    if request.wip_since is None or not (request.branch or request.tags):
        return []
    listed = {(entry.consumer, entry.fingerprint) for entry in explicit}
    found = gather(select_work_in_progress(session, provider, request.wip_since))
    rest = [entry for entry in found if (entry.consumer, entry.fingerprint) not in listed]
    return keep_work_in_progress(session, provider, request, rest)
