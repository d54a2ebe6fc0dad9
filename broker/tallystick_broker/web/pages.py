"""The pages: each calls the verb that has its facts, and renders them."""

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.contracts import get_pair
from tallystick_broker.errors import Invalid
from tallystick_broker.overview.axes import WINDOW
from tallystick_broker.overview.grid import draw_grid
from tallystick_broker.overview.integrations import PAGE, Status, Wanted, list_integrations
from tallystick_broker.web.negotiation import PREFIX

routes = Blueprint("pages", __name__, url_prefix=PREFIX)


@route(routes, "/")
def show_integrations(session: Session) -> Response:
    """Answer the list of integrations."""
    wanted = _wanted()
    listing = list_integrations(session, wanted)
    return _page("integrations.html", wanted=wanted, listing=listing, statuses=Status, size=PAGE)


@route(routes, "/matrix/provider/<name:provider>/consumer/<name:consumer>")
def show_matrix(session: Session, provider: str, consumer: str) -> Response:
    """Answer the matrix of one pair."""
    rows_before, columns_before = _text("consumer_before"), _text("provider_before")
    grid = draw_grid(session, get_pair(session, provider, consumer), rows_before, columns_before)
    windows = {"consumer_before": rows_before, "provider_before": columns_before}
    return _page("matrix.html", grid=grid, windows=windows, size=WINDOW)


def _page(template: str, **facts: object) -> Response:
    return make_response(render_template(template, **facts))


def _wanted() -> Wanted:
    text, status, page = _text("q"), _text("status"), _text("page")
    errors = {}
    if status and status not in list(Status):
        errors["status"] = [f"must be one of {', '.join(Status)}, not {status!r}"]
    if page and (not page.isascii() or not page.isdecimal() or not 1 <= int(page[:9]) <= 1_000_000):
        errors["page"] = [f"must be a number from 1, not {page!r}"]
    if errors:
        raise Invalid(errors)
    return Wanted(text, Status(status) if status else None, int(page or 1))


def _text(name: str) -> str:
    return request.args.get(name, "").strip()
