"""Definitions of webhooks: read from what a client sends, whatever it is written in."""

import re
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.bodies import find_errors
from tallystick_broker.config import Config
from tallystick_broker.errors import Invalid
from tallystick_broker.models import Participant
from tallystick_broker.webhooks.door import find_faults
from tallystick_broker.webhooks.subscriptions import ANY, DEFAULT_EVENT, EVENTS, Definition, Side
from tallystick_broker.webhooks.templates import PARAMETER, Request

Json = dict[str, Any]

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
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110, 5.6.2)."""

Errors = dict[str, list[str]]


def settings() -> Config:
    """Return the broker's settings."""
    config: Config = current_app.config["TALLYSTICK"]
    return config


def read_definition(
    session: Session, body: Any, consumer: str | None = None, provider: str | None = None
) -> Definition:
    """Return the definition that the body is, about these participants where it names none.

    Raises Invalid with everything that is wrong with it.
    """
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
