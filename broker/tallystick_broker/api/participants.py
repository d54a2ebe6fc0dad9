"""Pacticipants, as the wire calls participants."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from tallystick_broker import participants
from tallystick_broker.api.bodies import NAME, check_name, json_body
from tallystick_broker.api.boundary import route
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
from tallystick_broker.api.operations import (
    CONFLICT,
    GONE,
    JSON,
    MERGE_PATCH,
    Query,
    Takes,
    made,
    shown,
    written,
)
from tallystick_broker.api.paging import PAGES, asked_page, fetch_page
from tallystick_broker.api.records import links_of_participants
from tallystick_broker.api.shapes import (
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
from tallystick_broker.models import MAX_NAME, Participant

routes = Blueprint("participants", __name__, url_prefix="/pacticipants")

FIELDS = {
    "displayName": "display_name",
    "mainBranch": "main_branch",
    "repositoryUrl": "repository_url",
    "repositoryName": "repository_name",
    "repositoryNamespace": "repository_namespace",
}
OPTIONAL = {"type": ["string", "null"]}
BRANCH = OPTIONAL | {"pattern": r"^[^\s\x00-\x1f\x7f]*$", "maxLength": MAX_NAME, "format": "unicode"}
PROPERTIES = (
    {"name": NAME} | dict.fromkeys(FIELDS, OPTIONAL) | {"displayName": NAME | OPTIONAL, "mainBranch": BRANCH}
)
CHANGE = {"type": "object", "properties": PROPERTIES}
CREATE = CHANGE | {"required": ["name"]}
PART = Query("q", "keep the pacticipants whose name has this in it, in any case")

_VERSION = resource({"number": TEXT}, links_to("self"))
PARTICIPANT = component(
    "Pacticipant",
    resource(
        STAMPS | texts("name", "displayName"),
        links_to(
            *("self", "pb:versions", "pb:branches", "pb:version", "pb:version-tag", "pb:branch-version"),
            *("pb:label", "versions", "pb:can-i-deploy-badge", "pb:can-i-deploy-branch-to-environment-badge"),
            lists=["curies", "pb:deployed-environments"],
        ),
        optional=texts(*FIELDS) | {"updatedAt": MOMENT},
        embedded=fields(
            {"labels": many(resource({"name": TEXT}, links_to("self")))},
            {"latestVersion": _VERSION, "latest-version": _VERSION},
        ),
    ),
)
LIST = listing(
    "pacticipants",
    PARTICIPANT,
    links_to(
        "self",
        "pb:pacticipants-with-label",
        lists=["pb:pacticipants", "pacticipants"],
        optional=["previous", "next"],
    ),
)


@route(routes, "", answers=shown(LIST), query=(PART, *PAGES))
def show_all(session: Session) -> Response:
    """Answer the pacticipants by name, `q` of them only when given."""
    return _list(session, participants.select_participants(PART.get()))


@route(routes, "/label/<name:label>", answers=shown(LIST), query=PAGES)
def show_labelled(session: Session, label: str) -> Response:
    """Answer the pacticipants with the label."""
    return _list(session, participants.select_participants(label=label))


@route(routes, "", "POST", takes=Takes(CREATE), answers={**made(PARTICIPANT), **CONFLICT})
def create(session: Session) -> Response:
    """Create a pacticipant."""
    body = json_body()
    participant = participants.create_participant(session, body["name"], _fields(body))
    return created(represent(session, participant), url("pacticipants", participant.name))


@route(routes, "/<name:name>", answers=shown(PARTICIPANT))
def show(session: Session, name: str) -> Response:
    """Answer the pacticipant."""
    return reply(represent(session, participants.get_participant(session, name)))


@route(routes, "/<name:name>", "PUT", takes=Takes(CHANGE), answers=shown(PARTICIPANT))
def replace(session: Session, name: str) -> Response:
    """Replace the pacticipant's fields; those left out are emptied."""
    body = json_body()
    participant = participants.get_participant(session, name)
    participants.change_participant(participant, dict.fromkeys(FIELDS.values()) | _fields(body))
    session.flush()
    return reply(represent(session, participant))


@route(routes, "/<name:name>", "PATCH", takes=Takes(CHANGE, JSON + MERGE_PATCH), answers=written(PARTICIPANT))
def change(session: Session, name: str) -> Response:
    """Change the fields that are sent; a pacticipant that is unknown is created."""
    body = json_body()
    known = session.scalar(select(Participant.id).filter_by(name=name)) is not None
    participant = participants.ensure_participant(session, check_name(name, "name"))
    participants.change_participant(participant, _fields(body))
    session.flush()
    shown = represent(session, participant)
    return reply(shown) if known else created(shown, url("pacticipants", name))


@route(routes, "/<name:name>", "DELETE", answers=GONE)
def remove(session: Session, name: str) -> Response:
    """Delete the pacticipant with its versions and contracts."""
    participant = participants.get_participant(session, name)
    session.execute(delete(Participant).filter_by(id=participant.id))
    return gone()


def represent(session: Session, participant: Participant) -> Json:
    """Return the pacticipant's representation."""
    return represent_all(session, [participant])[0]


def represent_all(session: Session, found: Sequence[Participant]) -> list[Json]:
    """Return the representation of each pacticipant."""
    ids = [participant.id for participant in found]
    numbers, labels = participants.find_latest_numbers(session, ids), participants.find_labels(session, ids)
    deployed = links_of_participants(session, ids)
    return [
        {"name": each.name, "displayName": each.display_name}
        | given(**{name: getattr(each, field) for name, field in FIELDS.items()})
        | stamps(each.created_at, each.updated_at)
        | {
            "_embedded": _latest_version(each.name, numbers.get(each.id))
            | {"labels": [_label(each.name, label) for label in labels.get(each.id, [])]},
            "_links": _links(url("pacticipants", each.name))
            | {"pb:deployed-environments": deployed.get(each.id, [])},
        }
        for each in found
    ]


def _list(session: Session, wanted: Select[Participant]) -> Response:
    page = fetch_page(session, wanted, asked_page(), None)
    items = represent_all(session, page.items)
    deprecated = [
        item | {"title": "DEPRECATED - please use the embedded pacticipants collection"} for item in items
    ]
    entries = [
        link(url("pacticipants", each.name), title="Pacticipant", name=each.name) for each in page.items
    ]
    self = url("pacticipants")
    links = page.links(self) | {
        "self": link(self),
        "pb:pacticipants-with-label": templated(
            template(self, "label/{label}"), "Find pacticipants by label"
        ),
        "pb:pacticipants": entries,
        "pacticipants": [entry | {"title": entry["name"]} for entry in entries],
    }
    body = {"_embedded": {"pacticipants": items}, "pacticipants": deprecated, "_links": links}
    return reply(body | page.members())


def _label(name: str, label: str) -> Json:
    return {"name": label, "_links": {"self": link(url("pacticipants", name, "labels", label))}}


def _latest_version(name: str, number: str | None) -> Json:
    if number is None:
        return {}
    links = {"self": link(url("pacticipants", name, "versions", number))}
    text = "DEPRECATED - please use latestVersion"
    return {
        "latestVersion": {"number": number, "_links": links},
        "latest-version": {"number": number, "title": text, "name": text, "_links": links},
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
