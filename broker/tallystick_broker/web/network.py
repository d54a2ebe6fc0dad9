"""The pages of the network, and what other programs draw it from."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.errors import NotFound
from tallystick_broker.overview.network import (
    DEEPEST,
    Estate,
    Network,
    find_services,
    read_estate,
    show_around,
    show_estate,
)
from tallystick_broker.overview.services import list_labels
from tallystick_broker.web import parameters
from tallystick_broker.web.exports import as_dot, as_mermaid
from tallystick_broker.web.rendering import page, pages

routes = pages("network")
exports = Blueprint("network_exports", __name__)
MOST_LISTED = 200
MOST_MATCHES = 20


@dataclass(frozen=True)
class Asked:
    """What of the network is asked for."""

    service: str
    depth: int
    label: str
    only: str


@route(routes, "/network")
def show_network(session: Session) -> Response:
    """Answer the network around a service, of a label, or of the estate."""
    asked, estate = _read(), read_estate(session)
    matches = find_services(estate, asked.service) if asked.service else []
    chosen = matches[0] if len(matches) == 1 else ""
    network = _show(estate, asked, chosen)
    return page(
        "network.html",
        asked=vars(asked),
        chosen=chosen,
        matches=matches[:MOST_MATCHES],
        network=network,
        deepest=DEEPEST,
        labels=list_labels(session),
        most=MOST_LISTED,
        services=len(estate.labels),
    )


@route(exports, "/network/svg")
def export_svg(session: Session) -> Response:
    """Answer the picture for itself."""
    text = render_template("network.svg", drawing=_export(session).drawing)
    return _file(text, "image/svg+xml", "network.svg")


@route(exports, "/network/dot")
def export_dot(session: Session) -> Response:
    """Answer the network in the language of Graphviz."""
    return _file(as_dot(_export(session).edges), "text/vnd.graphviz", "network.dot")


@route(exports, "/network/mermaid")
def export_mermaid(session: Session) -> Response:
    """Answer the network as a Mermaid flowchart."""
    return _file(as_mermaid(_export(session).edges), "text/vnd.mermaid", "network.mmd")


def _read() -> Asked:
    return Asked(
        parameters.text("service"),
        parameters.number("depth", 1, 1, DEEPEST),
        parameters.text("label"),
        parameters.text("only"),
    )


def _show(estate: Estate, asked: Asked, chosen: str) -> Network:
    if chosen:
        return show_around(estate, chosen, asked.depth, blocking=bool(asked.only))
    return show_estate(estate, asked.label, blocking=bool(asked.only))


def _export(session: Session) -> Network:
    asked, estate = _read(), read_estate(session)
    if asked.service and asked.service not in estate.labels:
        raise NotFound(f"No pacticipant with name '{asked.service}' found")
    return _show(estate, asked, asked.service)


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=f"{kind};charset=utf-8", headers=headers)
