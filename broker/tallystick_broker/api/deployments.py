"""What is deployed to and released in environments."""

from typing import Any, TypeVar

from flask import Blueprint, Response, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tallystick_broker import environments
from tallystick_broker.api.bodies import MERGE_PATCH, NAME, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.environments import represent as represent_environment
from tallystick_broker.api.hal import Json, created, given, here, link, moment, put, reply, stamps, url
from tallystick_broker.errors import NotFound, Unprocessable
from tallystick_broker.models import DeployedVersion, Environment, Participant, ReleasedVersion, Version
from tallystick_broker.versions import get_version

routes = Blueprint("deployments", __name__)

Record = DeployedVersion | ReleasedVersion
R = TypeVar("R", DeployedVersion, ReleasedVersion)
INSTANCE = NAME | {"type": ["string", "null"], "pattern": r"^[^\x00-\x1f\x7f]*$"}
DEPLOY = {"type": "object", "properties": {"applicationInstance": INSTANCE, "target": INSTANCE}}
UNDEPLOY = {"type": "object", "properties": {"currentlyDeployed": {"type": "boolean"}}}
END_SUPPORT = {"type": "object", "properties": {"currentlySupported": {"type": "boolean"}}}
OF_VERSION = "/pacticipants/<name:name>/versions/<name:number>"


@route(routes, f"{OF_VERSION}/deployed-versions/environment/<name:uuid>", "POST")
def deploy(session: Session, name: str, number: str, uuid: str) -> Response:
    """Record that the version runs in the environment from now on."""
    body = json_body(DEPLOY, optional=True)
    version = get_version(session, name, number)
    environment = environments.get_environment(session, uuid)
    instance = body.get("applicationInstance") or body.get("target") or ""
    deployed = environments.record_deployment(session, version, environment, instance)
    return created(_represent(session, deployed), url("deployed-versions", deployed.uuid))


@route(routes, f"{OF_VERSION}/deployed-versions/environment/<name:uuid>")
def show_deployments(session: Session, name: str, number: str, uuid: str) -> Response:
    """Answer how the version runs in the environment now."""
    version, environment = get_version(session, name, number), environments.get_environment(session, uuid)
    wanted = _current(DeployedVersion, environment).where(DeployedVersion.version_id == version.id)
    return _list(session, "deployedVersions", wanted)


@route(routes, f"{OF_VERSION}/released-versions/environment/<name:uuid>", "POST")
def release(session: Session, name: str, number: str, uuid: str) -> Response:
    """Record that the version is released in the environment and supported."""
    json_body({"type": "object"}, optional=True)
    version, environment = get_version(session, name, number), environments.get_environment(session, uuid)
    released, new = environments.record_release(session, version, environment)
    session.flush()
    return put(_represent(session, released), url("released-versions", released.uuid), new=new)


@route(routes, f"{OF_VERSION}/released-versions/environment/<name:uuid>")
def show_releases(session: Session, name: str, number: str, uuid: str) -> Response:
    """Answer the version's release in the environment while it is supported."""
    version, environment = get_version(session, name, number), environments.get_environment(session, uuid)
    wanted = _current(ReleasedVersion, environment).where(ReleasedVersion.version_id == version.id)
    return _list(session, "releasedVersions", wanted)


@route(routes, "/environments/<name:uuid>/deployed-versions/currently-deployed")
def show_deployed(session: Session, uuid: str) -> Response:
    """Answer what is deployed; filters `pacticipant` and `applicationInstance`, a blank one means none."""
    wanted = _current(DeployedVersion, environments.get_environment(session, uuid))
    instance = request.args.get("applicationInstance", request.args.get("target"))
    if instance is not None:
        wanted = wanted.where(DeployedVersion.application_instance == instance)
    return _list(session, "deployedVersions", _filtered(wanted))


@route(routes, "/environments/<name:uuid>/released-versions/currently-supported")
def show_supported(session: Session, uuid: str) -> Response:
    """Answer what is released and supported; filters `pacticipant` and `version`."""
    wanted = _current(ReleasedVersion, environments.get_environment(session, uuid))
    return _list(session, "releasedVersions", _filtered(wanted))


@route(routes, "/deployed-versions/<name:uuid>")
def show_deployment(session: Session, uuid: str) -> Response:
    """Answer the deployment."""
    return reply(_represent(session, _get(session, DeployedVersion, uuid)))


@route(routes, "/deployed-versions/<name:uuid>", "PATCH")
def change_deployment(session: Session, uuid: str) -> Response:
    """End the deployment with `currentlyDeployed: false`; it can't be begun again."""
    body = json_body(UNDEPLOY, MERGE_PATCH, optional=True)
    deployed = _get(session, DeployedVersion, uuid)
    if body.get("currentlyDeployed") is True and deployed.undeployed_at is not None:
        text = "cannot be set back to true: record a new deployment of this version instead"
        raise Unprocessable(text, {"currentlyDeployed": [text]})
    if body.get("currentlyDeployed") is False:
        environments.undeploy(session, deployed)
    return reply(_represent(session, deployed))


@route(routes, "/released-versions/<name:uuid>")
def show_release(session: Session, uuid: str) -> Response:
    """Answer the release."""
    return reply(_represent(session, _get(session, ReleasedVersion, uuid)))


@route(routes, "/released-versions/<name:uuid>", "PATCH")
def change_release(session: Session, uuid: str) -> Response:
    """End the support of the release with `currentlySupported: false`; it can't be begun again here."""
    body = json_body(END_SUPPORT, MERGE_PATCH, optional=True)
    released = _get(session, ReleasedVersion, uuid)
    if body.get("currentlySupported") is True and released.support_ended_at is not None:
        text = "cannot be set back to true: record a release of this version again instead"
        raise Unprocessable(text, {"currentlySupported": [text]})
    if body.get("currentlySupported") is False:
        environments.end_support(session, released)
        session.flush()
    return reply(_represent(session, released))


def live_links(session: Session, *, released: bool = False, **columns: int) -> list[Json]:
    """Return links to what is deployed, or released, now; `columns` are participant_id or version_id."""
    model: Any = ReleasedVersion if released else DeployedVersion
    ended = model.support_ended_at if released else model.undeployed_at
    kind, flag = ("released", "currently_supported") if released else ("deployed", "currently_deployed")
    wanted = select(model, Environment).join(Environment, Environment.id == model.environment_id)
    wanted = wanted.filter(ended.is_(None), *(getattr(model, name) == key for name, key in columns.items()))
    return [
        link(
            url(f"{kind}-versions", record.uuid),
            title=f"Version {kind} to {environment.display_name}",
            name=environment.display_name,
            application_instance=getattr(record, "application_instance", None) or None,
            **{flag: True},
        )
        for record, environment in session.execute(wanted.order_by(model.id))
    ]


def _current(model: Any, environment: Environment) -> Select[Any]:
    ended = model.undeployed_at if model is DeployedVersion else model.support_ended_at
    return (
        select(model).where(model.environment_id == environment.id, ended.is_(None)).order_by(model.id.desc())
    )


def _filtered(wanted: Select[Any]) -> Select[Any]:
    name, number = request.args.get("pacticipant"), request.args.get("version")
    if name or number:
        wanted = wanted.join(Version).join(Participant, Participant.id == Version.participant_id)
    if name:
        wanted = wanted.where(Participant.name == name)
    return wanted.where(Version.number == number) if number else wanted


def _list(session: Session, key: str, wanted: Select[Any]) -> Response:
    items = [_represent(session, record) for record in session.scalars(wanted)]
    return reply(
        {"_embedded": {key: items}, "_links": {"self": link(here(), title="Currently in the environment")}}
    )


def _get(session: Session, model: type[R], uuid: str) -> R:
    found = session.scalars(select(model).filter_by(uuid=uuid)).one_or_none()
    if found is None:
        raise NotFound(f"There is no record with UUID {uuid}")
    return found


def _represent(session: Session, record: Record) -> Json:
    deployed = isinstance(record, DeployedVersion)
    name, number = session.execute(
        select(Participant.name, Version.number)
        .join(Version, Version.participant_id == Participant.id)
        .where(Version.id == record.version_id)
    ).one()
    environment = session.get_one(Environment, record.environment_id)
    embedded = {
        "pacticipant": {"name": name, "_links": {"self": link(url("pacticipants", name))}},
        "version": {
            "number": number,
            "_links": {"self": link(url("pacticipants", name, "versions", number))},
        },
        "environment": represent_environment(environment),
    }
    kind = "deployed-versions" if deployed else "released-versions"
    links = {"self": link(url(kind, record.uuid))}
    return (
        {"uuid": record.uuid}
        | _state(record)
        | stamps(record.created_at)
        | {"_embedded": embedded, "_links": links}
    )


def _state(record: Record) -> Json:
    if isinstance(record, ReleasedVersion):
        ended = record.support_ended_at
        return {"currentlySupported": ended is None} | given(supportEndedAt=moment(ended) if ended else None)
    instance, ended = record.application_instance or None, record.undeployed_at
    return {"currentlyDeployed": ended is None} | given(
        target=instance, applicationInstance=instance, undeployedAt=moment(ended) if ended else None
    )
