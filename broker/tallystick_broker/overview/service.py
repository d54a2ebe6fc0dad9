"""One service: what it works with, where it is live, its branches and its versions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    BranchHead,
    Integration,
    LatestResult,
    Participant,
    Publication,
    Version,
)
from tallystick_broker.overview.choices import EVERYTHING, Choice, select_chosen
from tallystick_broker.overview.finds import begins
from tallystick_broker.overview.integrations import Standing, describe, select_standings
from tallystick_broker.overview.marks import Marks, find_marks
from tallystick_broker.overview.presence import Presence, find_presence
from tallystick_broker.participants import find_labels
from tallystick_broker.versions import select_branches, select_versions

NEWEST = 8
"""Branches and versions on the page of the service itself."""

MOST_SIDES = 200
"""Integrations on the page of the service itself; the list of integrations has all."""

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A version with its marks, and with how many providers and of how many contracts it has results or contracts."""

    version: Version
    marks: Marks
    published: int
    verified: int


@dataclass(frozen=True)
class BranchStand:
    """A branch with the version that it stands at, if it has one."""

    name: str
    main: bool
    number: str | None
    touched: datetime


@dataclass(frozen=True)
class Service:
    """A service with its neighbours on both sides; `more` says that there are more of those than are listed."""

    participant: Participant
    labels: tuple[str, ...]
    presence: tuple[Presence, ...]
    consumes: tuple[Standing, ...]
    consumed_by: tuple[Standing, ...]
    more: bool
    branches: tuple[BranchStand, ...]
    versions: tuple[Listed, ...]


@dataclass(frozen=True)
class Versions:
    """A window of versions, the newest first; `older` is the number before which the next window begins."""

    versions: tuple[Listed, ...]
    older: str | None


def read_service(session: Session, participant: Participant) -> Service:
    """Return what is told of the service first, in a fixed number of statements."""
    own = or_(Integration.consumer_id == participant.id, Integration.provider_id == participant.id)
    rows = session.execute(
        select_standings().where(own).order_by("consumer", "provider").limit(MOST_SIDES + 1)
    ).all()
    standings = describe(session, rows[:MOST_SIDES])
    versions = session.scalars(select_versions(participant).limit(NEWEST)).all()
    return Service(
        participant,
        tuple(find_labels(session, [participant.id]).get(participant.id, ())),
        find_presence(session, [participant.id]).get(participant.id, ()),
        tuple(each for each in standings if each.consumer == participant.name),
        tuple(each for each in standings if each.provider == participant.name),
        len(rows) > MOST_SIDES,
        list_branches(session, participant, amount=NEWEST),
        _describe(session, versions),
    )


def list_branches(
    session: Session, participant: Participant, text: str = "", page: int = 1, amount: int = PAGE
) -> tuple[BranchStand, ...]:
    """Return a page of the branches that have the text in their name, those touched last first, with their heads."""
    found = session.scalars(
        select_branches(participant, text).limit(amount).offset(amount * (page - 1))
    ).all()
    heads = (
        select(BranchHead.branch_id, Version.number)
        .join(Version, Version.id == BranchHead.version_id)
        .where(among(BranchHead.branch_id, [each.id for each in found]))
    )
    numbers = dict(session.execute(heads).all())
    return tuple(
        BranchStand(each.name, each.name == participant.main_branch, numbers.get(each.id), each.updated_at)
        for each in found
    )


def list_versions(
    session: Session, participant: Participant, text: str = "", choice: Choice = EVERYTHING, before: str = ""
) -> Versions:
    """Return the versions before this one that are chosen and whose numbers begin with the text, or the newest.

    Raises NotFound when the version is unknown.
    """
    wanted = select_versions(participant)
    chosen = select_chosen(participant, choice)
    if chosen is not None:
        wanted = wanted.where(Version.id.in_(chosen))
    if text:
        wanted = wanted.where(*begins(Version.number, text))
    if before:
        place = session.scalar(select(Version.id).filter_by(participant_id=participant.id, number=before))
        if place is None:
            raise NotFound(f"{participant.name} has no version {before}")
        wanted = wanted.where(Version.id < place)
    found = session.scalars(wanted.limit(PAGE + 1)).all()
    older = found[PAGE - 1].number if len(found) > PAGE else None
    return Versions(_describe(session, found[:PAGE]), older)


def _describe(session: Session, versions: Sequence[Version]) -> tuple[Listed, ...]:
    ids = [each.id for each in versions]
    marks = find_marks(session, ids)
    published, verified = _count_published(session, ids), _count_verified(session, ids)
    return tuple(
        Listed(each, marks[each.id], published.get(each.id, 0), verified.get(each.id, 0)) for each in versions
    )


def _count_published(session: Session, ids: Collection[int]) -> dict[int, int]:
    key = Publication.consumer_version_id
    wanted = select(key, func.count()).where(Publication.in_effect, among(key, ids)).group_by(key)
    return dict(session.execute(wanted).all())


def _count_verified(session: Session, ids: Collection[int]) -> dict[int, int]:
    key = LatestResult.provider_version_id
    return dict(session.execute(select(key, func.count()).where(among(key, ids)).group_by(key)).all())
