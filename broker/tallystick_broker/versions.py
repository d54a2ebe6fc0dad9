"""Versions of participants, and the branches and tags that they are given."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, delete, exists, func, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among, create_missing, find_or_create, insert, upsert
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Environment,
    LiveVersion,
    Participant,
    Tag,
    Version,
    now,
)
from tallystick_broker.participants import get_participant

MAIN_BRANCH_CANDIDATES = ("develop", "main", "master")
TAG_AS_BRANCH_WITHIN = timedelta(seconds=10)
TOUCHED_AT_MOST_EVERY = timedelta(minutes=1)


def find_version(session: Session, name: str, number: str) -> Version | None:
    """Return the version, or None when it or its participant is unknown."""
    wanted = (
        select(Version).join(Version.participant).where(Participant.name == name, Version.number == number)
    )
    return session.scalars(wanted).one_or_none()


def get_version(session: Session, name: str, number: str) -> Version:
    """Return the version; raise NotFound when it or its participant is unknown."""
    participant = get_participant(session, name)
    found = session.scalars(
        select(Version).filter_by(participant_id=participant.id, number=number)
    ).one_or_none()
    if found is None:
        raise NotFound(f"No version {number} of {name} found")
    return found


def select_versions(
    participant: Participant,
    *,
    tag: str | None = None,
    branch: Branch | None = None,
    environment: Environment | None = None,
) -> Select[Version]:
    """Return the query for the participant's versions, newest first.

    The others keep those that have the tag, are on the branch, or are deployed to or supported in the environment.
    """
    wanted = select(Version).filter_by(participant_id=participant.id).order_by(Version.id.desc())
    if tag is not None:
        tagged = select(Tag.version_id).filter_by(participant_id=participant.id, name=tag)
        wanted = wanted.where(Version.id.in_(tagged))
    if branch is not None:
        wanted = wanted.where(Version.id.in_(select(BranchVersion.version_id).filter_by(branch_id=branch.id)))
    if environment is not None:
        live = select(LiveVersion.version_id).filter_by(environment_id=environment.id)
        wanted = wanted.where(Version.id.in_(live.where(LiveVersion.participant_id == participant.id)))
    return wanted


def ensure_version(
    session: Session, participant: Participant, number: str, build_url: str | None = None
) -> tuple[Version, bool]:
    """Return the participant's version of this number, made when needed, and whether it is new.

    A build URL that is given replaces the one that is there.
    """
    key = {"participant_id": participant.id, "number": number}
    version, created = find_or_create(session, Version, key, {"build_url": build_url})
    if build_url is not None:
        version.build_url = build_url
    return version, created


def add_to_branch(session: Session, version: Version, name: str, *, auto_created: bool = False) -> bool:
    """Put the version on a branch, at its head; return False, and move nothing, when it is on it already."""
    branch, _ = find_or_create(session, Branch, {"participant_id": version.participant_id, "name": name})
    key = {"branch_id": branch.id, "version_id": version.id}
    joined = bool(create_missing(session, BranchVersion, [key | {"auto_created": auto_created}]))
    if joined:
        upsert(session, BranchHead, [key])
    if now() - branch.updated_at > TOUCHED_AT_MOST_EVERY:
        branch.updated_at = now()
    _detect_main_branch(session, version, name)
    return joined


def leave_branch(session: Session, version: Version, branch: Branch) -> None:
    """Take the version off the branch, whose newest other member becomes the head."""
    key = {"branch_id": branch.id, "version_id": version.id}
    session.execute(delete(BranchVersion).filter_by(**key))
    _restore_heads(session, [branch.id])


def delete_version(session: Session, version: Version) -> None:
    """Delete the version with everything that hangs on it; branches get their next head."""
    delete_versions(session, Version.id == version.id)


def delete_versions(session: Session, condition: ColumnElement[bool]) -> None:
    """Delete the versions that the condition is true of, as `delete_version` does."""
    headed = select(BranchHead.branch_id).join(Version, Version.id == BranchHead.version_id).where(condition)
    heads = list(session.scalars(headed))
    session.execute(delete(Version).where(condition))
    _restore_heads(session, heads)


def tag_version(session: Session, version: Version, names: Sequence[str]) -> set[str]:
    """Give the version these tags; return those that it did not have.

    The first tag of a version that was made seconds ago and is on no branch also names its branch, because
    that is how clients without branches say it (a rule of the Pact Broker).
    """
    if not names:
        return set()
    fresh = now() - version.created_at <= TAG_AS_BRANCH_WITHIN and not _is_named(session, version)
    made = _add_tags(session, version, names)
    for name in (name for name in names if name in made):
        _detect_main_branch(session, version, name)
    if fresh and names[0] in made:
        add_to_branch(session, version, names[0], auto_created=True)
    return made


def replace_tags(session: Session, version: Version, names: Collection[str]) -> None:
    """Give the version these tags and no others; unlike `tag_version`, it never makes a branch."""
    session.execute(delete(Tag).where(Tag.version_id == version.id, Tag.name.not_in(names)))
    _add_tags(session, version, names)


def select_branches(participant: Participant, query: str | None = None) -> Select[Branch]:
    """Return the query for the participant's branches, the one touched last first.

    `query` keeps those whose name contains it, in any case.
    """
    wanted = select(Branch).filter_by(participant_id=participant.id)
    if query:
        wanted = wanted.where(Branch.name.icontains(query, autoescape=True))
    return wanted.order_by(Branch.updated_at.desc(), Branch.id.desc())


def delete_branches(session: Session, participant: Participant, kept: Collection[str]) -> int:
    """Delete the participant's branches but its main branch and those kept; return how many there were.

    Their versions stay.
    """
    names = {*kept, participant.main_branch} - {None}
    gone = delete(Branch).where(Branch.participant_id == participant.id, Branch.name.not_in(names))
    return cast("CursorResult[Any]", session.execute(gone)).rowcount


def get_branch(session: Session, participant: Participant, name: str) -> Branch:
    """Return the participant's branch; raise NotFound when there is none of this name."""
    found = session.scalars(select(Branch).filter_by(participant_id=participant.id, name=name)).one_or_none()
    if found is None:
        raise NotFound(f"No branch {name} of {participant.name} found")
    return found


def _is_named(session: Session, version: Version) -> bool:
    tagged = exists().where(Tag.version_id == version.id)
    return bool(session.scalar(select(tagged | exists().where(BranchVersion.version_id == version.id))))


def _add_tags(session: Session, version: Version, names: Collection[str]) -> set[str]:
    key = {"version_id": version.id, "participant_id": version.participant_id}
    rows = [key | {"name": name} for name in dict.fromkeys(names)]
    return {tag.name for tag in create_missing(session, Tag, rows)}


def _detect_main_branch(session: Session, version: Version, name: str) -> None:
    participant = session.get_one(Participant, version.participant_id)
    if participant.main_branch is None and name in MAIN_BRANCH_CANDIDATES:
        participant.main_branch = name


def _restore_heads(session: Session, branch_ids: list[int]) -> None:
    """Let those of the branches that have no head stand at their newest version."""
    headed = select(BranchHead).where(BranchHead.branch_id == BranchVersion.branch_id).exists()
    newest = (
        select(BranchVersion.branch_id, func.max(BranchVersion.version_id))
        .where(among(BranchVersion.branch_id, branch_ids), ~headed)
        .group_by(BranchVersion.branch_id)
    )
    session.execute(insert(session, BranchHead).from_select(["branch_id", "version_id"], newest))
