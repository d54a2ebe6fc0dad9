"""Integrations: the pairs that have a contract, as a list and as a graph, and their deletion."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker import integrations
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, gone, link, reply, url
from tallystick_broker.api.negotiation import HAL_TYPE, JSON_TYPE, prefer
from tallystick_broker.api.operations import GONE, Answer, Query, hal
from tallystick_broker.api.paging import PAGES, asked_page, fetch_rows
from tallystick_broker.api.shapes import TEXT, component, fields, links_to, listing, resource
from tallystick_broker.contracts import get_pair

routes = Blueprint("integrations", __name__, url_prefix="/integrations")
GRAPHVIZ = "text/vnd.graphviz"
PART = Query("q", "keep the pairs of which either name has this in it, in any case")

NAMED = fields({"name": TEXT})
INTEGRATION = component(
    "Integration",
    resource(
        {"consumer": NAMED, "provider": NAMED},
        links_to("pb:dashboard", "pb:matrix", "pb:group", "pb:delete_integration"),
    ),
)
LIST = listing("integrations", INTEGRATION, links_to("self", optional=["previous", "next"]))
LISTED = {200: Answer("The pairs", {GRAPHVIZ: TEXT, **hal(LIST)})}


@route(routes, "", answers=LISTED, query=(PART, *PAGES))
def show_all(session: Session) -> Response:
    """Answer the pairs, `q` of them when given: as a graph, or as a list to those who ask for JSON."""
    wanted = integrations.select_integrations(PART.get() or "")
    page = fetch_rows(session, wanted, asked_page(), None)
    if prefer(GRAPHVIZ, HAL_TYPE, JSON_TYPE) == GRAPHVIZ:
        pairs = [(consumer, provider) for consumer, provider in page.items]
        return Response(draw(pairs), content_type=f"{GRAPHVIZ};charset=utf-8")
    self = url("integrations")
    items = [_represent(consumer, provider) for consumer, provider in page.items]
    links = {"self": link(self, title="All integrations")} | page.links(self)
    return reply(page.members() | {"_embedded": {"integrations": items}, "_links": links})


@route(routes, "", "DELETE", answers=GONE)
def remove_all(session: Session) -> Response:
    """Delete every pair with its data."""
    integrations.delete_integrations(session)
    return gone()


@route(routes, "/provider/<name:provider>/consumer/<name:consumer>", "DELETE", answers=GONE)
def remove(session: Session, provider: str, consumer: str) -> Response:
    """Delete the pair with its data."""
    integrations.delete_integration(session, get_pair(session, provider, consumer))
    return gone()


def draw(pairs: list[tuple[str, str]]) -> str:
    """Return the graph of the pairs in the language of Graphviz."""
    edges = [f"  {_quote(consumer)} -> {_quote(provider)}" for consumer, provider in pairs]
    return "\n".join(["digraph integrations {", "  rankdir=LR", *edges, "}", ""])


def _quote(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _represent(consumer: str, provider: str) -> Json:
    pair = ("provider", provider, "consumer", consumer)
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "_links": {
            "pb:dashboard": link(url("dashboard", *pair), title="Dashboard"),
            "pb:matrix": link(url("matrix", *pair), title="Matrix"),
            "pb:group": link(url("pacticipants", consumer), title="Consumer"),
            "pb:delete_integration": link(url("integrations", *pair), title="Delete this integration"),
        },
    }
