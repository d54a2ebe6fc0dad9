"""Webhooks: made, read, changed, deleted and listed, for all participants or for some."""

import re

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.address import base_url
from tallystick_broker.api.bodies import json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, created, gone, here, link, put, reply, url
from tallystick_broker.api.operations import GONE, Takes, made, shown, written
from tallystick_broker.api.shapes import links_to, resource
from tallystick_broker.api.webhook_bodies import SCHEMA, read_definition, settings
from tallystick_broker.api.webhook_definitions import (
    WEBHOOK,
    describe_scope,
    represent,
    webhook_url,
)
from tallystick_broker.errors import Invalid
from tallystick_broker.participants import get_participant
from tallystick_broker.webhooks import subscriptions
from tallystick_broker.webhooks.secrets import ensure_keys, find_keys
from tallystick_broker.webhooks.subscriptions import Subscription, call_of

routes = Blueprint("webhooks", __name__)
SCOPES = (
    "/webhooks/provider/<name:provider>/consumer/<name:consumer>",
    "/webhooks/provider/<name:provider>",
    "/webhooks/consumer/<name:consumer>",
    "/pacts/provider/<name:provider>/consumer/<name:consumer>/webhooks",
)
LIST = resource({}, links_to("self", "pb:create", lists=["pb:webhooks", "curies"]))
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{16,64}")


@route(routes, "/webhooks", "POST", takes=Takes(SCHEMA), answers=made(WEBHOOK))
def create(session: Session, provider: str | None = None, consumer: str | None = None) -> Response:
    """Make a webhook; about the participants in the address where its definition names none."""
    definition = read_definition(session, json_body(unchecked=True), consumer, provider)
    _check_scope(session, consumer, provider)
    keys = ensure_keys(session, settings().secret_key)
    made = subscriptions.create(session, definition, keys)
    return created(represent(made, keys), webhook_url(made.webhook.uuid))


@route(routes, "/webhooks", answers=shown(LIST))
def show_all(session: Session) -> Response:
    """Answer links to all webhooks."""
    return _list(subscriptions.list_all(session), url("webhooks"))


def show_some(session: Session, provider: str | None = None, consumer: str | None = None) -> Response:
    """Answer links to the webhooks that were made for exactly these participants."""
    of_consumer = get_participant(session, consumer, "consumer") if consumer else None
    of_provider = get_participant(session, provider, "provider") if provider else None
    return _list(subscriptions.list_of(session, of_consumer, of_provider), here())


for scope in SCOPES:
    route(routes, scope, "POST", takes=Takes(SCHEMA), answers=made(WEBHOOK))(create)
    route(routes, scope, answers=shown(LIST))(show_some)


@route(routes, "/webhooks/<name:uuid>", answers=shown(WEBHOOK))
def show(session: Session, uuid: str) -> Response:
    """Answer the webhook."""
    found = subscriptions.get(session, uuid)
    return reply(represent(found, find_keys(session, settings().secret_key)))


@route(routes, "/webhooks/<name:uuid>", "PUT", takes=Takes(SCHEMA), answers=written(WEBHOOK))
def replace(session: Session, uuid: str) -> Response:
    """Change the webhook, or make it under an identifier that the client has chosen."""
    definition = read_definition(session, json_body(unchecked=True))
    if not IDENTIFIER.fullmatch(uuid):
        raise Invalid({"uuid": ["must be 16 to 64 letters, digits, hyphens or underscores"]})
    keys = ensure_keys(session, settings().secret_key)
    present = subscriptions.find(session, uuid)
    if present is None:
        done = subscriptions.create(session, definition, keys, uuid)
    else:
        done = subscriptions.change(session, present.webhook, definition, keys)
    return put(represent(done, keys), webhook_url(uuid), new=present is None)


@route(routes, "/webhooks/<name:uuid>", "DELETE", answers=GONE)
def remove(session: Session, uuid: str) -> Response:
    """Delete the webhook."""
    subscriptions.remove(session, subscriptions.get(session, uuid).webhook)
    return gone()


def _check_scope(session: Session, consumer: str | None, provider: str | None) -> None:
    """Raise NotFound for a participant in the address that is unknown."""
    for role, name in {"consumer": consumer, "provider": provider}.items():
        if name is not None:
            get_participant(session, name, role)


def _list(found: list[Subscription], address: str) -> Response:
    links: Json = {
        "self": link(address, title="Webhooks"),
        "pb:create": link(address, title="POST to create a webhook"),
        "pb:webhooks": [
            link(
                webhook_url(each.webhook.uuid),
                title=describe_scope(each),
                name=each.webhook.description or call_of(each.webhook),
            )
            for each in found
        ],
        "curies": [{"name": "pb", "href": f"{base_url()}/doc/webhooks-{{rel}}", "templated": True}],
    }
    return reply({"_links": links})
