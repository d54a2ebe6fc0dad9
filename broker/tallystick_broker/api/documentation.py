"""The documentation of link relations, where the `curies` of a representation lead to."""

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.negotiation import prefer
from tallystick_broker.api.operations import Answer
from tallystick_broker.api.relations import RELATIONS
from tallystick_broker.api.shapes import TEXT
from tallystick_broker.errors import NotFound

routes = Blueprint("documentation", __name__)
SHOWN = {200: Answer("What it means", {"text/html": TEXT, "text/plain": TEXT})}
PREFIXES = ("pb:", "beta:", "webhooks-")
"""What stands before the name of a relation in some addresses."""


@route(routes, "/doc/<name:relation>", answers=SHOWN)
def show(session: Session, relation: str) -> Response:  # noqa: ARG001 (every view is given one)
    """Answer what the relation means."""
    name = relation
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    text = RELATIONS.get(name)
    if text is None:
        raise NotFound(f"No link relation '{relation}' is known")
    if prefer("text/html", "text/plain") == "text/plain":
        return Response(f"pb:{name}: {text}\n", content_type="text/plain;charset=utf-8")
    page = render_template("relation.html", relation=f"pb:{name}", text=text)
    return Response(page, content_type="text/html;charset=utf-8")
