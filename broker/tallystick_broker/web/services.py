"""The pages of a service: itself, its versions and branches, and the states that its consumers want."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.errors import Invalid
from tallystick_broker.for_verification.request import Selector
from tallystick_broker.overview.choices import EVERYTHING, Choice, Kind, offer, read_choice
from tallystick_broker.overview.service import PAGE, list_branches, list_versions, read_service
from tallystick_broker.overview.version import read_version
from tallystick_broker.participants import get_participant
from tallystick_broker.provider_states import gather_states
from tallystick_broker.versions import get_version
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages

routes = pages("services")
SERVICE = "/pacticipants/<name:name>"


@route(routes, SERVICE)
def show_service(session: Session, name: str) -> Response:
    """Answer what is told of a service first."""
    return page("service.html", service=read_service(session, get_participant(session, name)))


@route(routes, f"{SERVICE}/versions")
def show_versions(session: Session, name: str) -> Response:
    """Answer a window of the service's versions."""
    asked = {each: parameters.text(each) for each in ("q", "of", "before")}
    participant = get_participant(session, name)
    found = list_versions(session, participant, asked["q"], read_choice(asked["of"], "of"), asked["before"])
    return page(
        "versions.html",
        participant=participant,
        found=found,
        asked=asked,
        offered=offer(session, participant),
    )


@route(routes, f"{SERVICE}/versions/<name:number>")
def show_version(session: Session, name: str, number: str) -> Response:
    """Answer one version."""
    participant = get_participant(session, name)
    found = read_version(session, get_version(session, name, number))
    return page("version.html", participant=participant, found=found)


@route(routes, f"{SERVICE}/branches")
def show_branches(session: Session, name: str) -> Response:
    """Answer a page of the service's branches."""
    asked, number = {"q": parameters.text("q")}, parameters.number("page")
    participant = get_participant(session, name)
    found = list_branches(session, participant, asked["q"], number, PAGE + 1)
    return page("branches.html", participant=participant, found=found, asked=asked, number=number, size=PAGE)


@route(routes, f"{SERVICE}/provider-states")
@route(routes, "/pacts/provider/<name:name>/provider-states")
@route(routes, "/pacts/provider/<name:name>/provider-states/branch/<name:branch>")
@route(routes, "/pacts/provider/<name:name>/provider-states/environment/<name:environment>")
def show_states(
    session: Session, name: str, branch: str | None = None, environment: str | None = None
) -> Response:
    """Answer the states that the consumers want, on their main branches unless others are chosen."""
    participant = get_participant(session, name)
    choice = read_choice(parameters.text("of"), "of")
    if branch or environment:
        choice = Choice(Kind.BRANCH, branch) if branch else Choice(Kind.ENVIRONMENT, environment or "")
    states = gather_states(session, participant, _selector(choice))
    return page(
        "states.html",
        participant=participant,
        states=states,
        choice=str(choice),
        offered=offer(session, participant),
    )


def _selector(choice: Choice) -> Selector:
    if choice == EVERYTHING:
        return Selector(main_branch=True)
    if choice.kind is Kind.BRANCH:
        return Selector(branch=choice.name)
    if choice.kind is Kind.ENVIRONMENT:
        return Selector(environment=choice.name)
    raise Invalid({"of": [f"must be branch:<name> or environment:<name>, not {str(choice)!r}"]})
