"""The pages of the gate: can it be deployed, can it be taken away, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from shlex import join

from flask import Response, request
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.environments import list_environments
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.selection import UnknownNames
from tallystick_broker.gate.undeploy import ask_undeploy
from tallystick_broker.gate.verdict import Verdict
from tallystick_broker.web import parameters
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

    def options(self) -> list[str]:
        """Return the command line's options for it."""
        which = ["--version", self.number] if self.number else ["--branch", self.branch]
        return ["--pacticipant", self.name, *(which if self.number or self.branch else ["--main-branch"])]


@route(routes, "/can-i-deploy")
def show_deploy(session: Session) -> Response:
    """Answer whether versions can be deployed to an environment, or the form to ask that."""
    first = Asked(*(parameters.text(each) for each in ("pacticipant", "version", "branch")))
    named = zip(
        *(request.args.getlist(f"with[][{each}]") for each in ("pacticipant", "version")), strict=False
    )
    together = [Asked(name.strip(), number.strip()) for name, number in named if name.strip()]
    return _show(session, [first, *together], parameters.text("environment"), ask)


@route(
    routes, f"{OF_PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:place>"
)
def show_branch(session: Session, name: str, branch: str, place: str) -> Response:
    """Answer whether the head of a branch can be deployed to an environment."""
    return _show(session, [Asked(name, branch=branch)], place, ask)


@route(routes, "/can-i-undeploy")
def show_undeploy(session: Session) -> Response:
    """Answer whether a version can be taken away from an environment."""
    asked = Asked(*(parameters.text(each) for each in ("pacticipant", "version")))
    return _show(session, [asked], parameters.text("environment"), ask_undeploy)


def _show(session: Session, asked: list[Asked], environment: str, put: Ask) -> Response:
    removes = put is ask_undeploy
    verdict, faults = None, []
    if asked[0].name and environment:
        selectors = tuple(each.select(removed=removes) for each in asked)
        try:
            verdict = put(session, Question(selectors, Target(environment=environment), latestby="cvpv"))
        except UnknownNames as unknown:
            faults = list(unknown.errors or [])
    answer = page(
        "gate.html",
        asked=asked,
        environment=environment,
        removes=removes,
        verdict=verdict,
        faults=faults,
        most=MOST_ROWS,
        environments=[each.name for each in list_environments(session)],
        command=_command(asked, environment, removes=removes),
    )
    answer.status_code = 400 if faults else 200
    return answer


def _command(asked: list[Asked], environment: str, *, removes: bool) -> str:
    """Return the command that asks the same."""
    words = ["tallystick", "can-i-undeploy" if removes else "can-i-deploy"]
    for each in asked:
        own = ["--pacticipant", each.name, *(["--version", each.number] if each.number else [])]
        words += own if removes else each.options()
    return join([*words, "--environment" if removes else "--to-environment", environment])
