"""Plans of rollouts: in which order versions can go."""

from collections.abc import Iterable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_pages import links_to_page
from tallystick_broker.api.gate_queries import read_query, refusing_unknown
from tallystick_broker.api.hal import Json, here, link, reply, url
from tallystick_broker.api.operations import Query, shown
from tallystick_broker.api.queries import text_of
from tallystick_broker.api.questions import read_candidates, refuse_excess
from tallystick_broker.api.rows import represent_reasons
from tallystick_broker.api.shapes import (
    COUNT,
    FLAG,
    TEXT,
    component,
    fields,
    links_to,
    many,
    nullable,
    resource,
)
from tallystick_broker.api.verdicts import IGNORING, REASON, SELECTORS
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.facts import Ref
from tallystick_broker.gate.plan import Need, Plan, Step
from tallystick_broker.gate.planning import ask_plan, find_main_heads
from tallystick_broker.gate.question import Question, Target

routes = Blueprint("plan", __name__)
CANDIDATE = component("Candidate", resource({"name": TEXT, "version": nullable(TEXT)}, links_to("self")))
NEED = component("Need", fields({"candidate": CANDIDATE, "needs": CANDIDATE, "reason": REASON}))
STEP = component("Step", fields({"candidates": many(CANDIDATE), "after": many(NEED), "ring": many(NEED)}))
SUMMARY = fields({"complete": FLAG} | dict.fromkeys(("waves", "planned", "blocked", "live"), COUNT))
PLAN = component(
    "Plan",
    resource(
        {
            "summary": SUMMARY,
            "waves": many(fields({"steps": many(STEP)})),
            "blocked": many(fields({"candidate": CANDIDATE, "reasons": many(REASON)})),
            "live": many(CANDIDATE),
            "reasons": many(REASON),
        },
        links_to("alternate"),
    ),
)
QUERY = (
    Query("environment", "the environment that they go to"),
    *(each for each in SELECTORS if each.name != "q[][environment]"),
    *IGNORING,
)


@route(routes, "/plan", answers=shown(PLAN), query=QUERY)
def show(session: Session) -> Response:
    """Answer in which order versions can go to an environment; without any, the heads of all main branches.

    There are 1,000 of them at most.
    """
    parameters, ignored, errors = read_query("environment")
    candidates = read_candidates(parameters, errors) or tuple(find_main_heads(session))
    if not candidates:
        errors.setdefault("q", ["is missing, and no main branch has a version"])
    if excess := refuse_excess(candidates):
        errors.setdefault("q", []).append(excess)
    if errors:
        raise Invalid(errors)
    question = Question(candidates, Target(environment=text_of(parameters, "environment")), ignored)
    with refusing_unknown():
        return reply(_represent(ask_plan(session, question)) | links_to_page(here()))


def _represent(plan: Plan) -> Json:
    planned = sum(len(step.candidates) for wave in plan.waves for step in wave)
    counts = {
        "waves": len(plan.waves),
        "planned": planned,
        "blocked": len(plan.blocked),
        "live": len(plan.live),
    }
    return {
        "summary": {"complete": not plan.blocked} | counts,
        "waves": [{"steps": [_represent_step(step) for step in wave]} for wave in plan.waves],
        "blocked": [
            {"candidate": _represent_ref(each.candidate), "reasons": represent_reasons(each.reasons)}
            for each in plan.blocked
        ],
        "live": [_represent_ref(each) for each in plan.live],
        "reasons": represent_reasons(plan.notices),
    }


def _represent_step(step: Step) -> Json:
    return {
        "candidates": [_represent_ref(each) for each in step.candidates],
        "after": _represent_needs(step.after),
        "ring": _represent_needs(step.ring),
    }


def _represent_needs(needs: Iterable[Need]) -> list[Json]:
    return [
        {
            "candidate": _represent_ref(each.candidate),
            "needs": _represent_ref(each.needed),
            "reason": represent_reasons([each.reason])[0],
        }
        for each in needs
    ]


def _represent_ref(ref: Ref) -> Json:
    address = (
        ("pacticipants", ref.name) if ref.id is None else ("pacticipants", ref.name, "versions", ref.number)
    )
    return {"name": ref.name, "version": ref.number, "_links": {"self": link(url(*address))}}
