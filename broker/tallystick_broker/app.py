"""The broker as a WSGI application."""

import logging
from importlib.metadata import version

from flask import Flask, Response
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import HTTPException

from tallystick_broker import api
from tallystick_broker.api import problems
from tallystick_broker.api.paths import NameConverter, RawPath
from tallystick_broker.config import Config
from tallystick_broker.db import connect, sessions
from tallystick_broker.errors import Problem

MAX_BODY_BYTES = 64 * 1024 * 1024
VERSION = version("tallystick")


def create_app(config: Config) -> Flask:
    """Return the application on the database that the settings name, whose schema must be up to date.

    Raises StartupError when the database's URL can't be used.
    """
    logging.basicConfig(
        level=config.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    return build(config, sessions(connect(config.database_url)))


def build(config: Config, session_factory: sessionmaker[Session]) -> Flask:
    """Return the application, whose requests get their sessions from this factory."""
    app = Flask("tallystick_broker", static_folder=None, template_folder="web/templates")
    app.config["TALLYSTICK"] = config
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["tallystick"] = session_factory
    app.url_map.converters["name"] = NameConverter
    app.url_map.merge_slashes = False
    for blueprint in api.blueprints():
        app.register_blueprint(blueprint)
    app.register_error_handler(Problem, problems.tell)
    app.register_error_handler(HTTPException, problems.tell_http)
    app.register_error_handler(Exception, problems.tell_unexpected)
    app.after_request(_add_headers)
    app.wsgi_app = RawPath(app.wsgi_app)  # type: ignore[method-assign] # how Flask takes middleware
    return app


def _add_headers(response: Response) -> Response:
    response.headers["X-Pact-Broker-Version"] = VERSION
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Accept")
    return response
