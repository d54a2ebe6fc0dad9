"""The gate by address: can this version be deployed there?"""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_queries import read_query, refusing_unknown
from tallystick_broker.api.hal import reply
from tallystick_broker.api.matrix import represent
from tallystick_broker.api.operations import shown
from tallystick_broker.api.queries import text_of
from tallystick_broker.api.questions import read_together
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
    """Answer whether a version can be deployed to an environment, or beside the newest versions of a tag.

    `with[][pacticipant]` and `with[][version]` name what goes together with it.
    """
    parameters, ignored, errors = read_query("pacticipant", "version")
    name, tag, environment = (text_of(parameters, each) for each in ("pacticipant", "to", "environment"))
    if bool(environment) == bool(tag):
        errors[""] = ["name either the environment or the tag (to=…) that it goes to"]
    together = read_together(parameters, errors)
    if errors:
        raise Invalid(errors)
    selectors = (Selector(str(name), text_of(parameters, "version")), *together)
    target = Target(tag, latest=tag is not None, environment=environment)
    required = text_of(parameters, "requireContracts") == "true"
    question = Question(
        selectors, target, ignored, "cvpv" if environment else "cvp", require_contracts=required
    )
    with refusing_unknown():
        return reply(represent(session, question, ask(session, question)))


@route(
    routes,
    f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:environment>",
    answers=shown(VERDICT),
)
def show_branch(session: Session, name: str, branch: str, environment: str) -> Response:
    """Answer whether the head of the branch can be deployed to the environment."""
    head = Selector(name, branch=branch, latest=True)
    return _show(session, Question((head,), Target(environment=environment), latestby="cvpv"))


@route(
    routes,
    f"{OF_PARTICIPANT}/latest-version/<name:tag>/can-i-deploy/to/<name:target>",
    answers=shown(VERDICT),
)
def show_tag(session: Session, name: str, tag: str, target: str) -> Response:
    """Answer whether the newest version with a tag can be deployed beside the newest versions of another tag."""
    newest = Selector(name, tag=tag, latest=True)
    return _show(session, Question((newest,), Target(target, latest=True), latestby="cvp"))


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
