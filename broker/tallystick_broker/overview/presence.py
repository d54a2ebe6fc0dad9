"""Presence: what is live where, since when, and whether it was deployed or released."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.models import DeployedVersion, Environment, LiveVersion, ReleasedVersion, Version
from tallystick_broker.overview.marks import Place


@dataclass(frozen=True)
class Presence:
    """A reason for which a version is live: a deployment, of an instance if it is named, or a release."""

    place: Place
    version_id: int
    number: str
    instance: str
    released: bool
    since: datetime


def find_presence(session: Session, participant_ids: Collection[int]) -> dict[int, tuple[Presence, ...]]:
    """Return what is live of those of these participants that have anything live: production first, then the newest."""
    since = func.coalesce(DeployedVersion.created_at, ReleasedVersion.created_at)
    wanted = (
        select(
            LiveVersion.participant_id,
            Environment.name,
            Environment.production,
            Version.id,
            Version.number,
            DeployedVersion.application_instance,
            DeployedVersion.created_at,
            ReleasedVersion.created_at,
        )
        .join(Environment, Environment.id == LiveVersion.environment_id)
        .join(Version, Version.id == LiveVersion.version_id)
        .outerjoin(DeployedVersion, DeployedVersion.id == LiveVersion.deployed_version_id)
        .outerjoin(ReleasedVersion, ReleasedVersion.id == LiveVersion.released_version_id)
        .where(among(LiveVersion.participant_id, participant_ids))
        .order_by(Environment.production.desc(), Environment.name, since.desc(), LiveVersion.id)
    )
    found: dict[int, tuple[Presence, ...]] = {}
    for participant_id, name, production, key, number, instance, deployed, released in session.execute(
        wanted
    ):
        each = Presence(
            Place(name, production), key, number, instance or "", deployed is None, deployed or released
        )
        found[participant_id] = (*found.get(participant_id, ()), each)
    return found
