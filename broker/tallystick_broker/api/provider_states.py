"""Provider states: what a provider's tests have to be able to set up."""

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, given, reply
from tallystick_broker.api.operations import shown
from tallystick_broker.api.shapes import TEXT, fields, many
from tallystick_broker.for_verification.request import Selector
from tallystick_broker.models import Environment
from tallystick_broker.participants import get_participant
from tallystick_broker.provider_states import WantedState, gather_states

routes = Blueprint("provider_states", __name__, url_prefix="/pacts/provider/<name:provider>/provider-states")
STATE = fields({"name": TEXT, "consumers": many(TEXT)}, {"params": {"type": "object"}})
STATES = fields({"providerStates": many(STATE)})


@route(routes, "", answers=shown(STATES))
def show_of_main_branches(session: Session, provider: str) -> Response:
    """Answer the states that the consumers want on their main branches."""
    return _show(session, provider, Selector(main_branch=True))


@route(routes, "/branch/<name:branch>", answers=shown(STATES))
def show_of_branch(session: Session, provider: str, branch: str) -> Response:
    """Answer the states that the consumers want on their branches of this name."""
    return _show(session, provider, Selector(branch=branch))


@route(routes, "/environment/<name:environment>", answers=shown(STATES))
def show_of_environment(session: Session, provider: str, environment: str) -> Response:
    """Answer the states that the consumers want which are live in the environment, named by name or UUID."""
    named = session.scalar(select(Environment.name).filter_by(uuid=environment))
    return _show(session, provider, Selector(environment=named or environment))


def _show(session: Session, provider: str, selector: Selector) -> Response:
    found = gather_states(session, get_participant(session, provider, "provider"), selector)
    return reply({"providerStates": [_represent(state) for state in found]})


def _represent(state: WantedState) -> Json:
    return {"name": state.name} | given(params=state.params or None) | {"consumers": list(state.consumers)}
