"""What points at a version: branches, tags, and the environments in which it is live."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tallystick_broker.models import Branch, BranchHead, BranchVersion, Environment, LiveVersion, Tag, Version


@dataclass(frozen=True)
class OnBranch:
    """A branch that a version is on, and whether it is the head."""

    name: str
    head: bool


@dataclass(frozen=True)
class Place:
    """An environment."""

    name: str
    production: bool


@dataclass(frozen=True)
class Marks:
    """All that points at one version."""

    branches: tuple[OnBranch, ...] = ()
    tags: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Live:
    """A version that is live in an environment."""

    place: Place
    number: str
    id: int


def gather_by_place(found: Iterable[Live]) -> list[tuple[Place, list[str]]]:
    """Return each environment with the numbers of what is live there; what is of one environment stands together."""
    return [(place, [each.number for each in here]) for place, here in groupby(found, attrgetter("place"))]


def find_marks(session: Session, version_ids: Collection[int]) -> dict[int, Marks]:
    """Return the marks of each of these versions."""
    branches = find_branches(session, version_ids)
    tags, places = defaultdict(list), defaultdict(list)
    tagged = select(Tag.version_id, Tag.name).where(Tag.version_id.in_(version_ids)).order_by(Tag.name)
    for version_id, name in session.execute(tagged):
        tags[version_id].append(name)
    live = (
        select(LiveVersion.version_id, Environment.name, Environment.production)
        .join(Environment, Environment.id == LiveVersion.environment_id)
        .where(LiveVersion.version_id.in_(version_ids))
        .distinct()
        .order_by(Environment.production.desc(), Environment.name)
    )
    for version_id, name, production in session.execute(live):
        places[version_id].append(Place(name, production))
    return {
        each: Marks(branches.get(each, ()), tuple(tags[each]), tuple(places[each])) for each in version_ids
    }


def find_branches(session: Session, version_ids: Collection[int]) -> dict[int, tuple[OnBranch, ...]]:
    """Return the branches of those of these versions that are on any, those that they are the head of first."""
    heads = and_(
        BranchHead.branch_id == BranchVersion.branch_id, BranchHead.version_id == BranchVersion.version_id
    )
    wanted = (
        select(BranchVersion.version_id, Branch.name, BranchHead.branch_id.is_not(None))
        .join(Branch, Branch.id == BranchVersion.branch_id)
        .outerjoin(BranchHead, heads)
        .where(BranchVersion.version_id.in_(version_ids))
        .order_by(BranchHead.branch_id.is_(None), Branch.name)
    )
    found: dict[int, tuple[OnBranch, ...]] = {}
    for version_id, name, head in session.execute(wanted):
        found[version_id] = (*found.get(version_id, ()), OnBranch(name, head))
    return found


def find_live(session: Session, participant_ids: Collection[int]) -> dict[int, tuple[Live, ...]]:
    """Return what is live of those of these participants that have anything live, production first."""
    wanted = (
        select(
            LiveVersion.participant_id, Environment.name, Environment.production, Version.number, Version.id
        )
        .join(Environment, Environment.id == LiveVersion.environment_id)
        .join(Version, Version.id == LiveVersion.version_id)
        .where(LiveVersion.participant_id.in_(participant_ids))
        .distinct()
        .order_by(Environment.production.desc(), Environment.name, Version.number)
    )
    found: dict[int, tuple[Live, ...]] = {}
    for participant_id, name, production, number, key in session.execute(wanted):
        found[participant_id] = (*found.get(participant_id, ()), Live(Place(name, production), number, key))
    return found
