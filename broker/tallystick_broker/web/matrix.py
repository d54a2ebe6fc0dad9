"""The page of a pair: its matrix."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.contracts import get_pair
from tallystick_broker.overview.axes import WINDOW
from tallystick_broker.overview.grid import draw_grid
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages

routes = pages("matrix")


@route(routes, "/matrix/provider/<name:provider>/consumer/<name:consumer>")
def show_matrix(session: Session, provider: str, consumer: str) -> Response:
    """Answer the matrix of one pair."""
    windows = {name: parameters.text(name) for name in ("consumer_before", "provider_before")}
    grid = draw_grid(session, get_pair(session, provider, consumer), *windows.values())
    return page("matrix.html", grid=grid, windows=windows, size=WINDOW)
