"""Neighbours: one version of a service held against all that it works with, wherever that stands."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.db import among
from tallystick_broker.models import (
    Branch,
    BranchHead,
    Environment,
    Integration,
    LiveVersion,
    Participant,
    Version,
)
from tallystick_broker.overview.marks import Place
from tallystick_broker.overview.outcomes import Encounter, Outcome, Settled, settle

PAGE = 100
MAIN = ""
"""The name of the column for what main branches stand at."""


class Found(NamedTuple):
    """A version that stands somewhere."""

    id: int
    number: str


@dataclass(frozen=True)
class Meeting:
    """A version of the other service; without a fingerprint there is no contract between the two versions."""

    number: str
    fingerprint: str | None
    result: Outcome | None


@dataclass(frozen=True)
class Neighbour:
    """Another service on one side of this one, with what it has in each column."""

    name: str
    consumes: bool
    """Whether this service consumes the other."""
    cells: tuple[tuple[Meeting, ...], ...]


@dataclass(frozen=True)
class Neighbourhood:
    """A version against its neighbours; the first column is of main branches, the others are environments."""

    version: Version
    places: tuple[Place, ...]
    neighbours: tuple[Neighbour, ...]
    more: bool


def find_neighbours(session: Session, version: Version, page: int = 1) -> Neighbourhood:
    """Return the version against all that its neighbours have on main or live, PAGE neighbours a page.

    A fixed number of statements, which read what is at heads and live, and nothing of the history.
    """
    sides = _find_sides(session, version.participant_id, page)
    places = find_places(session)
    standing = _find_standing(session, {other for other, _, _ in sides})

    def encounter(other: int, consumes: bool, found: Found) -> Encounter:
        if consumes:
            return Encounter(version.id, other, found.id)
        return Encounter(found.id, version.participant_id, version.id)

    def tell(other: int, name: str, consumes: bool) -> Neighbour:
        columns = (standing.get((other, place), ()) for place in (MAIN, *(each.name for each in places)))
        return Neighbour(
            name,
            consumes,
            tuple(
                tuple(_meet(each, settled.get(encounter(other, consumes, each))) for each in column)
                for column in columns
            ),
        )

    settled = settle(
        session,
        (
            encounter(other, consumes, each)
            for other, _, consumes in sides
            for (participant_id, _), found in standing.items()
            if participant_id == other
            for each in found
        ),
    )
    return Neighbourhood(version, places, tuple(tell(*side) for side in sides[:PAGE]), len(sides) > PAGE)


def _meet(found: Found, settled: Settled | None) -> Meeting:
    if settled is None:
        return Meeting(found.number, None, None)
    return Meeting(found.number, settled.fingerprint, settled.result)


def find_places(session: Session) -> tuple[Place, ...]:
    """Return every environment, production first."""
    wanted = select(Environment.name, Environment.production)
    ordered = wanted.order_by(Environment.production.desc(), Environment.name)
    return tuple(Place(name, production) for name, production in session.execute(ordered))


def _find_sides(session: Session, participant_id: int, page: int) -> list[tuple[int, str, bool]]:
    """Return the id and the name of each neighbour, and whether it is consumed: those first, then by name."""
    consumed = _select_side(Integration.provider_id, Integration.consumer_id == participant_id, consumed=True)
    consuming = _select_side(
        Integration.consumer_id, Integration.provider_id == participant_id, consumed=False
    )
    key, name, side = union_all(consumed, consuming).subquery().c
    ordered = select(key, name, side).order_by(side.desc(), name)
    found = session.execute(ordered.limit(PAGE + 1).offset(PAGE * (page - 1)))
    return [(other, other_name, bool(is_consumed)) for other, other_name, is_consumed in found]


def _select_side(
    other: InstrumentedAttribute[int], of: ColumnElement[bool], *, consumed: bool
) -> Select[int, str, bool]:
    return (
        select(Participant.id, Participant.name, literal(consumed))
        .join(Integration, other == Participant.id)
        .where(of)
    )


def _find_standing(session: Session, participant_ids: set[int]) -> dict[tuple[int, str], list[Found]]:
    """Return the versions by participant and column, the newest first."""
    columns = Participant.id, Version.id, Version.number
    heads = (
        select(literal(MAIN), *columns)
        .join(Branch, (Branch.participant_id == Participant.id) & (Branch.name == Participant.main_branch))
        .join(BranchHead, BranchHead.branch_id == Branch.id)
        .join(Version, Version.id == BranchHead.version_id)
        .where(among(Participant.id, participant_ids))
    )
    live = (
        select(Environment.name, *columns)
        .join(LiveVersion, LiveVersion.participant_id == Participant.id)
        .join(Environment, Environment.id == LiveVersion.environment_id)
        .join(Version, Version.id == LiveVersion.version_id)
        .where(among(Participant.id, participant_ids))
        .distinct()
        .order_by(Version.id.desc())
    )
    found: dict[tuple[int, str], list[Found]] = defaultdict(list)
    for wanted in (heads, live):
        for place, participant_id, version_id, number in session.execute(wanted):
            found[participant_id, place].append(Found(version_id, number))
    return found
