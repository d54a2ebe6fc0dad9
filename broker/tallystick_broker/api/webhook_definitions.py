"""Definitions of webhooks: read from a request, and shown without their secrets."""

import re
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.bodies import find_errors, json_body
from tallystick_broker.api.hal import Json, given, link, stamps, url
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    STAMPS,
    component,
    fields,
    links_to,
    many,
    resource,
    texts,
)
from tallystick_broker.config import Config
from tallystick_broker.errors import Invalid
from tallystick_broker.models import Participant
from tallystick_broker.webhooks.door import find_faults
from tallystick_broker.webhooks.secrets import Keys
from tallystick_broker.webhooks.subscriptions import (
    ANY,
    DEFAULT_EVENT,
    EVENTS,
    Definition,
    Side,
    Subscription,
    call_of,
    events_of,
    request_of,
)
from tallystick_broker.webhooks.templates import PARAMETER, Request, redact

OPTIONAL = {"type": ["string", "null"]}
SIDE = {"type": ["object", "null"], "properties": {"name": OPTIONAL, "label": OPTIONAL}}
EVENT = {"type": "object", "required": ["name"], "properties": {"name": {"enum": list(EVENTS)}}}
REQUEST = {
    "type": "object",
    "required": ["method", "url"],
    "properties": {
        "method": {"type": "string"},
        "url": {"type": "string", "minLength": 1},
        "headers": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "body": {"type": ["object", "array", "string", "null"]},
        "username": OPTIONAL,
        "password": OPTIONAL,
    },
}
SCHEMA = {
    "type": "object",
    "required": ["request"],
    "properties": {
        "description": OPTIONAL,
        "consumer": SIDE,
        "provider": SIDE,
        "events": {"type": ["array", "null"], "items": EVENT},
        "enabled": {"type": ["boolean", "null"]},
        "request": REQUEST,
    },
}
_EVENTS = many(fields({"name": {"enum": list(EVENTS)}}))
WEBHOOK = component(
    "Webhook",
    resource(
        STAMPS
        | texts("uuid", "description")
        | {"enabled": FLAG, "events": _EVENTS, "request": fields(texts("method", "url"))},
        links_to(
            *("self", "pb:execute", "pb:webhooks"),
            optional=["pb:consumer", "pb:consumers", "pb:provider", "pb:providers", "pb:pact-webhooks"],
        ),
        optional={"consumer": fields({}), "provider": fields({}), "updatedAt": MOMENT},
    ),
)
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110, 5.6.2)."""

Errors = dict[str, list[str]]


def settings() -> Config:
    """Return the broker's settings."""
    config: Config = current_app.config["TALLYSTICK"]
    return config


def read_definition(session: Session, consumer: str | None = None, provider: str | None = None) -> Definition:
    """Return the definition in the request's body, about these participants where it names none.

    Raises Invalid with everything that is wrong with it.
    """
    body = json_body(unchecked=True)
    errors = find_errors(body, SCHEMA)
    if isinstance(body, dict):
        _add_faults(body, errors)
    sides = {
        role: _read_side(session, body, role, default, errors)
        for role, default in {"consumer": consumer, "provider": provider}.items()
    }
    if errors:
        raise Invalid(errors)
    enabled = body.get("enabled")
    return Definition(
        request=_read_request(body["request"]),
        events=tuple(event["name"] for event in body.get("events") or []) or (DEFAULT_EVENT,),
        description=body.get("description") or None,
        enabled=True if enabled is None else enabled,
        **sides,
    )


def represent(subscription: Subscription, keys: Keys) -> Json:
    """Return the webhook's representation, without its secrets."""
    webhook = subscription.webhook
    request = redact(request_of(webhook, keys))
    sides = {"consumer": subscription.consumer, "provider": subscription.provider}
    body: Json = {"uuid": webhook.uuid, "description": webhook.description or call_of(webhook)}
    body |= {role: _represent_side(side) for role, side in sides.items() if side != ANY}
    body["enabled"] = webhook.enabled
    body["request"] = represent_request(request)
    body["events"] = [{"name": name} for name in events_of(webhook)]
    body |= stamps(webhook.created_at, webhook.updated_at)
    self = webhook_url(webhook.uuid)
    links = {
        "self": link(self, title=body["description"]),
        "pb:execute": link(f"{self}/execute", title="Send a POST here to test this webhook"),
        "pb:webhooks": link(url("webhooks"), title="All webhooks"),
    }
    for role, side in sides.items():
        links |= _link_side(role, side)
    if ANY not in sides.values():
        names = {role: side.participant.name if side.participant else "" for role, side in sides.items()}
        pair = url("webhooks", "provider", names["provider"], "consumer", names["consumer"])
        links["pb:pact-webhooks"] = link(pair, title="Webhooks of this pair")
    return body | {"_links": links}


def represent_request(request: Request) -> Json:
    """Return the representation of a request whose secrets are hidden."""
    return {
        "method": request.method,
        "url": request.url,
        **given(
            headers=dict(request.headers) or None,
            body=request.body,
            username=request.username,
            password=request.password,
        ),
    }


def describe_scope(subscription: Subscription) -> str:
    """Return in a sentence what the webhook is about."""
    consumer, provider = subscription.consumer, subscription.provider
    if consumer == provider == ANY:
        return "A webhook for all pacts"
    if consumer == ANY:
        return f"A webhook for all pacts with {_name_side('provider', provider)}"
    if provider == ANY:
        return f"A webhook for all pacts of {_name_side('consumer', consumer)}"
    return f"A webhook for the pacts between {_name_side('consumer', consumer)} and {_name_side('provider', provider)}"


def webhook_url(uuid: str) -> str:
    """Return the webhook's address."""
    return url("webhooks", uuid)


def _add_faults(body: Json, errors: Errors) -> None:
    """Add what a schema can't tell to the errors."""
    if body.get("events") == []:
        errors["events"] = ["must have at least one event, or be left out"]
    request = body.get("request")
    if not isinstance(request, dict):
        return
    config = settings()
    method, address, headers = (request.get(key) for key in ("method", "url", "headers"))
    if isinstance(method, str) and method.upper() not in config.webhook_methods:
        errors["request.method"] = [f"must be one of: {', '.join(config.webhook_methods)}"]
    if isinstance(address, str) and address:
        in_host = PARAMETER.search(address.partition("://")[2].partition("/")[0])
        faults = ["cannot have a parameter in the host"] if in_host else find_faults(config, address)
        errors |= {"request.url": faults} if faults else {}
    if isinstance(headers, dict):
        faults = [
            f"{name} is not a valid header" for name, text in headers.items() if not _is_header(name, text)
        ]
        errors |= {"request.headers": faults} if faults else {}


def _is_header(name: str, text: Any) -> bool:
    return bool(HEADER_NAME.fullmatch(name)) and not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", str(text))


def _read_side(session: Session, body: Any, role: str, default: str | None, errors: Errors) -> Side:
    """Return the side that the body names, else the participant of this name."""
    said = body.get(role) if isinstance(body, dict) else None
    if said is None:
        found = session.scalars(select(Participant).filter_by(name=default)).one_or_none()
        return Side(found)
    if not isinstance(said, dict) or any(field.startswith(role) for field in errors):
        return ANY
    name, label = said.get("name"), said.get("label")
    if name and label:
        errors[f"{role}.label"] = ["cannot be given together with a name"]
    elif label:
        return Side(label=label)
    elif not name:
        errors[f"{role}.name"] = ["is missing: give a name or a label"]
    found = session.scalars(select(Participant).filter_by(name=name)).one_or_none()
    if found is None and name:
        errors[f"{role}.name"] = [f"does not match any pacticipant: '{name}'"]
    return Side(found)


def _read_request(request: Json) -> Request:
    headers = {name.lower(): text for name, text in (request.get("headers") or {}).items()}
    return Request(
        request["method"],
        request["url"],
        headers,
        request.get("body"),
        request.get("username"),
        request.get("password"),
    )


def _represent_side(side: Side) -> Json:
    return {"name": side.participant.name} if side.participant else {"label": side.label}


def _link_side(role: str, side: Side) -> Json:
    if side.participant:
        name = side.participant.name
        return {f"pb:{role}": link(url("pacticipants", name), title=role.capitalize(), name=name)}
    if side.label:
        title = f"{role.capitalize()}s with the label {side.label}"
        return {f"pb:{role}s": link(url("pacticipants", "label", side.label), title=title)}
    return {}


def _name_side(role: str, side: Side) -> str:
    return f"{role} {side.participant.name}" if side.participant else f"{role}s with the label {side.label}"
