"""The gate by address: can this version be taken away?"""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_queries import read_query, refusing_unknown
from tallystick_broker.api.hal import reply
from tallystick_broker.api.matrix import represent
from tallystick_broker.api.operations import shown
from tallystick_broker.api.queries import text_of
from tallystick_broker.api.verdicts import REMOVABLE, VERDICT
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.undeploy import ask_undeploy

routes = Blueprint("can_i_undeploy", __name__)


@route(routes, "/can-i-undeploy", answers=shown(VERDICT), query=REMOVABLE)
def show(session: Session) -> Response:
    """Answer whether a version can be taken away from an environment; without a version, all of them."""
    parameters, ignored, errors = read_query("pacticipant", "environment")
    if errors:
        raise Invalid(errors)
    selector = Selector(str(text_of(parameters, "pacticipant")), text_of(parameters, "version"))
    question = Question((selector,), Target(environment=text_of(parameters, "environment")), ignored)
    with refusing_unknown():
        return reply(represent(session, question, ask_undeploy(session, question), removes=True))
