"""Whether the broker is up, and whether what it needs is."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import here, link, reply
from tallystick_broker.api.operations import Answer, hal, shown
from tallystick_broker.api.shapes import FLAG, fields, links_to, resource

routes = Blueprint("diagnostic", __name__, url_prefix="/diagnostic/status")
HEARTBEAT = resource({"ok": FLAG}, links_to("self"))
DEPENDENCIES = hal(resource({"database": fields({"ok": FLAG})}, links_to("self")))
STANDING = {
    200: Answer("Everything can be reached", DEPENDENCIES),
    500: Answer("Something can't be reached", DEPENDENCIES),
}


@route(routes, "/heartbeat", answers=shown(HEARTBEAT))
def heartbeat(session: Session) -> Response:  # noqa: ARG001 (it must not depend on the database)
    """Answer that this process serves requests."""
    return reply({"ok": True, "_links": {"self": link(here(with_query=False))}})


@route(routes, "/dependencies", answers=STANDING)
def dependencies(session: Session) -> Response:
    """Answer whether the database can be reached."""
    try:
        session.execute(text("SELECT 1"))
        ok = True
    except DBAPIError:
        ok = False
    return reply(
        {"database": {"ok": ok}, "_links": {"self": link(here(with_query=False))}}, 200 if ok else 500
    )
