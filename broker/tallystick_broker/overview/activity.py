"""What happened, the newest first: what was published, verified, deployed, released and overridden, and what ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.errors import Invalid
from tallystick_broker.models import (
    DeployedVersion,
    Override,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    now,
)
from tallystick_broker.overview.events import Event, Record, read_events

PAGE = 50


class Kind(StrEnum):
    """What can happen."""

    PUBLISHED = "published"
    VERIFIED = "verified"
    DEPLOYED = "deployed"
    UNDEPLOYED = "undeployed"
    RELEASED = "released"
    SUPPORT_ENDED = "support-ended"
    OVERRIDDEN = "overridden"
    OVERRIDE_ENDED = "override-ended"


RANKS = {each: rank for rank, each in enumerate(Kind)}
"""In which order things come that happened in the same moment."""


@dataclass(frozen=True)
class Source:
    """Where things of a kind are recorded: their table, their moment, and the services that they are about."""

    model: type[Record]
    moment: SQLColumnExpression[datetime | None]
    services: tuple[InstrumentedAttribute[int], ...]


BOTH_SIDES = (Override.consumer_id, Override.provider_id)
SOURCES = {
    Kind.PUBLISHED: Source(
        Publication, Publication.created_at, (Publication.consumer_id, Publication.provider_id)
    ),
    Kind.VERIFIED: Source(Result, Result.created_at, (Result.consumer_id, Result.provider_id)),
    Kind.DEPLOYED: Source(DeployedVersion, DeployedVersion.created_at, (DeployedVersion.participant_id,)),
    Kind.UNDEPLOYED: Source(
        DeployedVersion, DeployedVersion.undeployed_at, (DeployedVersion.participant_id,)
    ),
    Kind.RELEASED: Source(ReleasedVersion, ReleasedVersion.created_at, (ReleasedVersion.participant_id,)),
    Kind.SUPPORT_ENDED: Source(
        ReleasedVersion, ReleasedVersion.support_ended_at, (ReleasedVersion.participant_id,)
    ),
    Kind.OVERRIDDEN: Source(Override, Override.created_at, BOTH_SIDES),
    Kind.OVERRIDE_ENDED: Source(Override, func.coalesce(Override.ended_at, Override.expires_at), BOTH_SIDES),
}


@dataclass(frozen=True)
class Point:
    """A place in the order of all that happened: at a moment, of a kind, in the record with this id."""

    at: datetime
    kind: Kind
    id: int

    def __str__(self) -> str:
        """Return the point as it is written in an address."""
        return f"{self.at:%Y-%m-%dT%H:%M:%S.%fZ}~{self.kind}~{self.id}"


@dataclass(frozen=True)
class Happening:
    """Something that happened."""

    point: Point
    event: Event


@dataclass(frozen=True)
class Activity:
    """A window of what happened, the newest first; `older` is the point before which the next window begins."""

    happenings: tuple[Happening, ...]
    older: Point | None


def read_point(text: str, field: str) -> Point | None:
    """Return the point in a parameter, None when it is empty; raise Invalid, naming the field, for another text."""
    at, _, rest = text.partition("~")
    kind, _, key = rest.partition("~")
    try:
        return Point(datetime.fromisoformat(at).astimezone(UTC), Kind(kind), int(key[:18])) if text else None
    except (ValueError, OverflowError):
        raise Invalid({field: [f"must be from the address of an older page, not {text!r}"]}) from None


def read_activity(
    session: Session,
    kind: Kind | None = None,
    participant: Participant | None = None,
    before: Point | None = None,
) -> Activity:
    """Return what happened before this point, or the newest: all, or of one kind, or what is about a participant.

    Each record is asked for no more than a page, which is in the order of an index, so that the length of the history
    does not matter.
    """
    kinds = [kind] if kind else list(Kind)
    branches = [each for of in kinds for each in select_newest(of, participant, before)]
    found = union_all(*(select(each.subquery()) for each in branches)).subquery()
    wanted = select(found).order_by(found.c.at.desc(), found.c.rank, found.c.id.desc()).limit(PAGE + 1)
    points = [Point(at, list(Kind)[rank], key) for at, rank, key in session.execute(wanted)]
    shown = points[:PAGE]
    return Activity(tuple(_describe(session, shown)), shown[-1] if len(points) > PAGE else None)


def select_newest(
    kind: Kind, participant: Participant | None, before: Point | None
) -> Iterator[Select[datetime | None, int, int]]:
    """Yield the queries for a page of one kind: one, or one for each side that the participant may be on."""
    source = SOURCES[kind]
    record = source.model
    wanted: Select[datetime | None, int, int] = (
        select(source.moment.label("at"), literal(RANKS[kind]).label("rank"), record.id.label("id"))
        .where(_is_before(kind, before))
        .order_by(source.moment.desc(), record.id.desc())
        .limit(PAGE + 1)
    )
    if participant is None:
        yield wanted
        return
    for number, side in enumerate(source.services):
        # What a service has with itself is found on the first side.
        others = (each != participant.id for each in source.services[:number])
        yield wanted.where(side == participant.id, *others)


def _is_before(kind: Kind, point: Point | None) -> ColumnElement[bool]:
    """Return the condition that something is before the point; what has not ended, or not yet, never is."""
    source = SOURCES[kind]
    if point is None:
        return source.moment <= now()
    if kind is point.kind:
        tied = or_(source.moment < point.at, source.model.id < point.id)
        return and_(source.moment <= point.at, tied)
    return source.moment <= point.at if RANKS[kind] > RANKS[point.kind] else source.moment < point.at


def _describe(session: Session, points: Sequence[Point]) -> Iterable[Happening]:
    events = {}
    for model in dict.fromkeys(SOURCES[each.kind].model for each in points):
        ids = {each.id for each in points if SOURCES[each.kind].model is model}
        events[model] = read_events(session, model, ids)
    return (Happening(each, events[SOURCES[each.kind].model][each.id]) for each in points)
