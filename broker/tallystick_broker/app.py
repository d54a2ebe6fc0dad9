"""The broker as a WSGI application."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import HTTPException

from tallystick_broker import api, web
from tallystick_broker.api import problems
from tallystick_broker.api.authentication import authenticate
from tallystick_broker.api.paths import MatchedRule, NameConverter, RawPath, refuse_odd_path
from tallystick_broker.config import Config
from tallystick_broker.db import connect, sessions
from tallystick_broker.errors import Problem
from tallystick_broker.web.errors import as_page
from tallystick_broker.web.negotiation import wants_page

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
    app = Flask("tallystick_broker", static_folder="web/static", template_folder="web/templates")
    app.config["TALLYSTICK"] = config
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=365)
    app.extensions["tallystick"] = session_factory
    app.url_rule_class = MatchedRule
    app.url_map.converters["name"] = NameConverter
    app.url_map.merge_slashes = False
    for blueprint in api.blueprints():
        app.register_blueprint(blueprint)
    web.register(app)
    app.before_request(authenticate)
    app.before_request(refuse_odd_path)
    app.register_error_handler(Problem, partial(_tell, problems.tell))
    app.register_error_handler(HTTPException, partial(_tell, problems.tell_http))
    for unstorable in (DataError, UnicodeEncodeError):
        app.register_error_handler(unstorable, partial(_tell, problems.tell_unstorable))
    app.register_error_handler(Exception, partial(_tell, problems.tell_unexpected))
    app.after_request(_add_headers)
    app.wsgi_app = RawPath(app.wsgi_app)  # type: ignore[method-assign] # how Flask takes middleware
    return app


def _tell(tell: Callable[[Any], Response], error: Exception) -> Response:
    response = tell(error)
    headers = request.headers
    is_browser = wants_page(request.method, headers.get("Accept", ""), headers.get("Content-Type", ""))
    return as_page(response) if is_browser else response


def _add_headers(response: Response) -> Response:
    response.headers.update(web.HEADERS)
    response.headers["X-Pact-Broker-Version"] = VERSION
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Accept")
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
    if response.is_sequence and response.calculate_content_length() == 0:
        del response.headers["Content-Type"]
    return response
