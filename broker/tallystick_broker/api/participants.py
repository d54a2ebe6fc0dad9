"""Pacticipants, as the wire calls participants."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tallystick_broker import participants
from tallystick_broker.api.bodies import JSON, MERGE_PATCH, NAME, check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.deployments import live_links
from tallystick_broker.api.hal import (
    Json,
    created,
    curies,
    given,
    gone,
    link,
    reply,
    stamps,
    template,
    templated,
    url,
)
from tallystick_broker.models import Participant, Version

routes = Blueprint("participants", __name__, url_prefix="/pacticipants")

FIELDS = {
    "displayName": "display_name",
    "mainBranch": "main_branch",
    "repositoryUrl": "repository_url",
    "repositoryName": "repository_name",
    "repositoryNamespace": "repository_namespace",
}
TEXT = {"type": ["string", "null"]}
CHANGE = {"type": "object", "properties": dict.fromkeys(FIELDS, TEXT) | {"name": NAME}}
CREATE = CHANGE | {"required": ["name"]}


@route(routes, "")
def show_all(session: Session) -> Response:
    """Answer the pacticipants by name, `q` of them only when given."""
    found = participants.list_participants(session, request.args.get("q"))
    items = [represent(session, participant) for participant in found]
    deprecated = [
        item | {"title": "DEPRECATED - please use the embedded pacticipants collection"} for item in items
    ]
    entries = [link(url("pacticipants", each.name), title="Pacticipant", name=each.name) for each in found]
    links = {
        "self": link(url("pacticipants")),
        "pb:pacticipants-with-label": templated(
            template(url("pacticipants"), "label/{label}"), "Find pacticipants by label"
        ),
        "pb:pacticipants": entries,
        "pacticipants": entries,
    }
    return reply({"_embedded": {"pacticipants": items}, "pacticipants": deprecated, "_links": links})


@route(routes, "", "POST")
def create(session: Session) -> Response:
    """Create a pacticipant."""
    body = json_body(CREATE)
    participant = participants.create_participant(session, body["name"], _fields(body))
    return created(represent(session, participant), url("pacticipants", participant.name))


@route(routes, "/<name:name>")
def show(session: Session, name: str) -> Response:
    """Answer the pacticipant."""
    return reply(represent(session, participants.get_participant(session, name)))


@route(routes, "/<name:name>", "PUT")
def replace(session: Session, name: str) -> Response:
    """Replace the pacticipant's fields; those left out are emptied."""
    body = json_body(CHANGE)
    participant = participants.get_participant(session, name)
    participants.change_participant(participant, dict.fromkeys(FIELDS.values()) | _fields(body))
    session.flush()
    return reply(represent(session, participant))


@route(routes, "/<name:name>", "PATCH")
def change(session: Session, name: str) -> Response:
    """Change the fields that are sent; a pacticipant that is unknown is created."""
    body = json_body(CHANGE, JSON + MERGE_PATCH)
    known = session.scalar(select(Participant.id).filter_by(name=name)) is not None
    participant = participants.ensure_participant(session, check_name(name, "name"))
    participants.change_participant(participant, _fields(body))
    session.flush()
    shown = represent(session, participant)
    return reply(shown) if known else created(shown, url("pacticipants", name))


@route(routes, "/<name:name>", "DELETE")
def remove(session: Session, name: str) -> Response:
    """Delete the pacticipant with its versions and contracts."""
    participant = participants.get_participant(session, name)
    session.execute(delete(Participant).filter_by(id=participant.id))
    return gone()


def represent(session: Session, participant: Participant) -> Json:
    """Return the pacticipant's representation."""
    self = url("pacticipants", participant.name)
    body: Json = {"name": participant.name, "displayName": participant.display_name} | given(
        mainBranch=participant.main_branch,
        repositoryUrl=participant.repository_url,
        repositoryName=participant.repository_name,
        repositoryNamespace=participant.repository_namespace,
    )
    labels = [
        {
            "name": label.name,
            "_links": {"self": link(url("pacticipants", participant.name, "labels", label.name))},
        }
        for label in participant.labels
    ]
    body |= stamps(participant.created_at, participant.updated_at)
    body["_embedded"] = _latest_version(session, participant) | {"labels": labels}
    body["_links"] = _links(self) | {
        "pb:deployed-environments": live_links(session, participant_id=participant.id)
    }
    return body


def _latest_version(session: Session, participant: Participant) -> Json:
    newest = (
        select(Version.number).filter_by(participant_id=participant.id).order_by(Version.id.desc()).limit(1)
    )
    number = session.scalar(newest)
    if number is None:
        return {}
    links = {"self": link(url("pacticipants", participant.name, "versions", number))}
    return {
        "latestVersion": {"number": number, "_links": links},
        "latest-version": {
            "number": number,
            "title": "DEPRECATED - please use latestVersion",
            "name": "DEPRECATED - please use latestVersion",
            "_links": links,
        },
    }


def _links(self: str) -> Json:
    return {
        "self": link(self),
        "pb:versions": link(f"{self}/versions"),
        "pb:branches": link(f"{self}/branches"),
        "pb:version": templated(f"{self}/versions/{{version}}", "Get, create or delete a version"),
        "pb:version-tag": templated(f"{self}/versions/{{version}}/tags/{{tag}}", "Tag a version"),
        "pb:branch-version": templated(
            f"{self}/branches/{{branch}}/versions/{{version}}", "Add a version to a branch"
        ),
        "pb:label": templated(f"{self}/labels/{{label}}", "Get, create or delete a label"),
        "versions": link(f"{self}/versions", title="Deprecated - use pb:versions"),
        "pb:can-i-deploy-badge": templated(
            f"{self}/latest-version/{{tag}}/can-i-deploy/to/{{environmentTag}}/badge", "Can I Deploy badge"
        ),
        "pb:can-i-deploy-branch-to-environment-badge": templated(
            f"{self}/branches/{{branch}}/latest-version/can-i-deploy/to-environment/{{environment}}/badge",
            "Can I Deploy badge from a branch to an environment",
        ),
        "curies": curies("pacticipant"),
    }


def _fields(body: Json) -> dict[str, Any]:
    return {field: body[name] for name, field in FIELDS.items() if name in body}
