"""The form of a webhook: filled with what one is, and read into what the API takes."""

import json
from typing import Any

from werkzeug.datastructures import MultiDict

from tallystick_broker.errors import Invalid
from tallystick_broker.webhooks.secrets import Keys
from tallystick_broker.webhooks.subscriptions import DEFAULT_EVENT, Side, Subscription, events_of, request_of
from tallystick_broker.webhooks.templates import redact

Form = MultiDict[str, str]
EMPTY: Form = MultiDict([("events", DEFAULT_EVENT), ("enabled", "yes")])


def fill(found: Subscription, keys: Keys) -> Form:
    """Return the form of this webhook, without its secrets."""
    webhook = found.webhook
    request = redact(request_of(webhook, keys))
    fields = {
        "description": webhook.description,
        **_fill_side("consumer", found.consumer),
        **_fill_side("provider", found.provider),
        "method": request.method,
        "url": request.url,
        "headers": "\n".join(f"{name}: {text}" for name, text in request.headers.items()),
        "body": body_text(request.body),
        "username": request.username,
        "password": request.password,
        "enabled": "yes" if webhook.enabled else "",
    }
    given = [(name, text) for name, text in fields.items() if text]
    return MultiDict([*given, *(("events", name) for name in events_of(webhook))])


def body_text(body: Any) -> str:
    """Return a request's body as people write it."""
    if body is None or isinstance(body, str):
        return body or ""
    return json.dumps(body, indent=2, ensure_ascii=False)


def read_form(form: Form) -> dict[str, Any]:
    """Return the definition in the form, as the API takes it, which may be wrong in ways that the API tells.

    Raises Invalid for what can't be said in a definition at all.
    """
    given = {name: text.strip() for name, text in form.items()}
    return {
        "description": given.get("description"),
        "consumer": _read_side(given, "consumer"),
        "provider": _read_side(given, "provider"),
        "events": [{"name": name} for name in form.getlist("events")],
        "enabled": given.get("enabled") == "yes",
        "request": {
            "method": given.get("method", ""),
            "url": given.get("url", ""),
            "headers": _read_headers(given.get("headers", "")),
            "body": _read_body(given.get("body", "")),
            "username": given.get("username") or None,
            "password": given.get("password", ""),
        },
    }


def _fill_side(role: str, side: Side) -> dict[str, str | None]:
    return {role: side.participant.name if side.participant else None, f"{role}_label": side.label}


def _read_side(given: dict[str, str], role: str) -> dict[str, str] | None:
    said = {"name": given.get(role, ""), "label": given.get(f"{role}_label", "")}
    return {key: text for key, text in said.items() if text} or None


def _read_headers(text: str) -> dict[str, str]:
    lines = [line.partition(":") for line in text.splitlines() if line.strip()]
    loose = [name for name, colon, _ in lines if not colon]
    if loose:
        raise Invalid({"request.headers": [f"has a line without a colon: {name.strip()}" for name in loose]})
    return {name.strip(): value.strip() for name, _, value in lines}


def _read_body(text: str) -> Any:
    """Return the object or list that the text is as JSON, else the text."""
    try:
        body = json.loads(text) if text[:1] in {"{", "["} else text
    except ValueError:
        body = text
    return body or None
