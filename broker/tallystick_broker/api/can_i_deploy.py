"""The gate by address: can this version be deployed there?"""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import reply
from tallystick_broker.api.matrix import query_parameters, represent
from tallystick_broker.api.operations import shown
from tallystick_broker.api.queries import Parameters, list_of, text_of
from tallystick_broker.api.questions import read_ignored
from tallystick_broker.api.verdicts import DEPLOYABLE, VERDICT
from tallystick_broker.errors import Invalid, NotFound
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.models import BranchHead, Environment, Participant, Tag
from tallystick_broker.participants import get_participant
from tallystick_broker.versions import get_branch

routes = Blueprint("can_i_deploy", __name__)
OF_PARTICIPANT = "/pacticipants/<name:name>"


@route(routes, "/can-i-deploy", answers=shown(VERDICT), query=DEPLOYABLE)
def show(session: Session) -> Response:
    """Answer whether a version can be deployed to an environment, or beside the newest versions of a tag."""
    parameters = query_parameters()
    errors = _find_errors(session, parameters)
    ignored = read_ignored(_with_names(parameters), errors.setdefault("ignore", []))
    errors = {field: texts for field, texts in errors.items() if texts}
    if errors:
        raise Invalid(errors)
    selector = Selector(str(text_of(parameters, "pacticipant")), text_of(parameters, "version"))
    tag = text_of(parameters, "to")
    target = Target(tag, latest=tag is not None, environment=text_of(parameters, "environment"))
    return _show(session, selector, target, ignored)


@route(
    routes,
    f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:environment>",
    answers=shown(VERDICT),
)
def show_branch(session: Session, name: str, branch: str, environment: str) -> Response:
    """Answer whether the head of the branch can be deployed to the environment."""
    found = get_branch(session, get_participant(session, name), branch)
    if session.get(BranchHead, found.id) is None:
        raise NotFound(f"Branch {branch} of {name} has no versions")
    if not _exists(session, environment):
        raise NotFound(f"No environment with name '{environment}' found")
    return _show(session, Selector(name, branch=branch, latest=True), Target(environment=environment))


@route(
    routes,
    f"{OF_PARTICIPANT}/latest-version/<name:tag>/can-i-deploy/to/<name:target>",
    answers=shown(VERDICT),
)
def show_tag(session: Session, name: str, tag: str, target: str) -> Response:
    """Answer whether the newest version with a tag can be deployed beside the newest versions of another tag."""
    participant = get_participant(session, name)
    tagged = select(Tag.version_id).filter_by(participant_id=participant.id, name=tag).limit(1)
    if session.scalar(tagged) is None:
        raise NotFound(f"No version of {name} has tag {tag}")
    return _show(session, Selector(name, tag=tag, latest=True), Target(target, latest=True))


def _show(
    session: Session, selector: Selector, target: Target, ignored: tuple[Selector, ...] = ()
) -> Response:
    question = Question((selector,), target, ignored, "cvpv" if target.environment else "cvp")
    return reply(represent(session, question, ask(session, question)))


def _find_errors(session: Session, parameters: Parameters) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    participant, environment = text_of(parameters, "pacticipant"), text_of(parameters, "environment")
    for field in ("pacticipant", "version"):
        if text_of(parameters, field) is None:
            errors[field] = ["is missing"]
    if participant and session.scalar(select(Participant.id).filter_by(name=participant)) is None:
        errors["pacticipant"] = [f"{participant} does not match an existing pacticipant"]
    if bool(environment) == bool(text_of(parameters, "to")):
        errors[""] = ["name either the environment or the tag (to=…) that it goes to"]
    elif environment and not _exists(session, environment):
        errors["environment"] = [f"with name '{environment}' does not exist"]
    return errors


def _exists(session: Session, environment: str) -> bool:
    return session.scalar(select(Environment.id).filter_by(name=environment)) is not None


def _with_names(parameters: Parameters) -> Parameters:
    """Return the parameters with each plain text to ignore read as the name of a pacticipant."""
    ignored: list[Any] = [
        {"pacticipant": each} if isinstance(each, str) and each else each
        for each in list_of(parameters, "ignore")
    ]
    return {"ignore": ignored}
