"""Branches, and the versions on them."""

from flask import Blueprint, Response, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tallystick_broker import versions
from tallystick_broker.api.bodies import check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, gone, here, link, put, reply, stamps, url
from tallystick_broker.api.operations import GONE, Answer, Query, Takes, hal, shown, written
from tallystick_broker.api.paging import DEFAULT_SIZE, PAGES, asked_page, fetch_page
from tallystick_broker.api.shapes import (
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
from tallystick_broker.api.versions import VERSION
from tallystick_broker.api.versions import represent as represent_version
from tallystick_broker.errors import Invalid, NotFound
from tallystick_broker.models import Branch, BranchHead, BranchVersion, Version
from tallystick_broker.participants import ensure_participant, get_participant

routes = Blueprint("branches", __name__, url_prefix="/pacticipants/<name:name>/branches")
MEMBER = "/<name:branch>/versions/<name:number>"
PART = Query("q", "keep the branches whose name has this in it, in any case")
EXCLUDED = Query("exclude[]", "the name of a branch to keep", many(TEXT))
OBJECT = {"type": "object"}

BRANCH = component("Branch", resource(STAMPS | {"name": TEXT}, links_to("self", "pb:latest-version")))
BRANCH_VERSION = component("BranchVersion", resource(STAMPS, links_to("self", "pb:branch", "pb:version")))
LIST = listing("branches", BRANCH, links_to("self", lists=["pb:branches"], optional=["previous", "next"]))
NOTICES = fields({"notices": many(fields(texts("type", "text")))})
REMOVED = {202: Answer("They were deleted", hal(NOTICES))}


@route(routes, "", answers=shown(LIST), query=(PART, *PAGES))
def show_all(session: Session, name: str) -> Response:
    """Answer the pacticipant's branches, the one touched last first, `q` of them only when given."""
    participant = get_participant(session, name)
    wanted = versions.select_branches(participant, PART.get())
    page = fetch_page(session, wanted, asked_page(DEFAULT_SIZE))
    links: Json = {"self": link(here())} | page.links(url("pacticipants", name, "branches"))
    links["pb:branches"] = [link(_address(name, each.name), name=each.name) for each in page.items]
    embedded = {"branches": [_represent(name, each) for each in page.items]}
    return reply({"_embedded": embedded, "_links": links} | page.members())


@route(routes, "", "DELETE", answers=REMOVED, query=(EXCLUDED,))
def remove_others(session: Session, name: str) -> Response:
    """Delete the branches but the main branch and those named in `exclude[]`; versions and pacts stay."""
    kept = _excluded()
    count = versions.delete_branches(session, get_participant(session, name), kept)
    text = f"Branches of {name} that were deleted: {count}. The main branch and those excluded are kept."
    return reply({"notices": [{"type": "success", "text": text}]}, 202)


@route(routes, "/<name:branch>", answers=shown(BRANCH))
def show(session: Session, name: str, branch: str) -> Response:
    """Answer the branch."""
    return reply(_represent(name, versions.get_branch(session, get_participant(session, name), branch)))


@route(routes, "/<name:branch>", "DELETE", answers=GONE)
def remove(session: Session, name: str, branch: str) -> Response:
    """Delete the branch; its versions and pacts stay."""
    found = versions.get_branch(session, get_participant(session, name), branch)
    session.execute(delete(Branch).filter_by(id=found.id))
    return gone()


@route(routes, "/<name:branch>/latest-version", answers=shown(VERSION))
def show_head(session: Session, name: str, branch: str) -> Response:
    """Answer the version at the branch's head."""
    participant = get_participant(session, name)
    found = versions.get_branch(session, participant, branch)
    head = select(Version).join(BranchHead, BranchHead.version_id == Version.id)
    version = session.scalars(head.where(BranchHead.branch_id == found.id)).one_or_none()
    if version is None:
        raise NotFound(f"Branch {branch} of {name} has no versions")
    return reply(represent_version(session, participant, version, here(with_query=False)))


@route(routes, MEMBER, "PUT", takes=Takes(OBJECT, optional=True), answers=written(BRANCH_VERSION))
def add(session: Session, name: str, branch: str, number: str) -> Response:
    """Put the version on the branch; pacticipant, version and branch are made as needed."""
    json_body()
    for field, value in {"name": name, "branch": branch, "version": number}.items():
        check_name(value, field)
    version, _ = versions.ensure_version(session, ensure_participant(session, name), number)
    new = versions.add_to_branch(session, version, branch)
    member = _member(session, name, branch, version)
    return put(_represent_member(name, branch, number, member), _address(name, branch, number), new=new)


@route(routes, MEMBER, answers=shown(BRANCH_VERSION))
def show_version(session: Session, name: str, branch: str, number: str) -> Response:
    """Answer the version's membership in the branch."""
    version = versions.get_version(session, name, number)
    return reply(_represent_member(name, branch, number, _member(session, name, branch, version)))


@route(routes, MEMBER, "DELETE", answers=GONE)
def take_off(session: Session, name: str, branch: str, number: str) -> Response:
    """Take the version off the branch; the version stays."""
    version = versions.get_version(session, name, number)
    _member(session, name, branch, version)
    versions.leave_branch(
        session, version, versions.get_branch(session, get_participant(session, name), branch)
    )
    return gone()


def _excluded() -> list[str]:
    """Return the names in `exclude[]`; one that could not be read would be a branch lost."""
    unread = {key for key in request.args if key.startswith("exclude")} - {"exclude", "exclude[]"}
    if unread:
        raise Invalid(
            {key: ["can't be read: write exclude[]=NAME for each branch to keep"] for key in unread}
        )
    return request.args.getlist("exclude[]") + request.args.getlist("exclude")


def _member(session: Session, name: str, branch: str, version: Version) -> BranchVersion:
    found = versions.get_branch(session, get_participant(session, name), branch)
    member = session.get(BranchVersion, (found.id, version.id))
    if member is None:
        raise NotFound(f"{name} {version.number} is not on branch {branch}")
    return member


def _represent(name: str, branch: Branch) -> Json:
    self = _address(name, branch.name)
    links = {"self": link(self, title="Branch"), "pb:latest-version": link(f"{self}/latest-version")}
    return {"name": branch.name} | stamps(branch.created_at) | {"_links": links}


def _represent_member(name: str, branch: str, number: str, member: BranchVersion) -> Json:
    links = {
        "self": link(_address(name, branch, number), title="Branch version"),
        "pb:branch": link(_address(name, branch), title="Branch", name=branch),
        "pb:version": link(url("pacticipants", name, "versions", number), title="Version", name=number),
    }
    return stamps(member.created_at) | {"_links": links}


def _address(name: str, branch: str, number: str | None = None) -> str:
    return url("pacticipants", name, "branches", branch, *([] if number is None else ["versions", number]))
