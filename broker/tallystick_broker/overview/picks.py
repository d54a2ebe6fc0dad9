"""Picks: one version of a participant, by its number or by what points at it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tallystick_broker.errors import NotFound
from tallystick_broker.models import Branch, BranchHead, Participant, Version
from tallystick_broker.overview.choices import EVERYTHING, Choice, Kind, select_chosen
from tallystick_broker.versions import get_version, select_versions


def pick_version(
    session: Session, participant: Participant, number: str = "", choice: Choice = EVERYTHING
) -> Version:
    """Return the version of this number, else the newest that is meant; for a branch that is its head.

    Without either it is the head of the main branch, else the newest version. Raises NotFound when there is none.
    """
    if number:
        return get_version(session, participant.name, number)
    if choice == EVERYTHING:
        main = _find_head(session, participant, participant.main_branch)
        found = main or session.scalars(select_versions(participant).limit(1)).first()
    elif choice.kind is Kind.BRANCH:
        found = _find_head(session, participant, choice.name)
    else:
        found = session.scalars(_select_newest(participant, choice)).first()
    if found is None:
        raise NotFound(f"{participant.name} has no version{f' for {choice}' if str(choice) else ''} yet")
    return found


def _find_head(session: Session, participant: Participant, branch: str | None) -> Version | None:
    wanted = (
        select(Version)
        .join(BranchHead, BranchHead.version_id == Version.id)
        .join(Branch, Branch.id == BranchHead.branch_id)
        .where(Branch.participant_id == participant.id, Branch.name == branch)
    )
    return session.scalars(wanted).one_or_none()


def _select_newest(participant: Participant, choice: Choice) -> Select[Version]:
    chosen = select_chosen(participant, choice)
    wanted = select_versions(participant).limit(1)
    return wanted if chosen is None else wanted.where(Version.id.in_(chosen))
