"""The pages of the gate: can it be deployed, can it be taken away, and why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
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


@dataclass(frozen=True)
class Asked:
    """A version of a service: by its number, as the head of a branch, or else as the head of the main branch."""

    name: str
    number: str = ""
    branch: str = ""

    def select(self, *, removed: bool) -> Selector:
        """Return the selector; what is taken away is every version there when no number is given."""
        if self.number or removed:
            return Selector(self.name, self.number or None)
        return Selector(self.name, branch=self.branch or None, main_branch=not self.branch, latest=True)


@route(routes, "/can-i-deploy")
def show_deploy(session: Session) -> Response:
    """Answer whether versions can be deployed to an environment, or the form to ask that."""
    return _show_asked(session, ask)


@route(
    routes, f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:place>"
)
def show_branch(session: Session, name: str, branch: str, place: str) -> Response:
    """Answer whether the head of a branch can be deployed to an environment."""
    return _show(session, [Asked(name, branch=branch)], place, ask)


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
    first = read_versions([query]) or [Asked("")]
    together = [] if put is ask_undeploy else read_versions(list_of(query, "with"))
    return _show(session, first + together, parameters.text("environment"), put, ignored)


def _show(
    session: Session, asked: list[Asked], environment: str, put: Ask, ignored: tuple[Selector, ...] = ()
) -> Response:
    removes = put is ask_undeploy
    selectors = tuple(each.select(removed=removes) for each in asked)
    verdict, faults = None, []
    if asked[0].name and environment:
        try:
            verdict = put(session, Question(selectors, Target(environment=environment), ignored, "cvpv"))
        except UnknownNames as unknown:
            faults = list(unknown.errors or [])
    words = [word for each in selectors for word in selecting(each)]
    place = "--environment" if removes else "--to-environment"
    answer = page(
        "gate.html",
        asked=asked,
        ignored=ignored,
        environment=environment,
        removes=removes,
        verdict=verdict,
        faults=faults,
        most=MOST_ROWS,
        environments=[each.name for each in list_environments(session)],
        command=command(
            "can-i-undeploy" if removes else "can-i-deploy", *words, *ignoring(ignored), place, environment
        ),
    )
    answer.status_code = 400 if faults else 200
    return answer
