"""What is deployed to and released in environments."""

from flask import Blueprint, Response
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tallystick_broker import environments
from tallystick_broker.api.bodies import json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.environments import LINE
from tallystick_broker.api.hal import Json, created, here, link, reply
from tallystick_broker.api.operations import MERGE_PATCH, Query, Takes, made, shown, written
from tallystick_broker.api.paging import MOST_LISTED, PAGES, asked_page, fetch_page
from tallystick_broker.api.records import (
    DEPLOYED,
    DEPLOYED_LIST,
    RELEASED,
    RELEASED_LIST,
    R,
    address,
    represent,
    represent_all,
)
from tallystick_broker.errors import NotFound, Unprocessable
from tallystick_broker.models import DeployedVersion, Environment, Participant, ReleasedVersion, Version
from tallystick_broker.versions import get_version

routes = Blueprint("deployments", __name__)

DEPLOY = {"type": "object", "properties": {"applicationInstance": LINE, "target": LINE}}
UNDEPLOY = {"type": "object", "properties": {"currentlyDeployed": {"type": "boolean"}}}
END_SUPPORT = {"type": "object", "properties": {"currentlySupported": {"type": "boolean"}}}
PACTICIPANT = Query("pacticipant", "keep those of this pacticipant")
VERSION = Query("version", "keep those of versions with this number")
INSTANCE = Query("applicationInstance", "keep what runs as this instance; blank for what runs as none")
TARGET = Query("target", "the former name of applicationInstance")
OF_VERSION = "/pacticipants/<name:name>/versions/<name:number>"


@route(
    routes,
    f"{OF_VERSION}/deployed-versions/environment/<name:uuid>",
    "POST",
    takes=Takes(DEPLOY, optional=True),
    answers=made(DEPLOYED),
)
def deploy(session: Session, name: str, number: str, uuid: str) -> Response:
    """Record that the version runs in the environment from now on."""
    body = json_body()
    version = get_version(session, name, number)
    environment = environments.get_environment(session, uuid)
    instance = body.get("applicationInstance") or body.get("target") or ""
    deployed = environments.record_deployment(session, version, environment, instance)
    return created(represent(session, deployed), address(deployed))


@route(
    routes,
    f"{OF_VERSION}/deployed-versions/environment/<name:uuid>",
    answers=shown(DEPLOYED_LIST),
    query=PAGES,
)
def show_deployments(session: Session, name: str, number: str, uuid: str) -> Response:
    """Answer how the version runs, or ran, in the environment."""
    wanted = _of_version(session, DeployedVersion, name, number, uuid)
    return _list(session, DeployedVersion, wanted, MOST_LISTED)


@route(
    routes,
    f"{OF_VERSION}/released-versions/environment/<name:uuid>",
    "POST",
    takes=Takes({"type": "object"}, optional=True),
    answers=written(RELEASED),
)
def release(session: Session, name: str, number: str, uuid: str) -> Response:
    """Record that the version is released in the environment and supported."""
    json_body()
    version, environment = get_version(session, name, number), environments.get_environment(session, uuid)
    released, new = environments.record_release(session, version, environment)
    session.flush()
    location = {"Location": address(released)}  # to what was there already, too
    return reply(represent(session, released), 201 if new else 200, location)


@route(
    routes,
    f"{OF_VERSION}/released-versions/environment/<name:uuid>",
    answers=shown(RELEASED_LIST),
    query=PAGES,
)
def show_releases(session: Session, name: str, number: str, uuid: str) -> Response:
    """Answer the version's release in the environment, also when its support has ended."""
    wanted = _of_version(session, ReleasedVersion, name, number, uuid)
    return _list(session, ReleasedVersion, wanted, MOST_LISTED)


@route(
    routes,
    "/environments/<name:uuid>/deployed-versions/currently-deployed",
    answers=shown(DEPLOYED_LIST),
    query=(PACTICIPANT, VERSION, INSTANCE, TARGET, *PAGES),
)
def show_deployed(session: Session, uuid: str) -> Response:
    """Answer what is deployed; filters `pacticipant` and `applicationInstance`, a blank one means none."""
    wanted = _in(DeployedVersion, environments.get_environment(session, uuid))
    wanted = wanted.where(DeployedVersion.undeployed_at.is_(None))
    instance = INSTANCE.get()
    if instance is None:
        instance = TARGET.get()
    if instance is not None:
        wanted = wanted.where(DeployedVersion.application_instance == instance)
    return _list(session, DeployedVersion, _filtered(wanted))


@route(
    routes,
    "/environments/<name:uuid>/released-versions/currently-supported",
    answers=shown(RELEASED_LIST),
    query=(PACTICIPANT, VERSION, *PAGES),
)
def show_supported(session: Session, uuid: str) -> Response:
    """Answer what is released and supported; filters `pacticipant` and `version`."""
    wanted = _in(ReleasedVersion, environments.get_environment(session, uuid))
    wanted = wanted.where(ReleasedVersion.support_ended_at.is_(None))
    return _list(session, ReleasedVersion, _filtered(wanted))


@route(routes, "/deployed-versions/<name:uuid>", answers=shown(DEPLOYED))
def show_deployment(session: Session, uuid: str) -> Response:
    """Answer the deployment."""
    return reply(represent(session, _get(session, DeployedVersion, uuid)))


@route(
    routes,
    "/deployed-versions/<name:uuid>",
    "PATCH",
    takes=Takes(UNDEPLOY, MERGE_PATCH, optional=True),
    answers=shown(DEPLOYED),
)
def change_deployment(session: Session, uuid: str) -> Response:
    """End the deployment with `currentlyDeployed: false`; only recording one begins it."""
    body = json_body()
    deployed = _get(session, DeployedVersion, uuid)
    if _ends(body, "currentlyDeployed", "deployment"):
        environments.undeploy(session, deployed)
    return reply(represent(session, deployed))


@route(routes, "/released-versions/<name:uuid>", answers=shown(RELEASED))
def show_release(session: Session, uuid: str) -> Response:
    """Answer the release."""
    return reply(represent(session, _get(session, ReleasedVersion, uuid)))


@route(
    routes,
    "/released-versions/<name:uuid>",
    "PATCH",
    takes=Takes(END_SUPPORT, MERGE_PATCH, optional=True),
    answers=shown(RELEASED),
)
def change_release(session: Session, uuid: str) -> Response:
    """End the support of the release with `currentlySupported: false`; only recording one begins it."""
    body = json_body()
    released = _get(session, ReleasedVersion, uuid)
    if _ends(body, "currentlySupported", "release"):
        environments.end_support(session, released)
        session.flush()
    return reply(represent(session, released))


def _ends(body: Json, field: str, record: str) -> bool:
    """Return whether the body ends the record; raise Unprocessable when it asks for the opposite."""
    if body.get(field) is True:
        text = f"cannot be set to true: record another {record} of this version instead"
        raise Unprocessable(f"{field} {text}", {field: [text]})
    return body.get(field) is False


def _in(model: type[R], environment: Environment) -> Select[R]:
    return select(model).where(model.environment_id == environment.id).order_by(model.id.desc())


def _of_version(session: Session, model: type[R], name: str, number: str, uuid: str) -> Select[R]:
    version, environment = get_version(session, name, number), environments.get_environment(session, uuid)
    return _in(model, environment).where(model.version_id == version.id)


def _filtered(wanted: Select[R]) -> Select[R]:
    name, number = PACTICIPANT.get(), VERSION.get()
    if name or number:
        wanted = wanted.join(Version).join(Participant, Participant.id == Version.participant_id)
    if name:
        wanted = wanted.where(Participant.name == name)
    return wanted.where(Version.number == number) if number else wanted


def _list(session: Session, model: type[R], wanted: Select[R], most: int | None = None) -> Response:
    page = fetch_page(session, wanted, asked_page(), most)
    key = "deployedVersions" if model is DeployedVersion else "releasedVersions"
    links = {"self": link(here(), title="In the environment")} | page.links(here(with_query=False))
    embedded = {key: represent_all(session, page.items)}
    return reply({"_embedded": embedded, "_links": links} | page.members())


def _get(session: Session, model: type[R], uuid: str) -> R:
    found = session.scalars(select(model).filter_by(uuid=uuid)).one_or_none()
    if found is None:
        raise NotFound(f"There is no record with UUID {uuid}")
    return found
