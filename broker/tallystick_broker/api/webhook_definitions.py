"""Webhooks as the API shows them: without their secrets."""

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
from tallystick_broker.webhooks.secrets import Keys
from tallystick_broker.webhooks.subscriptions import (
    ANY,
    EVENTS,
    Side,
    Subscription,
    call_of,
    events_of,
    request_of,
)
from tallystick_broker.webhooks.templates import Request, redact

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
