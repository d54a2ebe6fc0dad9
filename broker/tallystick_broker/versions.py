"""Versions of participants, and the branches and tags that they are given."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tallystick_broker.db import find_or_create, insert
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Branch, BranchHead, BranchVersion, Participant, Tag, Version, now
from tallystick_broker.participants import ensure_participant, get_participant

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


def ensure_version(
    session: Session, name: str, number: str, build_url: str | None = None
) -> tuple[Version, bool]:
    """Return the version and whether it is new; the participant is made when needed.

    A build URL that is given replaces the one that is there.
    """
    participant = ensure_participant(session, name)
    key = {"participant_id": participant.id, "number": number}
    version, created = find_or_create(session, Version, key, {"build_url": build_url})
    if build_url is not None:
        version.build_url = build_url
    return version, created


def add_to_branch(session: Session, version: Version, name: str, *, auto_created: bool = False) -> bool:
    """Put the version on a branch, at its head; return False, and move nothing, when it is on it already."""
    branch, _ = find_or_create(session, Branch, {"participant_id": version.participant_id, "name": name})
    key = {"branch_id": branch.id, "version_id": version.id}
    _, joined = find_or_create(session, BranchVersion, key, {"auto_created": auto_created})
    if joined:
        head = insert(session, BranchHead).values(**key)
        session.execute(
            head.on_conflict_do_update(index_elements=["branch_id"], set_={"version_id": version.id})
        )
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
    heads = list(session.scalars(select(BranchHead.branch_id).filter_by(version_id=version.id)))
    session.execute(delete(Version).filter_by(id=version.id))
    _restore_heads(session, heads)


def tag_version(session: Session, version: Version, name: str) -> bool:
    """Tag the version; return False when it has that tag.

    The first tag of a version that was made seconds ago and is on no branch also names its branch, because
    that is how clients without branches say it (a rule of the Pact Broker).
    """
    fresh = now() - version.created_at <= TAG_AS_BRANCH_WITHIN and not _is_named(session, version)
    key = {"version_id": version.id, "name": name}
    _, created = find_or_create(session, Tag, key, {"participant_id": version.participant_id})
    if created:
        _detect_main_branch(session, version, name)
    if created and fresh:
        add_to_branch(session, version, name, auto_created=True)
    return created


def get_branch(session: Session, participant: Participant, name: str) -> Branch:
    """Return the participant's branch; raise NotFound when there is none of this name."""
    found = session.scalars(select(Branch).filter_by(participant_id=participant.id, name=name)).one_or_none()
    if found is None:
        raise NotFound(f"No branch {name} of {participant.name} found")
    return found


def _is_named(session: Session, version: Version) -> bool:
    tagged = session.scalar(select(Tag.name).filter_by(version_id=version.id).limit(1))
    return bool(
        tagged or session.scalar(select(BranchVersion.branch_id).filter_by(version_id=version.id).limit(1))
    )


def _detect_main_branch(session: Session, version: Version, name: str) -> None:
    participant = session.get_one(Participant, version.participant_id)
    if participant.main_branch is None and name in MAIN_BRANCH_CANDIDATES:
        participant.main_branch = name


def _restore_heads(session: Session, branch_ids: list[int]) -> None:
    for branch_id in branch_ids:
        headless = session.get(BranchHead, branch_id, populate_existing=True) is None
        newest = select(BranchVersion.version_id).filter_by(branch_id=branch_id)
        version_id = session.scalar(newest.order_by(BranchVersion.version_id.desc()).limit(1))
        if headless and version_id is not None:
            session.add(BranchHead(branch_id=branch_id, version_id=version_id))
            session.flush()
