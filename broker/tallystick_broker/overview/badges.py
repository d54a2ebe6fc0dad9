"""What badges say of contracts: whether the newest one is verified, and which version a main branch stands at."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.models import Branch, BranchHead, Participant, Result, Tag, Version
from tallystick_broker.publications import Place, find_newest, select_contents


class Standing(StrEnum):
    """How the newest contract of a pair stands."""

    VERIFIED = "verified"
    CHANGED = "changed"
    FAILED = "failed"
    FAILED_PENDING = "failed (pending)"
    UNKNOWN = "unknown"


def find_standing(
    session: Session, pair: Pair, place: Place, provider_tag: str | None = None
) -> Standing | None:
    """Return how the pair's newest contract at this place stands; None when there is no contract.

    What counts is the newest result of any contract there, by a provider version with the tag if one is given: a
    success says nothing for a contract that has changed since (the rules of the Pact Broker).
    """
    newest = find_newest(session, pair, place)
    if newest is None:
        return None
    results = select(Result).where(Result.content_id.in_(select_contents(pair, place)))
    if provider_tag is not None:
        tagged = select(Tag.version_id).filter_by(participant_id=pair.provider.id, name=provider_tag)
        results = results.where(Result.provider_version_id.in_(tagged))
    result = session.scalars(results.order_by(Result.id.desc()).limit(1)).one_or_none()
    if result is None:
        return Standing.UNKNOWN
    if not result.success:
        return Standing.FAILED_PENDING if result.pending else Standing.FAILED
    same = result.content_id == newest.publication.content_id
    return Standing.VERIFIED if same else Standing.CHANGED


def find_main_version(session: Session, participant: Participant) -> str | None:
    """Return the number of the version that the main branch stands at, or None.

    Without a branch of that name it is the newest version with a tag of that name (a rule of the Pact Broker).
    """
    branch = select(Branch.id).filter_by(participant_id=participant.id, name=participant.main_branch)
    branch_id = session.scalar(branch)
    if branch_id is not None:
        wanted = select(Version.number).join(BranchHead, BranchHead.version_id == Version.id)
        return session.scalar(wanted.where(BranchHead.branch_id == branch_id))
    tagged = select(Version.number).join(Tag, Tag.version_id == Version.id)
    newest = tagged.where(Tag.participant_id == participant.id, Tag.name == participant.main_branch)
    return session.scalar(newest.order_by(Version.id.desc()).limit(1))
