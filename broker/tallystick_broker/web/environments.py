"""The page of what is live where: the board, of all environments or of one."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.environments import get_environment, list_environments
from tallystick_broker.overview.board import PAGE, read_board
from tallystick_broker.overview.services import list_labels
from tallystick_broker.web import parameters
from tallystick_broker.web.links import path
from tallystick_broker.web.rendering import lead, page, pages

routes = pages("environments")


@route(routes, "/environments")
def show_board(session: Session) -> Response:
    """Answer the board."""
    asked = {name: parameters.text(name) for name in ("q", "label", "environment")}
    number = parameters.number("page")
    return page(
        "board.html",
        board=read_board(session, asked["q"], asked["label"], asked["environment"], number),
        asked=asked,
        number=number,
        size=PAGE,
        environments=[each.name for each in list_environments(session)],
        labels=list_labels(session),
    )


@route(routes, "/environments/<name:uuid>")
def show_environment(session: Session, uuid: str) -> Response:
    """Lead to the board of one environment."""
    return lead(path("environments", environment=get_environment(session, uuid).name))
