"""Environments, and what is deployed to and released in them."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tallystick_broker.db import find_or_create
from tallystick_broker.errors import Invalid, NotFound
from tallystick_broker.models import (
    DeployedVersion,
    Environment,
    LiveVersion,
    ReleasedVersion,
    Version,
    now,
)
from tallystick_broker.participants import display_name


def list_environments(session: Session, name: str | None = None) -> list[Environment]:
    """Return the environments by display name; `name` keeps the one of that name."""
    wanted = select(Environment).order_by(Environment.display_name, Environment.id)
    return list(session.scalars(wanted if name is None else wanted.filter_by(name=name)))


def get_environment(session: Session, uuid: str) -> Environment:
    """Return the environment with this UUID; raise NotFound when there is none."""
    found = session.scalars(select(Environment).filter_by(uuid=uuid)).one_or_none()
    if found is None:
        raise NotFound(f"No environment with UUID {uuid} found")
    return found


def create_environment(session: Session, fields: dict[str, Any]) -> Environment:
    """Return a new environment; raise Invalid when the name is taken."""
    others = {key: value for key, value in _complete(fields).items() if key != "name"}
    environment, created = find_or_create(session, Environment, {"name": fields["name"]}, others)
    if not created:
        raise Invalid({"name": [f"another environment with name '{fields['name']}' already exists"]})
    return environment


def change_environment(session: Session, environment: Environment, fields: dict[str, Any]) -> Environment:
    """Replace the environment's fields; raise Invalid when the name belongs to another one."""
    namesake = session.scalars(select(Environment).filter_by(name=fields["name"])).one_or_none()
    if namesake not in (None, environment):
        raise Invalid({"name": [f"another environment with name '{fields['name']}' already exists"]})
    for field, value in _complete(fields).items():
        setattr(environment, field, value)
    return environment


def record_deployment(
    session: Session,
    version: Version,
    environment: Environment,
    instance: str = "",
    *,
    auto_created: bool = False,
) -> DeployedVersion:
    """Return the record that the version runs in the environment, as this instance, from now on.

    What the instance ran before is undeployed. A version that it runs already keeps its record.
    """
    slot = {"environment_id": environment.id, "application_instance": instance}
    running = session.scalars(
        select(DeployedVersion).filter_by(**slot, participant_id=version.participant_id, undeployed_at=None)
    ).one_or_none()
    if running is not None and running.version_id == version.id:
        return running
    if running is not None:
        undeploy(session, running)
    deployed = DeployedVersion(
        **slot, participant_id=version.participant_id, version_id=version.id, auto_created=auto_created
    )
    session.add(deployed)
    session.flush()
    session.add(_live(deployed, deployed_version_id=deployed.id))
    session.flush()
    return deployed


def undeploy(session: Session, deployed: DeployedVersion) -> None:
    """End the deployment; one that is over stays as it is."""
    running = (DeployedVersion.id == deployed.id, DeployedVersion.undeployed_at.is_(None))
    session.execute(update(DeployedVersion).where(*running).values(undeployed_at=now()))
    session.execute(delete(LiveVersion).where(LiveVersion.deployed_version_id == deployed.id))
    session.refresh(deployed)


def record_release(
    session: Session, version: Version, environment: Environment
) -> tuple[ReleasedVersion, bool]:
    """Return the record that the version is released and supported there, and whether it is new."""
    key = {"environment_id": environment.id, "version_id": version.id}
    others = {"participant_id": version.participant_id}
    released, created = find_or_create(session, ReleasedVersion, key, others)
    released.support_ended_at = None
    reason = {"released_version_id": released.id}
    find_or_create(session, LiveVersion, reason, key | others)
    return released, created


def end_support(session: Session, released: ReleasedVersion) -> None:
    """End the support of a released version; one that has ended stays as it is."""
    released.support_ended_at = released.support_ended_at or now()
    session.execute(delete(LiveVersion).where(LiveVersion.released_version_id == released.id))


def _complete(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": fields["name"],
        "display_name": fields.get("displayName") or display_name(fields["name"]),
        "production": fields["production"],
        "contacts": fields.get("contacts"),
    }


def _live(record: DeployedVersion, **reason: int) -> LiveVersion:
    return LiveVersion(
        environment_id=record.environment_id,
        participant_id=record.participant_id,
        version_id=record.version_id,
        **reason,
    )
