"""Versions of pacticipants."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker import versions
from tallystick_broker.api.bodies import NAME, check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import (
    Json,
    curies,
    given,
    gone,
    here,
    link,
    put,
    reply,
    stamps,
    template,
    templated,
    url,
)
from tallystick_broker.api.operations import GONE, MERGE_PATCH, Takes, shown, written
from tallystick_broker.api.records import links_of_versions
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    STAMPS,
    TEXT,
    component,
    fields,
    links_to,
    many,
    resource,
)
from tallystick_broker.db import among
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    DeployedVersion,
    Environment,
    Participant,
    Publication,
    ReleasedVersion,
    Tag,
    Version,
)
from tallystick_broker.participants import ensure_participant, get_participant

routes = Blueprint("versions", __name__, url_prefix="/pacticipants/<name:name>")

BUILD_URL = {"type": ["string", "null"], "format": "uri"}
TAGS = {
    "type": ["array", "null"],
    "items": {"type": "object", "required": ["name"], "properties": {"name": NAME}},
    "maxItems": 1000,
}
SCHEMA = {"type": "object", "properties": {"buildUrl": BUILD_URL, "tags": TAGS}}

_MEMBERSHIPS = many(resource({"name": TEXT, "latest": FLAG}, links_to("self")))
VERSION = component(
    "Version",
    resource(
        STAMPS | {"number": TEXT},
        links_to(
            *("self", "pb:pacticipant", "pb:tag"),
            "pb:latest-verification-results-where-pacticipant-is-consumer",
            lists=[
                *("pb:record-deployment", "pb:record-release", "pb:pact-versions", "curies"),
                *("pb:deployed-environments", "pb:released-environments"),
            ],
        ),
        optional={"buildUrl": TEXT, "updatedAt": MOMENT},
        embedded=fields(
            {
                "branches": _MEMBERSHIPS,
                "branchVersions": _MEMBERSHIPS,
                "tags": many(resource({"name": TEXT}, links_to("self"))),
            }
        ),
    ),
)


@route(routes, "/versions/<name:number>", answers=shown(VERSION))
def show(session: Session, name: str, number: str) -> Response:
    """Answer the version."""
    return _show(session, name, versions.get_version(session, name, number))


@route(routes, "/latest-version", answers=shown(VERSION))
def show_latest(session: Session, name: str) -> Response:
    """Answer the newest version."""
    return _show_newest(session, name)


@route(routes, "/latest-version/<name:tag>", answers=shown(VERSION))
def show_latest_tagged(session: Session, name: str, tag: str) -> Response:
    """Answer the newest version with the tag."""
    return _show_newest(session, name, tag)


@route(
    routes,
    "/versions/<name:number>",
    "PUT",
    takes=Takes(SCHEMA, optional=True),
    answers=written(VERSION),
)
def replace(session: Session, name: str, number: str) -> Response:
    """Replace the version's fields, and its tags by those sent; an unknown version is created."""
    return _change(session, name, number, {"buildUrl": None} | json_body())


@route(
    routes,
    "/versions/<name:number>",
    "PATCH",
    takes=Takes(SCHEMA, MERGE_PATCH, optional=True),
    answers=written(VERSION),
)
def change(session: Session, name: str, number: str) -> Response:
    """Change the fields that are sent, tags as a whole; an unknown version is created."""
    return _change(session, name, number, json_body())


@route(routes, "/versions/<name:number>", "DELETE", answers=GONE)
def remove(session: Session, name: str, number: str) -> Response:
    """Delete the version with everything that hangs on it."""
    versions.delete_version(session, versions.get_version(session, name, number))
    return gone()


def represent(session: Session, participant: Participant, version: Version, self: str) -> Json:
    """Return the version's representation, as it is asked for at this address."""
    shown = represent_all(session, participant, [version])[0]
    shown["_links"]["self"] = link(self)
    return shown


def represent_all(session: Session, participant: Participant, versions: Sequence[Version]) -> list[Json]:
    """Return the representation of each of the participant's versions."""
    ids = [version.id for version in versions]
    branches = branches_of(session, ids, dict.fromkeys(ids, participant.name))
    tags, pacts = _tags(session, participant, ids), _pacts(session, participant, ids)
    deployed = links_of_versions(session, DeployedVersion, ids)
    released = links_of_versions(session, ReleasedVersion, ids)
    environments = list(session.scalars(select(Environment).order_by(Environment.id)))
    return [
        {"number": version.number}
        | given(buildUrl=version.build_url)
        | stamps(version.created_at, version.updated_at)
        | {
            "_embedded": {
                "branches": branches.get(version.id, []),
                "branchVersions": branches.get(version.id, []),
                "tags": tags[version.id],
            },
            "_links": _links(participant.name, version.number, environments)
            | {
                "pb:pact-versions": pacts[version.id],
                "pb:deployed-environments": deployed.get(version.id, []),
                "pb:released-environments": released.get(version.id, []),
            },
        }
        for version in versions
    ]


def branches_of(session: Session, version_ids: list[int], names: dict[int, str]) -> dict[int, list[Json]]:
    """Return the branch memberships of each version; `names` has each one's pacticipant."""
    wanted = (
        select(Version.id, Version.number, Branch.name, BranchHead.branch_id)
        .join(BranchVersion, BranchVersion.version_id == Version.id)
        .join(Branch, Branch.id == BranchVersion.branch_id)
        .outerjoin(BranchHead, (BranchHead.branch_id == Branch.id) & (BranchHead.version_id == Version.id))
        .where(among(Version.id, version_ids))
        .order_by(BranchVersion.created_at, Branch.id)
    )
    found: dict[int, list[Json]] = {}
    for version_id, number, branch, head in session.execute(wanted):
        address = url("pacticipants", names[version_id], "branches", branch, "versions", number)
        self = link(address, title="Branch version", name=branch)
        found.setdefault(version_id, []).append(
            {"name": branch, "latest": head is not None, "_links": {"self": self}}
        )
    return found


def address(name: str, number: str) -> str:
    """Return the version's address."""
    return url("pacticipants", name, "versions", number)


def _tags(session: Session, participant: Participant, version_ids: list[int]) -> dict[int, list[Json]]:
    wanted = select(Tag.version_id, Version.number, Tag.name).join(Version, Version.id == Tag.version_id)
    wanted = wanted.where(among(Tag.version_id, version_ids)).order_by(Tag.created_at, Tag.name)
    found: dict[int, list[Json]] = defaultdict(list)
    for version_id, number, tag in session.execute(wanted):
        self = link(
            url("pacticipants", participant.name, "versions", number, "tags", tag), title="Tag", name=tag
        )
        found[version_id].append({"name": tag, "_links": {"self": self}})
    return found


def _pacts(session: Session, participant: Participant, version_ids: list[int]) -> dict[int, list[Json]]:
    name = participant.name
    wanted = (
        select(Version.id, Version.number, Participant.name)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .join(Participant, Participant.id == Publication.provider_id)
        .where(among(Publication.consumer_version_id, version_ids), Publication.in_effect)
    )
    found: dict[int, list[Json]] = defaultdict(list)
    for version_id, number, provider in session.execute(wanted.order_by(Participant.name)):
        pact = url("pacts", "provider", provider, "consumer", name, "version", number)
        found[version_id].append(
            link(pact, title="Pact", name=f"Pact between {name} ({number}) and {provider}")
        )
    return found


def _links(name: str, number: str, environments: Iterable[Environment]) -> Json:
    self = address(name, number)
    checked = url("verification-results", "consumer", name, "version", number, "latest")
    return {
        "self": link(self),
        "pb:pacticipant": link(url("pacticipants", name), title="Pacticipant", name=name),
        "pb:tag": templated(template(self, "tags/{tag}"), "Get, create or delete a tag"),
        "pb:latest-verification-results-where-pacticipant-is-consumer": link(checked),
        "pb:record-deployment": [_record(self, "deployed-versions", each) for each in environments],
        "pb:record-release": [_record(self, "released-versions", each) for each in environments],
        "curies": curies("version"),
    }


def _record(self: str, kind: str, environment: Environment) -> Json:
    action = "deployment" if kind == "deployed-versions" else "release"
    title = f"Record {action} to {environment.display_name}"
    return link(f"{self}/{kind}/environment/{environment.uuid}", title=title, name=environment.name)


def _show(session: Session, name: str, version: Version) -> Response:
    return reply(represent(session, get_participant(session, name), version, here(with_query=False)))


def _show_newest(session: Session, name: str, tag: str | None = None) -> Response:
    participant = get_participant(session, name)
    wanted = versions.select_versions(participant, tag=tag).limit(1)
    newest = session.scalars(wanted).one_or_none()
    if newest is None:
        raise NotFound(f"{name} has no version" + (f" with tag {tag}" if tag else ""))
    return reply(represent(session, participant, newest, here(with_query=False)))


def _change(session: Session, name: str, number: str, body: dict[str, Any]) -> Response:
    participant = ensure_participant(session, check_name(name, "name"))
    version, new = versions.ensure_version(session, participant, check_name(number, "number"))
    if "buildUrl" in body:
        version.build_url = body["buildUrl"]
    if body.get("tags") is not None:
        versions.replace_tags(session, version, [tag["name"] for tag in body["tags"]])
    session.flush()
    self = address(name, number)
    return put(represent(session, participant, version, self), self, new=new)
