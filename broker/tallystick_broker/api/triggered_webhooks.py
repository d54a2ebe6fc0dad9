"""Triggered webhooks: what was sent, or is to be sent, about pacts and results, and how that went."""

import re
from collections import Counter
from collections.abc import Iterable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications, verifications
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, here, link, moment, reply, url
from tallystick_broker.api.negotiation import HAL_TYPE, JSON_TYPE, prefer
from tallystick_broker.api.operations import Answer, hal, shown
from tallystick_broker.api.pact import contract_url
from tallystick_broker.api.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    TEXT,
    component,
    fields,
    links_to,
    many,
    resource,
    texts,
)
from tallystick_broker.api.webhook_bodies import settings
from tallystick_broker.api.webhook_definitions import webhook_url
from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Participant,
    Publication,
    TriggeredWebhook,
    Version,
    Webhook,
    WebhookExecution,
)
from tallystick_broker.webhooks import deliveries
from tallystick_broker.webhooks.subscriptions import call_of

routes = Blueprint("triggered_webhooks", __name__)
PAIR = "/pacts/provider/<name:provider>/consumer/<name:consumer>"
RESULT = f"{PAIR}/pact-version/<name:sha>/verification-results/<name:number>/triggered-webhooks"
WORDS = {"success": "successful", "failure": "failed", "retrying": "retrying", "not_run": "notRun"}
"""How the summary calls each status."""

_WEBHOOKS = fields(
    {
        "triggeredWebhooks": many(
            component(
                "TriggeredWebhook",
                resource(
                    texts("name", "triggerType", "eventName")
                    | {"status": {"enum": list(WORDS)}, "triggeredAt": MOMENT}
                    | {"attemptsMade": COUNT, "attemptsRemaining": COUNT},
                    links_to("pb:logs", "logs", optional=["pb:webhook"]),
                ),
            )
        )
    }
)
LIST = resource({}, links_to("self"), embedded=_WEBHOOKS)
STANDING = resource(
    {"summary": fields({"successful": COUNT, "failed": COUNT}, dict.fromkeys(WORDS.values(), COUNT))},
    links_to(
        *("self", "pb:pact-webhooks", "pb:consumer", "pb:provider"),
        lists=["pb:error-logs"],
        optional=["pb:pact-version"],
    ),
    embedded=_WEBHOOKS,
)
ATTEMPTS = resource(
    texts("eventName", "consumerName", "providerName")
    | {"executions": many(fields({"success": FLAG, "logs": TEXT, "createdAt": MOMENT}))},
    links_to("self", optional=["pb:webhook"]),
    embedded=fields({"triggeredWebhook": fields({"uuid": TEXT})}),
)
LOGS = {200: Answer("What was sent and answered", {"text/plain": TEXT, **hal(ATTEMPTS)})}

Listed = Iterable[tuple[TriggeredWebhook, Webhook | None]]


@route(routes, f"{PAIR}/webhooks/status", answers=shown(STANDING))
def show_status(session: Session, provider: str, consumer: str) -> Response:
    """Answer how the newest delivery of each webhook about the pair went."""
    pair = contracts.get_pair(session, provider, consumer)
    found = deliveries.list_latest(session, pair)
    counts = Counter(WORDS[delivery.status] for delivery, _ in found)
    troubled = [each for each, _ in found if each.status in {"failure", "retrying"}]
    links: Json = {
        "self": link(here(), title="Status of webhooks"),
        "pb:error-logs": [link(logs_url(each.uuid), title="Logs", name=each.event_name) for each in troubled],
        "pb:pact-webhooks": link(contract_url(pair, "webhooks"), title="Webhooks of this pair"),
        "pb:consumer": link(url("pacticipants", consumer), title="Consumer", name=consumer),
        "pb:provider": link(url("pacticipants", provider), title="Provider", name=provider),
    }
    if found and found[-1][0].publication_id is not None:
        links["pb:pact-version"] = _link_to_pact(session, pair, found[-1][0].publication_id)
    summary = {"successful": 0, "failed": 0, **counts}
    return reply({"summary": summary, **_embed(found), "_links": links})


@route(routes, f"{PAIR}/version/<name:number>/triggered-webhooks", answers=shown(LIST))
def list_of_pact(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the deliveries about the pact of the consumer version."""
    pair = contracts.get_pair(session, provider, consumer)
    publication = publications.get_publication(session, pair, number).publication
    return _list(deliveries.list_of_publication(session, publication.id))


@route(routes, RESULT, answers=shown(LIST))
@route(
    routes,
    RESULT.replace("/verification-results", "/metadata/<name:metadata>/verification-results"),
    answers=shown(LIST),
)
def list_of_result(
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    number: str,
    metadata: str = "",  # noqa: ARG001 (it says how the result was found, and nothing about it)
) -> Response:
    """Answer the deliveries about the result."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    if not re.fullmatch("[0-9]{1,18}", number):
        raise NotFound(f"A verification result is named by its number, not '{number}'")
    result = verifications.get_result(session, content, int(number))
    return _list(deliveries.list_of_result(session, result.id))


@route(routes, "/triggered-webhooks/<name:uuid>/logs", answers=LOGS)
def show_logs(session: Session, uuid: str) -> Response:
    """Answer what was attempted to make the delivery, as text or as HAL."""
    delivery = deliveries.get_delivery(session, uuid)
    attempts = deliveries.list_attempts(session, delivery)
    if prefer("text/plain", HAL_TYPE, JSON_TYPE) == "text/plain":
        text = "".join(each.logs for each in attempts) or "Nothing has been sent yet.\n"
        return Response(text, content_type="text/plain;charset=utf-8")
    consumer = session.get_one(Participant, delivery.consumer_id)
    provider = session.get_one(Participant, delivery.provider_id)
    body = {
        "eventName": delivery.event_name,
        "consumerName": consumer.name,
        "providerName": provider.name,
        "executions": [_represent_attempt(each) for each in attempts],
        "_embedded": {"triggeredWebhook": {"uuid": delivery.uuid}},
    }
    links = {"self": link(here(), title="Logs"), **_link_to_webhook(delivery)}
    return reply(body | {"_links": links})


def logs_url(uuid: str) -> str:
    """Return the address of the logs of the delivery with this identifier."""
    return url("triggered-webhooks", uuid, "logs")


def _list(found: Listed) -> Response:
    return reply({**_embed(found), "_links": {"self": link(here(), title="Triggered webhooks")}})


def _embed(found: Listed) -> Json:
    return {"_embedded": {"triggeredWebhooks": [_represent(*each) for each in found]}}


def _represent(delivery: TriggeredWebhook, webhook: Webhook | None) -> Json:
    most = len(settings().webhook_retry_schedule) + 1
    over = delivery.status in {"success", "failure"}
    logs = link(logs_url(delivery.uuid), title="Logs")
    return {
        "name": call_of(webhook) if webhook else "A deleted webhook",
        "status": delivery.status,
        "attemptsMade": delivery.attempts,
        "attemptsRemaining": 0 if over else max(most - delivery.attempts, 0),
        "triggerType": delivery.trigger_type,
        "eventName": delivery.event_name,
        "triggeredAt": moment(delivery.created_at),
        "_links": {"pb:logs": logs, "logs": logs, **_link_to_webhook(delivery)},
    }


def _represent_attempt(attempt: WebhookExecution) -> Json:
    return {
        "success": attempt.success,
        "logs": attempt.logs,
        "createdAt": moment(attempt.created_at),
    }


def _link_to_webhook(delivery: TriggeredWebhook) -> Json:
    if delivery.webhook_id is None:
        return {}
    return {"pb:webhook": link(webhook_url(delivery.webhook_uuid), title="The webhook")}


def _link_to_pact(session: Session, pair: Pair, publication_id: int) -> Json:
    publication = session.get_one(Publication, publication_id)
    number = session.get_one(Version, publication.consumer_version_id).number
    name = f"Pact between {pair.consumer.name} ({number}) and {pair.provider.name}"
    return link(contract_url(pair, "version", number), title="Pact", name=name)
