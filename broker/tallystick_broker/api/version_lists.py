"""Lists of versions: all of a pacticipant, those with a tag, on a branch, or in an environment."""

from flask import Blueprint, Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tallystick_broker import versions
from tallystick_broker.api.address import base_url
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, here, link, reply, url
from tallystick_broker.api.operations import shown
from tallystick_broker.api.paging import PAGES, asked_page, fetch_page
from tallystick_broker.api.shapes import links_to, listing
from tallystick_broker.api.versions import VERSION, address, represent_all
from tallystick_broker.environments import get_environment
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Participant, Version
from tallystick_broker.participants import get_participant

routes = Blueprint("version_lists", __name__, url_prefix="/pacticipants/<name:name>")
LIST = listing(
    "versions",
    VERSION,
    links_to(
        *("self", "pb:pacticipant", "pacticipant"),
        lists=["pb:versions", "versions"],
        optional=["previous", "next"],
    ),
)


@route(routes, "/versions", answers=shown(LIST), query=PAGES)
def show_all(session: Session, name: str) -> Response:
    """Answer the pacticipant's versions, newest first."""
    participant = get_participant(session, name)
    return _show(session, participant, versions.select_versions(participant))


@route(routes, "/branches/<name:branch>/versions", answers=shown(LIST), query=PAGES)
def show_on_branch(session: Session, name: str, branch: str) -> Response:
    """Answer the versions on the branch, newest first."""
    participant = get_participant(session, name)
    found = versions.get_branch(session, participant, branch)
    return _show(session, participant, versions.select_versions(participant, branch=found))


@route(routes, "/tags/<name:tag>/versions", answers=shown(LIST), query=PAGES)
def show_tagged(session: Session, name: str, tag: str) -> Response:
    """Answer the versions with the tag, newest first."""
    participant = get_participant(session, name)
    wanted = versions.select_versions(participant, tag=tag)
    if session.scalars(wanted.limit(1)).one_or_none() is None:
        raise NotFound(f"{name} has no version with tag {tag}")
    # The Pact Broker leaves the name out of this list's links to the pacticipant, and is followed to the letter.
    return _show(session, participant, wanted, f"{base_url()}/pacticipants/")


@route(routes, "/environments/<name:uuid>/versions", answers=shown(LIST), query=PAGES)
def show_live(session: Session, name: str, uuid: str) -> Response:
    """Answer the versions that are deployed to or supported in the environment, newest first."""
    participant, environment = get_participant(session, name), get_environment(session, uuid)
    return _show(session, participant, versions.select_versions(participant, environment=environment))


def _show(
    session: Session, participant: Participant, wanted: Select[Version], owner: str | None = None
) -> Response:
    page = fetch_page(session, wanted, asked_page())
    pacticipant = link(owner or url("pacticipants", participant.name), name=participant.name)
    found = [
        link(
            address(participant.name, each.number),
            title=f"Version {each.number} - {each.created_at:%d/%m/%Y}",
        )
        for each in page.items
    ]
    self = here()
    links: Json = {"self": link(self), "pb:pacticipant": pacticipant, "pb:versions": found}
    links |= {"pacticipant": pacticipant, "versions": found} | page.links(self.partition("?")[0])
    embedded = {"versions": represent_all(session, participant, page.items)}
    return reply({"_embedded": embedded, "_links": links} | page.members())
