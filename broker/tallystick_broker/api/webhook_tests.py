"""Tests of webhooks: sent at once, with the newest contract that they are about, and answered with what came back."""

import json
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.announcements import ADDRESSES
from tallystick_broker.api.bodies import json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, link, reply, url
from tallystick_broker.api.operations import Takes, shown
from tallystick_broker.api.shapes import COUNT, FLAG, TEXT, component, fields, links_to, resource, texts
from tallystick_broker.api.webhook_bodies import SCHEMA, read_definition, settings
from tallystick_broker.api.webhook_definitions import (
    represent_request,
    webhook_url,
)
from tallystick_broker.webhooks import subscriptions
from tallystick_broker.webhooks.attempts import Attempt, attempt
from tallystick_broker.webhooks.samples import sample_values
from tallystick_broker.webhooks.secrets import find_keys
from tallystick_broker.webhooks.subscriptions import Definition, events_of, request_of

routes = Blueprint("webhook_tests", __name__)
ATTEMPT = component(
    "WebhookTest",
    resource(
        {"request": fields(texts("method", "url")), "logs": TEXT, "success": FLAG},
        links_to("try-again", optional=["webhook"]),
        optional={"response": fields({"status": COUNT}), "error": fields({"message": TEXT})},
    ),
)


@route(routes, "/webhooks/<name:uuid>/execute", "POST", answers=shown(ATTEMPT), reads=True)
def execute(session: Session, uuid: str) -> Response:
    """Send the webhook once and answer what came of it."""
    found = subscriptions.get(session, uuid)
    request = request_of(found.webhook, find_keys(session, settings().secret_key))
    definition = Definition(request, tuple(events_of(found.webhook)), found.consumer, found.provider)
    self = webhook_url(uuid)
    links = {
        "webhook": link(self, title="The webhook"),
        "try-again": link(f"{self}/execute", title="Try again"),
    }
    return _execute(session, definition, links)


@route(routes, "/webhooks/execute", "POST", takes=Takes(SCHEMA), answers=shown(ATTEMPT), reads=True)
def execute_definition(session: Session) -> Response:
    """Send what the body defines once, without storing it, and answer what came of it."""
    definition = read_definition(session, json_body(unchecked=True))
    return _execute(session, definition, {"try-again": link(url("webhooks", "execute"), title="Try again")})


def _execute(session: Session, definition: Definition, links: Json) -> Response:
    values = sample_values(session, definition, ADDRESSES)
    session.rollback()  # no transaction stays open while others are talked to
    made = attempt(definition.request, values, settings())
    shown = {"request": represent_request(made.request), **_outcome(made)}
    return reply(shown | {"logs": made.logs, "success": made.success, "_links": links})


def _outcome(made: Attempt) -> Json:
    if made.answer is None:
        return {"error": {"message": made.error}}
    answer = made.answer
    return {
        "response": {
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": _read(answer.body),
        }
    }


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
