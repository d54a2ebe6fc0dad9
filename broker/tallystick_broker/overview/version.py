"""One version of a service: what it publishes, what it has verified, and where it has been."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.models import (
    Content,
    DeployedVersion,
    Environment,
    LatestResult,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    Version,
)
from tallystick_broker.overview.history import find_newest_results
from tallystick_broker.overview.marks import Marks, Place, find_marks
from tallystick_broker.overview.outcomes import Outcome

MOST = 200
"""Contracts, results and stays that are listed, the newest first."""


@dataclass(frozen=True)
class Side:
    """A contract with another service, and its newest result or the one of this version."""

    other: str
    fingerprint: str
    result: Outcome | None


@dataclass(frozen=True)
class Stay:
    """A time in an environment, which is not over while `until` is None."""

    place: Place
    instance: str
    released: bool
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Whole:
    """A version with all that is known of it."""

    version: Version
    marks: Marks
    published: tuple[Side, ...]
    verified: tuple[Side, ...]
    stays: tuple[Stay, ...]


def read_version(session: Session, version: Version) -> Whole:
    """Return the version with its contracts, results and stays, in a fixed number of statements."""
    return Whole(
        version,
        find_marks(session, [version.id])[version.id],
        _read_published(session, version),
        _read_verified(session, version),
        tuple(sorted(_read_stays(session, version), key=lambda stay: stay.since, reverse=True)),
    )


def _read_published(session: Session, version: Version) -> tuple[Side, ...]:
    wanted = (
        select(Participant.name, Content.fingerprint, Content.id)
        .select_from(Publication)
        .join(Participant, Participant.id == Publication.provider_id)
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.consumer_version_id == version.id, Publication.in_effect)
        .order_by(Participant.name)
        .limit(MOST)
    )
    found = session.execute(wanted).all()
    results = find_newest_results(session, {content_id for _, _, content_id in found})
    return tuple(Side(name, sha, results.get(content_id)) for name, sha, content_id in found)


def _read_verified(session: Session, version: Version) -> tuple[Side, ...]:
    consumer = aliased(Participant)
    wanted = (
        select(
            consumer.name, Content.fingerprint, Result.id, Result.success, Result.pending, Result.created_at
        )
        .select_from(LatestResult)
        .join(Result, Result.id == LatestResult.result_id)
        .join(Content, Content.id == LatestResult.content_id)
        .join(consumer, consumer.id == Content.consumer_id)
        .where(LatestResult.provider_version_id == version.id)
        .order_by(consumer.name, Result.id.desc())
        .limit(MOST)
    )
    return tuple(
        Side(name, sha, Outcome(number, success, pending, at))
        for name, sha, number, success, pending, at in session.execute(wanted)
    )


def _read_stays(session: Session, version: Version) -> list[Stay]:
    columns = Environment.name, Environment.production
    deployed = select(DeployedVersion, *columns).join(
        Environment, Environment.id == DeployedVersion.environment_id
    )
    released = select(ReleasedVersion, *columns).join(
        Environment, Environment.id == ReleasedVersion.environment_id
    )
    newest = deployed.filter(DeployedVersion.version_id == version.id).order_by(DeployedVersion.id.desc())
    return [
        *(
            Stay(
                Place(name, production), each.application_instance, False, each.created_at, each.undeployed_at
            )
            for each, name, production in session.execute(newest.limit(MOST))
        ),
        *(
            Stay(Place(name, production), "", True, each.created_at, each.support_ended_at)
            for each, name, production in session.execute(
                released.filter(ReleasedVersion.version_id == version.id)
            )
        ),
    ]
