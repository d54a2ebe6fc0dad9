"""The page of a plan: in which order several versions can go to an environment."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_queries import read_query
from tallystick_broker.api.queries import Parameters, list_of, text_of
from tallystick_broker.api.questions import SELECTING, read_candidates, refuse_excess
from tallystick_broker.environments import list_environments
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.plan import Plan
from tallystick_broker.gate.planning import ask_plan, find_main_heads
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.selection import UnknownNames
from tallystick_broker.web import parameters
from tallystick_broker.web.commands import command, ignoring, selecting
from tallystick_broker.web.rendering import page, pages

routes = pages("plan")
MOST_REASONS = 10
MOST_EXPLAINED = 50
HEAD = {"mainBranch": "true", "latest": "true"}


@route(routes, "/plan")
def show_plan(session: Session) -> Response:
    """Answer in which order versions can go to an environment, or the form to ask that.

    A service that is named alone is meant with the head of its main branch; without any it is about all of these.
    """
    query, ignored, errors = read_query()
    asked = read_candidates(_complete(query), errors)
    if errors:
        raise Invalid(errors)
    environment = parameters.text("environment")
    plan, faults = _ask(session, asked, ignored, environment) if environment else (None, [])
    words = [word for each in asked for word in selecting(each)]
    answer = page(
        "plan.html",
        asked=asked,
        ignored=ignored,
        environment=environment,
        plan=plan,
        faults=faults,
        most=MOST_REASONS,
        most_explained=MOST_EXPLAINED,
        environments=[each.name for each in list_environments(session)],
        command=command("plan", *words, *ignoring(ignored), "--to-environment", environment),
    )
    answer.status_code = 400 if faults else 200
    return answer


def _ask(
    session: Session, asked: tuple[Selector, ...], ignored: tuple[Selector, ...], environment: str
) -> tuple[Plan | None, list[str]]:
    """Return the plan, or what is wrong with the names."""
    candidates = asked or tuple(find_main_heads(session))
    if not candidates:
        return None, ["No main branch has a version: name the versions that are to go"]
    if excess := refuse_excess(candidates):
        return None, [f"This {excess}."]
    try:
        return ask_plan(session, Question(candidates, Target(environment=environment), ignored)), []
    except UnknownNames as unknown:
        return None, list(unknown.errors or [])


def _complete(query: Parameters) -> dict[str, list[Any]]:
    """Return the candidates of a form: without its empty rows, and with the head of main where nothing is said."""
    rows = [
        each for each in list_of(query, "q") if not isinstance(each, dict) or text_of(each, "pacticipant")
    ]
    return {"q": [each | HEAD if _names_alone(each) else each for each in rows]}


def _names_alone(row: Any) -> bool:
    return isinstance(row, dict) and not any(
        text_of(row, each) for each in {*SELECTING, *row} - {"pacticipant"}
    )
