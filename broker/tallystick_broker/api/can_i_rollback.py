"""The gate by address: can we go back to a version that was live before?"""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.gate_queries import Errors, read_query, refusing_unknown
from tallystick_broker.api.hal import Json, link, moment, reply, url
from tallystick_broker.api.matrix import summarize
from tallystick_broker.api.operations import Query, shown
from tallystick_broker.api.queries import Parameters, text_of
from tallystick_broker.api.rows import represent_reasons
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    TEXT,
    component,
    fields,
    links_to,
    many,
    nullable,
    resource,
)
from tallystick_broker.api.verdicts import IGNORING, REASON, SUMMARY
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.rollback import Candidate, ask_rollback

routes = Blueprint("can_i_rollback", __name__)
DEFAULT_LAST, MOST_LAST = 5, 50
FORMER = resource(
    {"number": TEXT, "liveUntil": MOMENT, "summary": SUMMARY, "reasons": many(REASON)}, links_to("self")
)
FORMER_VERSIONS = fields(
    {
        "summary": fields({"deployable": FLAG, "version": nullable(TEXT)}),
        "versions": many(component("FormerVersion", FORMER)),
    }
)
QUERY = (
    Query("pacticipant", "the pacticipant that is to go back"),
    Query("environment", "the environment that it goes back in"),
    Query(
        "last",
        "how many of the versions that were live there are asked about",
        {"type": "integer", "minimum": 1, "maximum": MOST_LAST, "default": DEFAULT_LAST},
    ),
    *IGNORING,
)


@route(routes, "/can-i-rollback", answers=shown(FORMER_VERSIONS), query=QUERY)
def show(session: Session) -> Response:
    """Answer which of the last versions that were live in an environment would be safe there now, the newest first."""
    parameters, ignored, errors = read_query("pacticipant", "environment")
    last = _read_last(parameters, errors)
    if errors:
        raise Invalid(errors)
    name, environment = str(text_of(parameters, "pacticipant")), str(text_of(parameters, "environment"))
    with refusing_unknown():
        found = ask_rollback(session, name, environment, last, ignored)
    safe = next((each for each in found if each.verdict.deployable), None)
    versions = [_represent(name, each) for each in found]
    summary = {"deployable": safe is not None, "version": safe.number if safe else None}
    return reply({"summary": summary, "versions": versions})


def _represent(name: str, candidate: Candidate) -> Json:
    return {
        "number": candidate.number,
        "liveUntil": moment(candidate.live_until),
        "summary": summarize(candidate.verdict),
        "reasons": represent_reasons(candidate.verdict.reasons),
        "_links": {"self": link(url("pacticipants", name, "versions", candidate.number))},
    }


def _read_last(parameters: Parameters, errors: Errors) -> int:
    text = text_of(parameters, "last") or str(DEFAULT_LAST)
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:5]) <= MOST_LAST:
        errors["last"] = [f"must be a number from 1 to {MOST_LAST}"]
        return DEFAULT_LAST
    return int(text)
