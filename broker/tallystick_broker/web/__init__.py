"""The pages for people: HTML over the same verbs as the API."""

from importlib.metadata import version
from shlex import quote

from flask import Flask

from tallystick_broker.api.address import base_url
from tallystick_broker.web import (
    activity,
    contracts,
    environments,
    gate,
    matrix,
    network,
    overview,
    plan,
    results,
    search,
    services,
    style,
    webhooks,
)
from tallystick_broker.web.formats import ago, exact, reveal, short
from tallystick_broker.web.links import again, asset, origin, path
from tallystick_broker.web.negotiation import Pages
from tallystick_broker.web.provenance import refuse_foreign
from tallystick_contracts.reading import cut

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""What every response says to browsers: nothing from elsewhere, and no script or style but from files of ours."""

AREAS = (
    overview,
    matrix,
    contracts,
    results,
    services,
    environments,
    network,
    gate,
    plan,
    activity,
    webhooks,
    search,
    style,
)
PLACES = (
    ("overview", "Integrations", ""),
    ("services", "Services", "pacticipants"),
    ("environments", "Environments", "environments"),
    ("network", "Network", "network"),
    ("gate", "Can I deploy?", "can-i-deploy"),
    ("activity", "Activity", "activity"),
    ("webhooks", "Webhooks", "webhooks"),
)
"""What the navigation leads to."""


def register(app: Flask) -> None:
    """Serve the pages, to clients that want pages."""
    for area in AREAS:
        app.register_blueprint(area.routes)
    app.register_blueprint(network.exports)
    app.add_url_rule("/favicon.ico", "favicon", lambda: app.send_static_file("logo.svg"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = reveal
    app.jinja_env.globals.update(
        address=base_url,
        again=again,
        asset=asset,
        origin=origin,
        path=path,
        places=places,
        release=version("tallystick"),
    )
    app.jinja_env.filters.update(ago=ago, cut=cut, exact=exact, shell=quote, short=short)
    app.before_request(refuse_foreign)
    app.wsgi_app = Pages(app.wsgi_app, app.url_map)  # type: ignore[method-assign] # how Flask takes middleware


def places() -> list[tuple[str, str, str]]:
    """Return the name, the title and the address of each place in the navigation."""
    return [(name, title, path(segment)) for name, title, segment in PLACES]
