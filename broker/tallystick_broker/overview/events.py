"""What is told of each record of something that happened: of publications, results, stays and overrides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.models import (
    Content,
    DeployedVersion,
    Environment,
    Override,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    Version,
)

Record = Publication | Result | DeployedVersion | ReleasedVersion | Override


@dataclass(frozen=True)
class Event:
    """What a service did, at a version, with another service or in an environment.

    Empty is what does not apply: an override without a number is of every version. `is_first` says of a publication
    that no version before it had the contract. `by` and `ended_by` are the people who decided.
    """

    service: str
    number: str
    other: str = ""
    other_number: str = ""
    environment: str = ""
    production: bool = False
    instance: str = ""
    fingerprint: str = ""
    result_id: int | None = None
    success: bool | None = None
    pending: bool = False
    is_first: bool = False
    build_url: str | None = None
    by: str = ""
    ended_by: str | None = None
    reason: str = ""
    expires_at: datetime | None = None


ONE, OTHER, EARLIER = aliased(Participant), aliased(Participant), aliased(Publication)
DOING = ONE.name.label("service"), Version.number
FIRST = (
    select(EARLIER.id)
    .where(EARLIER.content_id == Publication.content_id)
    .order_by(EARLIER.consumer_version_id)
    .limit(1)
    .correlate(Publication)
    .scalar_subquery()
)
PUBLICATIONS = (
    select(
        Publication.id,
        *DOING,
        OTHER.name.label("other"),
        Content.fingerprint,
        (Publication.id == FIRST).label("is_first"),
        Version.build_url,
    )
    .join(ONE, ONE.id == Publication.consumer_id)
    .join(OTHER, OTHER.id == Publication.provider_id)
    .join(Version, Version.id == Publication.consumer_version_id)
    .join(Content, Content.id == Publication.content_id)
)
RESULTS = (
    select(
        Result.id,
        *DOING,
        OTHER.name.label("other"),
        Content.fingerprint,
        Result.id.label("result_id"),
        Result.success,
        Result.pending,
        func.coalesce(Result.build_url, Version.build_url).label("build_url"),
    )
    .join(ONE, ONE.id == Result.provider_id)
    .join(OTHER, OTHER.id == Result.consumer_id)
    .join(Version, Version.id == Result.provider_version_id)
    .join(Content, Content.id == Result.content_id)
)
PLACE = Environment.name.label("environment"), Environment.production
DEPLOYMENTS = (
    select(
        DeployedVersion.id,
        *DOING,
        *PLACE,
        DeployedVersion.application_instance.label("instance"),
        Version.build_url,
    )
    .join(ONE, ONE.id == DeployedVersion.participant_id)
    .join(Version, Version.id == DeployedVersion.version_id)
    .join(Environment, Environment.id == DeployedVersion.environment_id)
)
RELEASES = (
    select(ReleasedVersion.id, *DOING, *PLACE, Version.build_url)
    .join(ONE, ONE.id == ReleasedVersion.participant_id)
    .join(Version, Version.id == ReleasedVersion.version_id)
    .join(Environment, Environment.id == ReleasedVersion.environment_id)
)
OVERRIDES = (
    select(
        Override.id,
        ONE.name.label("service"),
        Override.consumer_version.label("number"),
        OTHER.name.label("other"),
        Override.provider_version.label("other_number"),
        *PLACE,
        Override.created_by.label("by"),
        Override.ended_by,
        Override.reason,
        Override.expires_at,
    )
    .join(ONE, ONE.id == Override.consumer_id)
    .join(OTHER, OTHER.id == Override.provider_id)
    .join(Environment, Environment.id == Override.environment_id)
)
QUERIES: dict[type[Record], Select[*tuple[Any, ...]]] = {
    Publication: PUBLICATIONS,
    Result: RESULTS,
    DeployedVersion: DEPLOYMENTS,
    ReleasedVersion: RELEASES,
    Override: OVERRIDES,
}


def read_events(session: Session, model: type[Record], ids: Collection[int]) -> dict[int, Event]:
    """Return what is told of each of these records. One statement."""
    found = session.execute(QUERIES[model].where(among(model.id, ids))).mappings()
    return {row["id"]: Event(**{name: row[name] for name in row if name != "id"}) for row in found}
