"""Versions of pacticipants."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker import versions
from tallystick_broker.api.bodies import MERGE_PATCH, NAME, check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.deployments import live_links
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
from tallystick_broker.db import among
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Environment,
    Participant,
    Publication,
    Tag,
    Version,
)
from tallystick_broker.participants import get_participant

routes = Blueprint("versions", __name__, url_prefix="/pacticipants/<name:name>")

BUILD_URL = {"type": ["string", "null"], "format": "url"}
TAGS = {
    "type": ["array", "null"],
    "items": {"type": "object", "required": ["name"], "properties": {"name": NAME}},
}
SCHEMA = {"type": "object", "properties": {"buildUrl": BUILD_URL, "tags": TAGS}}


@route(routes, "/versions")
def show_all(session: Session, name: str) -> Response:
    """Answer the pacticipant's versions, newest first."""
    participant = get_participant(session, name)
    wanted = select(Version).filter_by(participant_id=participant.id).order_by(Version.id.desc())
    found = list(session.scalars(wanted))
    items = [represent(session, participant, version, _address(name, version.number)) for version in found]
    links: Json = {"self": link(here()), "pb:pacticipant": link(url("pacticipants", name), name=name)}
    links["pb:versions"] = [
        link(_address(name, each.number), title=f"Version {each.number} - {each.created_at:%d/%m/%Y}")
        for each in found
    ]
    return reply({"_embedded": {"versions": items}, "_links": links})


@route(routes, "/versions/<name:number>")
def show(session: Session, name: str, number: str) -> Response:
    """Answer the version."""
    return _show(session, name, versions.get_version(session, name, number))


@route(routes, "/latest-version")
def show_latest(session: Session, name: str) -> Response:
    """Answer the newest version."""
    participant = get_participant(session, name)
    newest = select(Version).filter_by(participant_id=participant.id).order_by(Version.id.desc()).limit(1)
    return _show(session, name, _found(session.scalars(newest).one_or_none(), name))


@route(routes, "/latest-version/<name:tag>")
def show_latest_tagged(session: Session, name: str, tag: str) -> Response:
    """Answer the newest version with the tag."""
    participant = get_participant(session, name)
    tagged = select(Version).join(Tag, Tag.version_id == Version.id)
    tagged = tagged.where(Tag.participant_id == participant.id, Tag.name == tag)
    newest = session.scalars(tagged.order_by(Version.id.desc()).limit(1)).one_or_none()
    return _show(session, name, _found(newest, name))


@route(routes, "/versions/<name:number>", "PUT")
def replace(session: Session, name: str, number: str) -> Response:
    """Replace the version's fields, and add the tags; an unknown version is created."""
    return _change(session, name, number, {"buildUrl": None} | json_body(SCHEMA, optional=True))


@route(routes, "/versions/<name:number>", "PATCH")
def change(session: Session, name: str, number: str) -> Response:
    """Change the fields that are sent, and add the tags; an unknown version is created."""
    return _change(session, name, number, json_body(SCHEMA, MERGE_PATCH, optional=True))


@route(routes, "/versions/<name:number>", "DELETE")
def remove(session: Session, name: str, number: str) -> Response:
    """Delete the version with everything that hangs on it."""
    versions.delete_version(session, versions.get_version(session, name, number))
    return gone()


def represent(session: Session, participant: Participant, version: Version, address: str) -> Json:
    """Return the version's representation, as it is asked for at this address."""
    body: Json = {"number": version.number} | given(buildUrl=version.build_url)
    body |= stamps(version.created_at, version.updated_at)
    memberships = branches_of(session, [version.id], {version.id: participant.name}).get(version.id, [])
    tags = tags_of(session, [version.id], {version.id: (participant.name, version.number)})
    body["_embedded"] = {
        "branches": memberships,
        "branchVersions": memberships,
        "tags": tags.get(version.id, []),
    }
    body["_links"] = {"self": link(address)} | _links(session, participant, version)
    return body


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


def tags_of(
    session: Session, version_ids: list[int], named: dict[int, tuple[str, str]]
) -> dict[int, list[Json]]:
    """Return the tags of each version, oldest first; `named` has each one's pacticipant and number."""
    wanted = select(Tag.version_id, Tag.name).where(Tag.version_id.in_(version_ids))
    found: dict[int, list[Json]] = {}
    for version_id, tag in session.execute(wanted.order_by(Tag.created_at, Tag.name)):
        name, number = named[version_id]
        self = link(url("pacticipants", name, "versions", number, "tags", tag), title="Tag", name=tag)
        found.setdefault(version_id, []).append({"name": tag, "_links": {"self": self}})
    return found


def _links(session: Session, participant: Participant, version: Version) -> Json:
    self = _address(participant.name, version.number)
    environments = list(session.scalars(select(Environment).order_by(Environment.id)))
    checked = url("verification-results", "consumer", participant.name, "version", version.number, "latest")
    return {
        "pb:pacticipant": link(
            url("pacticipants", participant.name), title="Pacticipant", name=participant.name
        ),
        "pb:tag": templated(template(self, "tags/{tag}"), "Get, create or delete a tag"),
        "pb:latest-verification-results-where-pacticipant-is-consumer": link(checked),
        "pb:pact-versions": _pacts(session, participant, version),
        "pb:deployed-environments": live_links(session, version_id=version.id),
        "pb:released-environments": live_links(session, version_id=version.id, released=True),
        "pb:record-deployment": [_record(self, "deployed-versions", each) for each in environments],
        "pb:record-release": [_record(self, "released-versions", each) for each in environments],
        "curies": curies("version"),
    }


def _record(self: str, kind: str, environment: Environment) -> Json:
    action = "deployment" if kind == "deployed-versions" else "release"
    title = f"Record {action} to {environment.display_name}"
    return link(f"{self}/{kind}/environment/{environment.uuid}", title=title, name=environment.name)


def _pacts(session: Session, participant: Participant, version: Version) -> list[Json]:
    wanted = select(Participant.name).join(Publication, Publication.provider_id == Participant.id)
    wanted = wanted.where(Publication.consumer_version_id == version.id, Publication.in_effect)
    return [
        link(
            url("pacts", "provider", provider, "consumer", participant.name, "version", version.number),
            title="Pact",
            name=f"Pact between {participant.name} ({version.number}) and {provider}",
        )
        for provider in session.scalars(wanted.order_by(Participant.name))
    ]


def _show(session: Session, name: str, version: Version) -> Response:
    return reply(represent(session, get_participant(session, name), version, here()))


def _found(version: Version | None, name: str) -> Version:
    if version is None:
        raise NotFound(f"{name} has no such version")
    return version


def _change(session: Session, name: str, number: str, body: dict[str, Any]) -> Response:
    version, new = versions.ensure_version(session, check_name(name, "name"), check_name(number, "number"))
    if "buildUrl" in body:
        version.build_url = body["buildUrl"]
    for tag in body.get("tags") or []:
        versions.tag_version(session, version, tag["name"])
    session.flush()
    address = _address(name, number)
    return put(represent(session, get_participant(session, name), version, address), address, new=new)


def _address(name: str, number: str) -> str:
    return url("pacticipants", name, "versions", number)
