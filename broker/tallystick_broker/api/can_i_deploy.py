"""The gate by address: can this version be deployed there?"""

from typing import Any

from flask import Blueprint, Response
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
from tallystick_broker.gate.reasons import Code, Type
from tallystick_broker.gate.selection import UnknownNames

routes = Blueprint("can_i_deploy", __name__)
OF_PARTICIPANT = "/pacticipants/<name:name>"
NOT_THERE = {Code.UNKNOWN_VERSION, Code.BRANCHLESS}


@route(routes, "/can-i-deploy", answers=shown(VERDICT), query=DEPLOYABLE)
def show(session: Session) -> Response:
    """Answer whether a version can be deployed to an environment, or beside the newest versions of a tag."""
    parameters = query_parameters()
    errors = _find_errors(parameters)
    ignored = read_ignored(_with_names(parameters), errors.setdefault("ignore", []))
    if any(errors.values()):
        raise Invalid({field: texts for field, texts in errors.items() if texts})
    name, tag, environment = (text_of(parameters, each) for each in ("pacticipant", "to", "environment"))
    target = Target(tag, latest=tag is not None, environment=environment)
    question = _ask_about(Selector(str(name), text_of(parameters, "version")), target, ignored)
    try:
        verdict = ask(session, question)
    except UnknownNames as unknown:
        errors = {"pacticipant": [f"{name} does not match an existing pacticipant"]}
        errors = errors if unknown.participants else {}
        if unknown.environment is not None:
            errors["environment"] = [f"with name '{environment}' does not exist"]
        raise Invalid(errors) from None
    return reply(represent(session, question, verdict))


@route(
    routes,
    f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:environment>",
    answers=shown(VERDICT),
)
def show_branch(session: Session, name: str, branch: str, environment: str) -> Response:
    """Answer whether the head of the branch can be deployed to the environment."""
    question = _ask_about(Selector(name, branch=branch, latest=True), Target(environment=environment))
    return _show(session, question)


@route(
    routes,
    f"{OF_PARTICIPANT}/latest-version/<name:tag>/can-i-deploy/to/<name:target>",
    answers=shown(VERDICT),
)
def show_tag(session: Session, name: str, tag: str, target: str) -> Response:
    """Answer whether the newest version with a tag can be deployed beside the newest versions of another tag."""
    question = _ask_about(Selector(name, tag=tag, latest=True), Target(target, latest=True))
    return _show(session, question)


def _ask_about(selector: Selector, target: Target, ignored: tuple[Selector, ...] = ()) -> Question:
    return Question((selector,), target, ignored, "cvpv" if target.environment else "cvp")


def _show(session: Session, question: Question) -> Response:
    """Return the answer to a question that an address puts; raise NotFound when it names what does not exist."""
    try:
        verdict = ask(session, question)
    except UnknownNames as unknown:
        raise NotFound(unknown.message) from None
    missing = [reason for reason in verdict.reasons if reason.code in NOT_THERE and reason.type is Type.ERROR]
    if missing:
        raise NotFound(missing[0].text)
    return reply(represent(session, question, verdict))


def _find_errors(parameters: Parameters) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for field in ("pacticipant", "version"):
        if text_of(parameters, field) is None:
            errors[field] = ["is missing"]
    if bool(text_of(parameters, "environment")) == bool(text_of(parameters, "to")):
        errors[""] = ["name either the environment or the tag (to=…) that it goes to"]
    return errors


def _with_names(parameters: Parameters) -> Parameters:
    """Return the parameters with each plain text to ignore read as the name of a pacticipant."""
    ignored: list[Any] = [
        {"pacticipant": each} if isinstance(each, str) and each else each
        for each in list_of(parameters, "ignore")
    ]
    return {"ignore": ignored}
