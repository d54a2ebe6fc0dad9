"""The page of what happened."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.overview.activity import Kind, read_activity, read_point
from tallystick_broker.participants import get_participant
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages

routes = pages("activity")


@route(routes, "/activity")
def show_activity(session: Session) -> Response:
    """Answer a window of what happened: everywhere, or to a service."""
    asked = {name: parameters.text(name) for name in ("kind", "service", "before")}
    kind = parameters.choice("kind", Kind)
    participant = get_participant(session, asked["service"]) if asked["service"] else None
    found = read_activity(session, kind, participant, read_point(asked["before"], "before"))
    return page("activity.html", asked=asked, found=found, kinds=Kind, participant=participant)
