"""Whether the broker is up, and whether what it needs is."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import here, link, reply

routes = Blueprint("diagnostic", __name__, url_prefix="/diagnostic/status")


@route(routes, "/heartbeat")
def heartbeat(session: Session) -> Response:  # noqa: ARG001 (it must not depend on the database)
    """Answer that this process serves requests."""
    return reply({"ok": True, "_links": {"self": link(here(with_query=False))}})


@route(routes, "/dependencies")
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
