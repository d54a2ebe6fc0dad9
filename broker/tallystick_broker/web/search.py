"""The page of what a search found."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.overview.finds import MOST, find
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages

routes = pages("search")


@route(routes, "/search")
def show_finds(session: Session) -> Response:
    """Answer what has the text in its name."""
    text = parameters.text("q")
    return page("search.html", text=text, finds=find(session, text), most=MOST)
