"""The pages of the gate: can it be deployed, can it be taken away, and why not."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_pages import Asked
from tallystick_broker.api.gate_queries import read_query
from tallystick_broker.api.queries import list_of, text_of
from tallystick_broker.environments import list_environments
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.selection import UnknownNames
from tallystick_broker.gate.undeploy import ask_undeploy
from tallystick_broker.gate.verdict import Verdict
from tallystick_broker.web import parameters
from tallystick_broker.web.commands import command, ignoring, selecting
from tallystick_broker.web.rendering import page, pages

routes = pages("gate")
OF_PARTICIPANT = "/pacticipants/<name:name>"
MOST_ROWS = 200
Ask = Callable[[Session, Question], Verdict]


@route(routes, "/can-i-deploy")
def show_deploy(session: Session) -> Response:
    """Answer whether versions can be deployed to an environment, or the form to ask that."""
    return _show_asked(session, ask)


@route(
    routes, f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:place>"
)
def show_branch(session: Session, name: str, branch: str, place: str) -> Response:
    """Answer whether the head of a branch can be deployed to an environment."""
    asked = [Asked(name, branch=branch)]
    return _show(session, asked, _make_question(asked, place, ask), ask)


@route(routes, "/can-i-undeploy")
def show_undeploy(session: Session) -> Response:
    """Answer whether a version can be taken away from an environment."""
    return _show_asked(session, ask_undeploy)


def read_versions(given: Iterable[Any]) -> list[Asked]:
    """Return the versions in the rows of a form; rows without a name are left out."""
    rows = ([text_of(each, key) or "" for key in ("pacticipant", "version", "branch")] for each in given)
    return [Asked(*row) for row in rows if row[0]]


def _show_asked(session: Session, put: Ask) -> Response:
    query, ignored, errors = read_query()
    if errors:
        raise Invalid(errors)
    asked = read_versions([query]) or [Asked("")]
    if put is not ask_undeploy:
        asked += read_versions(list_of(query, "with"))
    required = text_of(query, "requireContracts") == "true"
    return _show(
        session, asked, _make_question(asked, parameters.text("environment"), put, ignored, required), put
    )


def _make_question(
    asked: list[Asked], environment: str, put: Ask, ignored: tuple[Selector, ...] = (), required: bool = False
) -> Question:
    selectors = tuple(each.select(removed=put is ask_undeploy) for each in asked)
    return Question(
        selectors, Target(environment=environment or None), ignored, "cvpv", require_contracts=required
    )


def _show(session: Session, asked: list[Asked], question: Question, put: Ask) -> Response:
    verdict, faults = None, []
    if asked[0].name and question.target:
        try:
            verdict = put(session, question)
        except UnknownNames as unknown:
            faults = list(unknown.errors or [])
    answer = page(
        "gate.html",
        asked=asked,
        question=question,
        removes=put is ask_undeploy,
        verdict=verdict,
        faults=faults,
        most=MOST_ROWS,
        environments=[each.name for each in list_environments(session)],
        command=_find_command(question, put),
    )
    answer.status_code = 400 if faults else 200
    return answer


def _find_command(question: Question, put: Ask) -> str:
    name, place = (
        ("can-i-undeploy", "--environment") if put is ask_undeploy else ("can-i-deploy", "--to-environment")
    )
    words = [word for each in question.selectors for word in selecting(each)]
    required = ["--require-contracts"] if question.require_contracts else []
    return command(
        name, *words, *ignoring(question.ignore), place, question.target.environment or "", *required
    )
