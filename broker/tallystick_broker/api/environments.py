"""Environments."""

from flask import Blueprint, Response
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tallystick_broker import environments
from tallystick_broker.api.bodies import NAME, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, created, given, gone, link, reply, stamps, url
from tallystick_broker.api.operations import GONE, Query, Takes, made, shown
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    STAMPS,
    TEXT,
    component,
    fields,
    links_to,
    listing,
    many,
    resource,
    texts,
)
from tallystick_broker.models import MAX_NAME, Environment

routes = Blueprint("environments", __name__, url_prefix="/environments")

LINE = {
    "type": ["string", "null"],
    "pattern": r"^[^\x00-\x1f\x7f]*$",
    "maxLength": MAX_NAME,
    "format": "unicode",
}
"""The schema of a text on one line, which may be left out."""

CONTACT = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": NAME, "details": {"type": ["object", "null"]}},
}
SCHEMA = {
    "type": "object",
    "required": ["name", "production"],
    "properties": {
        "name": NAME | {"pattern": r"^[^\s\x00-\x1f\x7f]+$"},
        "displayName": LINE,
        "production": {"type": "boolean"},
        "contacts": {"type": ["array", "null"], "items": CONTACT},
    },
}
NAMED = Query("name", "keep the environment of this name")

ENVIRONMENT = component(
    "Environment",
    resource(
        STAMPS | texts("uuid", "name", "displayName") | {"production": FLAG},
        links_to(
            "self",
            "pb:currently-deployed-deployed-versions",
            "pb:currently-supported-released-versions",
            "pb:environments",
        ),
        optional={"contacts": many(fields({"name": TEXT})), "updatedAt": MOMENT},
    ),
)
LIST = listing("environments", ENVIRONMENT, links_to("self", lists=["pb:environments"]))


@route(routes, "", answers=shown(LIST), query=(NAMED,))
def show_all(session: Session) -> Response:
    """Answer the environments; `name` keeps the one of that name."""
    found = environments.list_environments(session, NAMED.get() or None)
    links = [link(_address(each), title="Environment", name=each.name) for each in found]
    embedded = {"environments": [represent(each) for each in found]}
    return reply(
        {"_embedded": embedded, "_links": {"self": link(url("environments")), "pb:environments": links}}
    )


@route(routes, "", "POST", takes=Takes(SCHEMA), answers=made(ENVIRONMENT))
def create(session: Session) -> Response:
    """Create an environment."""
    environment = environments.create_environment(session, json_body())
    return created(represent(environment), _address(environment))


@route(routes, "/<name:uuid>", answers=shown(ENVIRONMENT))
def show(session: Session, uuid: str) -> Response:
    """Answer the environment."""
    return reply(represent(environments.get_environment(session, uuid)))


@route(routes, "/<name:uuid>", "PUT", takes=Takes(SCHEMA), answers=shown(ENVIRONMENT))
def replace(session: Session, uuid: str) -> Response:
    """Replace the environment's fields."""
    body = json_body()
    environment = environments.get_environment(session, uuid)
    environments.change_environment(session, environment, body)
    session.flush()
    return reply(represent(environment))


@route(routes, "/<name:uuid>", "DELETE", answers=GONE)
def remove(session: Session, uuid: str) -> Response:
    """Delete the environment with the record of what was deployed and released there."""
    environment = environments.get_environment(session, uuid)
    session.execute(delete(Environment).filter_by(id=environment.id))
    return gone()


def represent(environment: Environment) -> Json:
    """Return the environment's representation."""
    self = _address(environment)
    body = summary(environment) | given(contacts=environment.contacts)
    links = {
        "self": link(self, title="Environment", name=environment.name),
        "pb:currently-deployed-deployed-versions": link(f"{self}/deployed-versions/currently-deployed"),
        "pb:currently-supported-released-versions": link(f"{self}/released-versions/currently-supported"),
        "pb:environments": link(url("environments")),
    }
    return body | stamps(environment.created_at, environment.updated_at) | {"_links": links}


def summary(environment: Environment) -> Json:
    """Return the fields by which an environment is told apart."""
    return {
        "uuid": environment.uuid,
        "name": environment.name,
        "displayName": environment.display_name,
        "production": environment.production,
    }


def _address(environment: Environment) -> str:
    return url("environments", environment.uuid)
