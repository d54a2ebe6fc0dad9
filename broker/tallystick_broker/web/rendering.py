"""How a page becomes an answer."""

from flask import Blueprint, Response, make_response, render_template

from tallystick_broker.web.negotiation import PREFIX


def pages(name: str) -> Blueprint:
    """Return the blueprint of some pages, which are where `Pages` leads browsers to."""
    return Blueprint(f"pages_{name}", __name__, url_prefix=PREFIX)


def page(template: str, **facts: object) -> Response:
    """Return the answer with this template, filled with these facts."""
    return make_response(render_template(template, **facts))


def lead(address: str) -> Response:
    """Return the answer that leads to another page (RFC 9110, 15.4.4)."""
    return Response(status=303, headers={"Location": address})
