"""Records of what is, or was, live in an environment: how deployments and releases are shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.environments import ENVIRONMENT
from tallystick_broker.api.environments import represent as represent_environment
from tallystick_broker.api.hal import Json, given, link, moment, stamps, url
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    STAMPS,
    TEXT,
    component,
    fields,
    links_to,
    listing,
    resource,
    texts,
)
from tallystick_broker.db import among
from tallystick_broker.models import DeployedVersion, Environment, Participant, ReleasedVersion, Version

Record = DeployedVersion | ReleasedVersion
R = TypeVar("R", DeployedVersion, ReleasedVersion)
Links = Mapping[int, list[Json]]

_WHERE = fields(
    {
        "pacticipant": resource({"name": TEXT}, links_to("self")),
        "version": resource({"number": TEXT}, links_to("self")),
        "environment": ENVIRONMENT,
    }
)
DEPLOYED = component(
    "DeployedVersion",
    resource(
        STAMPS | {"uuid": TEXT, "currentlyDeployed": FLAG},
        links_to("self"),
        optional=texts("target", "applicationInstance") | {"undeployedAt": MOMENT},
        embedded=_WHERE,
    ),
)
RELEASED = component(
    "ReleasedVersion",
    resource(
        STAMPS | {"uuid": TEXT, "currentlySupported": FLAG},
        links_to("self"),
        optional={"supportEndedAt": MOMENT},
        embedded=_WHERE,
    ),
)
DEPLOYED_LIST = listing("deployedVersions", DEPLOYED, links_to("self", optional=["previous", "next"]))
RELEASED_LIST = listing("releasedVersions", RELEASED, links_to("self", optional=["previous", "next"]))


def represent(session: Session, record: Record) -> Json:
    """Return the record's representation."""
    return represent_all(session, [record])[0]


def represent_all(session: Session, records: Sequence[Record]) -> list[Json]:
    """Return the representation of each record."""
    ids = {record.environment_id for record in records}
    environments = {
        each.id: represent_environment(each)
        for each in session.scalars(select(Environment).where(among(Environment.id, ids)))
    }
    versions = _versions(session, {record.version_id for record in records})
    return [
        {"uuid": record.uuid}
        | _state(record)
        | stamps(record.created_at)
        | {
            "_embedded": versions[record.version_id] | {"environment": environments[record.environment_id]},
            "_links": {"self": link(address(record))},
        }
        for record in records
    ]


def address(record: Record) -> str:
    """Return the record's address."""
    kind = "deployed-versions" if isinstance(record, DeployedVersion) else "released-versions"
    return url(kind, record.uuid)


def links_of_versions(session: Session, model: type[R], version_ids: Iterable[int]) -> Links:
    """Return links to the deployments, or releases, of each version; also to those that have ended."""
    wanted = select(model, Environment).join(Environment, Environment.id == model.environment_id)
    wanted = wanted.where(among(model.version_id, version_ids)).order_by(model.id)
    found: dict[int, list[Json]] = defaultdict(list)
    for record, environment in session.execute(wanted):
        found[record.version_id].append(_link(record, environment))
    return found


def links_of_participants(session: Session, participant_ids: Iterable[int]) -> Links:
    """Return links to what is deployed of each participant now."""
    deployed = DeployedVersion
    wanted = select(deployed, Environment).join(Environment, Environment.id == deployed.environment_id)
    wanted = wanted.where(among(deployed.participant_id, participant_ids), deployed.undeployed_at.is_(None))
    found: dict[int, list[Json]] = defaultdict(list)
    for record, environment in session.execute(wanted.order_by(deployed.id)):
        found[record.participant_id].append(_link(record, environment))
    return found


def _versions(session: Session, version_ids: Iterable[int]) -> dict[int, Json]:
    wanted = select(Version.id, Version.number, Participant.name)
    wanted = wanted.join(Participant, Participant.id == Version.participant_id)
    return {
        version_id: {
            "pacticipant": {"name": name, "_links": {"self": link(url("pacticipants", name))}},
            "version": {
                "number": number,
                "_links": {"self": link(url("pacticipants", name, "versions", number))},
            },
        }
        for version_id, number, name in session.execute(wanted.where(among(Version.id, version_ids)))
    }


def _state(record: Record) -> Json:
    if isinstance(record, ReleasedVersion):
        ended = record.support_ended_at
        return {"currentlySupported": ended is None} | given(supportEndedAt=moment(ended) if ended else None)
    instance, ended = record.application_instance or None, record.undeployed_at
    return {"currentlyDeployed": ended is None} | given(
        target=instance, applicationInstance=instance, undeployedAt=moment(ended) if ended else None
    )


def _link(record: Record, environment: Environment) -> Json:
    name = environment.display_name
    if isinstance(record, ReleasedVersion):
        supported = record.support_ended_at is None
        title = f"Version released to {name}"
        return link(address(record), title=title, name=name, currently_supported=supported)
    return link(
        address(record),
        title=f"Version deployed to {name}",
        name=name,
        application_instance=record.application_instance or None,
        currently_deployed=record.undeployed_at is None,
    )
