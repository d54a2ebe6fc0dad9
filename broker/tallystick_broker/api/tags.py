"""Tags on versions."""

from flask import Blueprint, Response
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tallystick_broker import environments, versions
from tallystick_broker.api.bodies import check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, gone, link, put, reply, stamps, url
from tallystick_broker.api.operations import GONE, Takes, shown, written
from tallystick_broker.api.shapes import STAMPS, TEXT, component, links_to, resource
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Environment, Tag
from tallystick_broker.participants import ensure_participant

routes = Blueprint(
    "tags", __name__, url_prefix="/pacticipants/<name:name>/versions/<name:number>/tags/<name:tag>"
)
OBJECT = {"type": "object"}
TAG = component("Tag", resource(STAMPS | {"name": TEXT}, links_to("self", "version", "pacticipant")))


@route(routes, "", "PUT", takes=Takes(OBJECT, optional=True), answers=written(TAG))
def tag(session: Session, name: str, number: str, tag: str) -> Response:
    """Tag the version, made when it is new; a tag named like an environment records a deployment there."""
    json_body()
    for field, value in {"name": name, "version": number, "tag": tag}.items():
        check_name(value, field)
    version, _ = versions.ensure_version(session, ensure_participant(session, name), number)
    new = bool(versions.tag_version(session, version, [tag]))
    environment = session.scalars(select(Environment).filter_by(name=tag)).one_or_none()
    if environment is not None:
        environments.record_deployment(session, version, environment, auto_created=True)
    return put(
        _represent(name, number, _get(session, name, number, tag)), _address(name, number, tag), new=new
    )


@route(routes, "", answers=shown(TAG))
def show(session: Session, name: str, number: str, tag: str) -> Response:
    """Answer the tag."""
    return reply(_represent(name, number, _get(session, name, number, tag)))


@route(routes, "", "DELETE", answers=GONE)
def remove(session: Session, name: str, number: str, tag: str) -> Response:
    """Take the tag off the version."""
    found = _get(session, name, number, tag)
    session.execute(delete(Tag).filter_by(version_id=found.version_id, name=tag))
    return gone()


def _get(session: Session, name: str, number: str, tag: str) -> Tag:
    found = session.get(Tag, (versions.get_version(session, name, number).id, tag))
    if found is None:
        raise NotFound(f"{name} {number} has no tag {tag}")
    return found


def _represent(name: str, number: str, tag: Tag) -> Json:
    links = {
        "self": link(_address(name, number, tag.name), title="Tag", name=tag.name),
        "version": link(url("pacticipants", name, "versions", number), title="Version", name=number),
        "pacticipant": link(url("pacticipants", name), title="Pacticipant", name=name),
    }
    return {"name": tag.name} | stamps(tag.created_at) | {"_links": links}


def _address(name: str, number: str, tag: str) -> str:
    return url("pacticipants", name, "versions", number, "tags", tag)
