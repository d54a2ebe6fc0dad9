"""The pages of webhooks: made, changed, tested, and what they have sent."""

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tallystick_broker.api.announcements import ADDRESSES
from tallystick_broker.api.boundary import route
from tallystick_broker.api.webhook_bodies import read_definition, settings
from tallystick_broker.errors import Invalid
from tallystick_broker.models import Participant
from tallystick_broker.overview.hooks import describe_hooks, list_deliveries
from tallystick_broker.participants import get_participant
from tallystick_broker.web import parameters
from tallystick_broker.web.hook_forms import EMPTY, Form, body_text, fill, read_form
from tallystick_broker.web.links import path
from tallystick_broker.web.rendering import lead, page, pages
from tallystick_broker.webhooks import deliveries, subscriptions
from tallystick_broker.webhooks.attempts import attempt
from tallystick_broker.webhooks.samples import sample_values
from tallystick_broker.webhooks.secrets import ensure_keys, find_keys
from tallystick_broker.webhooks.subscriptions import (
    EVENTS,
    Definition,
    Subscription,
    call_of,
    events_of,
    request_of,
)
from tallystick_broker.webhooks.templates import PARAMETERS, redact

routes = pages("webhooks")
WEBHOOK = "/webhooks/<name:uuid>"
DELIVERY = "/triggered-webhooks/<name:uuid>"


@route(routes, "/webhooks")
@route(routes, "/webhooks/provider/<name:provider>/consumer/<name:consumer>")
@route(routes, "/webhooks/provider/<name:provider>")
@route(routes, "/webhooks/consumer/<name:consumer>")
def show_webhooks(session: Session, provider: str = "", consumer: str = "") -> Response:
    """Answer the list of all webhooks, or of those that were made for exactly these participants."""
    if not provider and not consumer:
        found = subscriptions.list_all(session)
    else:
        of_consumer = get_participant(session, consumer, "consumer") if consumer else None
        of_provider = get_participant(session, provider, "provider") if provider else None
        found = subscriptions.list_of(session, of_consumer, of_provider)
    hooks = describe_hooks(session, found)
    return page("webhooks.html", hooks=hooks, consumer=consumer, provider=provider, **_words())


@route(routes, "/webhooks/new")
def begin(session: Session) -> Response:  # noqa: ARG001 (every view has one)
    """Answer an empty form."""
    asked = [(name, parameters.text(name)) for name in ("consumer", "provider")]
    return _form(MultiDict([*EMPTY.items(multi=True), *asked]))


@route(routes, "/webhooks", "POST")
def create(session: Session) -> Response:
    """Make a webhook of what is in the form."""
    try:
        definition = read_definition(session, read_form(request.form))
    except Invalid as problem:
        return _form(request.form, problem)
    keys = ensure_keys(session, settings().secret_key)
    return _lead_to(subscriptions.create(session, definition, keys))


@route(routes, WEBHOOK)
def show_webhook(session: Session, uuid: str) -> Response:
    """Answer a webhook with what it has sent."""
    found = subscriptions.get(session, uuid)
    before = parameters.number("before", 0) or None
    return page(
        "webhook.html",
        found=found,
        request=redact(request_of(found.webhook, find_keys(session, settings().secret_key))),
        delivered=list_deliveries(session, found.webhook, before),
        before=before,
        made=None,
        **_words(),
    )


@route(routes, f"{WEBHOOK}/edit")
def edit(session: Session, uuid: str) -> Response:
    """Answer the form with what the webhook is."""
    found = subscriptions.get(session, uuid)
    return _form(fill(found, find_keys(session, settings().secret_key)), found=found)


@route(routes, WEBHOOK, "POST")
def change(session: Session, uuid: str) -> Response:
    """Change the webhook into what is in the form."""
    found = subscriptions.get(session, uuid)
    try:
        definition = read_definition(session, read_form(request.form))
    except Invalid as problem:
        return _form(request.form, problem, found)
    keys = ensure_keys(session, settings().secret_key)
    return _lead_to(subscriptions.change(session, found.webhook, definition, keys))


@route(routes, f"{WEBHOOK}/enabled", "POST")
def enable(session: Session, uuid: str) -> Response:
    """Enable or disable the webhook."""
    found = subscriptions.get(session, uuid)
    subscriptions.enable(session, found.webhook, enabled=request.form.get("enabled") == "yes")
    return _lead_to(found)


@route(routes, f"{WEBHOOK}/delete", "POST")
def remove(session: Session, uuid: str) -> Response:
    """Delete the webhook; one that is gone stays so."""
    found = subscriptions.find(session, uuid)
    if found is not None:
        subscriptions.remove(session, found.webhook)
    return lead(path("webhooks"))


@route(routes, f"{WEBHOOK}/execute", "POST", reads=True)
def execute(session: Session, uuid: str) -> Response:
    """Send the webhook once, and answer what came of it."""
    found = subscriptions.get(session, uuid)
    wanted = request_of(found.webhook, find_keys(session, settings().secret_key))
    definition = Definition(wanted, tuple(events_of(found.webhook)), found.consumer, found.provider)
    values = sample_values(session, definition, ADDRESSES)
    session.rollback()  # no transaction stays open while others are talked to
    made = attempt(wanted, values, settings())
    delivered = list_deliveries(session, found.webhook)
    return page(
        "webhook.html",
        found=found,
        request=redact(wanted),
        delivered=delivered,
        before=None,
        made=made,
        **_words(),
    )


@route(routes, f"{DELIVERY}/logs")
def show_delivery(session: Session, uuid: str) -> Response:
    """Answer what was attempted to make a delivery."""
    delivery = deliveries.get_delivery(session, uuid)
    webhook = subscriptions.find(session, delivery.webhook_uuid) if delivery.webhook_id else None
    return page(
        "delivery.html",
        delivery=delivery,
        found=webhook,
        attempts=deliveries.list_attempts(session, delivery),
        consumer=session.get_one(Participant, delivery.consumer_id).name,
        provider=session.get_one(Participant, delivery.provider_id).name,
        **_words(),
    )


@route(routes, f"{DELIVERY}/redeliver", "POST")
def redeliver(session: Session, uuid: str) -> Response:
    """Send again what a delivery has sent."""
    again = deliveries.redeliver(session, deliveries.get_delivery(session, uuid))
    return lead(path("triggered-webhooks", again.uuid, "logs"))


def _lead_to(found: Subscription) -> Response:
    return lead(path("webhooks", found.webhook.uuid))


def _form(given: Form, problem: Invalid | None = None, found: Subscription | None = None) -> Response:
    """Return the form with what is given, and what is wrong with it."""
    answer = page(
        "webhook_form.html",
        given=given,
        chosen=given.getlist("events"),
        faults={} if problem is None else problem.errors,
        found=found,
        events=EVENTS,
        methods=settings().webhook_methods,
        parameters=PARAMETERS,
        **_words(),
    )
    answer.status_code = 200 if problem is None else problem.status
    return answer


def _words() -> dict[str, object]:
    return {"call_of": call_of, "events_of": events_of, "body_text": body_text}
