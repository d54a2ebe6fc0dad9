"""How much of everything there is."""

from datetime import datetime

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import moment, reply
from tallystick_broker.api.operations import shown
from tallystick_broker.overview.metrics import measure

routes = Blueprint("metrics", __name__)
METRICS = {"type": "object", "additionalProperties": {"type": "object"}}


@route(routes, "/metrics", answers=shown(METRICS))
def show(session: Session) -> Response:
    """Answer the counts of each kind of thing."""
    measured = measure(session)
    return reply(
        {kind: {name: _write(value) for name, value in counts.items()} for kind, counts in measured.items()}
    )


def _write(value: object) -> object:
    return moment(value) if isinstance(value, datetime) else value
