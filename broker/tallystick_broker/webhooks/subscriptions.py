"""Subscriptions: the webhooks that there are, and which of them an event concerns."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Participant, TriggeredWebhook, Webhook, WebhookEvent
from tallystick_broker.webhooks.secrets import Keys
from tallystick_broker.webhooks.templates import Request, is_hidden

EVENTS = (
    "contract_content_changed",
    "contract_published",
    "contract_requiring_verification_published",
    "provider_verification_published",
    "provider_verification_succeeded",
    "provider_verification_failed",
)
DEFAULT_EVENT = "contract_content_changed"


@dataclass(frozen=True)
class Side:
    """The consumers or providers that a webhook is about: one, those with a label, or any."""

    participant: Participant | None = None
    label: str | None = None


ANY = Side()


@dataclass(frozen=True)
class Definition:
    """What a webhook is: what it is about, when it is sent, and what is sent."""

    request: Request
    events: tuple[str, ...] = (DEFAULT_EVENT,)
    consumer: Side = ANY
    provider: Side = ANY
    description: str | None = None
    enabled: bool = True


@dataclass(frozen=True)
class Subscription:
    """A webhook with the participants it names."""

    webhook: Webhook
    consumer: Side
    provider: Side


def create(session: Session, definition: Definition, keys: Keys, uuid: str | None = None) -> Subscription:
    """Return the new webhook; `uuid` is the identifier that the client has chosen for it."""
    webhook = Webhook(uuid=uuid or secrets.token_urlsafe(16))
    session.add(webhook)
    return _write(session, webhook, definition, definition.request, keys)


def change(session: Session, webhook: Webhook, definition: Definition, keys: Keys) -> Subscription:
    """Return the webhook, which is now as defined.

    A password that is missing, and secrets that are given as the stars they are shown as, stay as they are; so
    does a description that is missing.
    """
    return _write(session, webhook, definition, _keep_secrets(webhook, definition.request, keys), keys)


def enable(session: Session, webhook: Webhook, *, enabled: bool) -> None:
    """Let the webhook be sent from now on, or not; of what happens while it is not, it never tells."""
    webhook.enabled = enabled
    session.flush()


def remove(session: Session, webhook: Webhook) -> None:
    """Delete the webhook; what it would still have sent is given up, and what it has sent stays on record."""
    waiting = TriggeredWebhook.status.in_(("not_run", "retrying"))
    session.execute(
        update(TriggeredWebhook)
        .where(TriggeredWebhook.webhook_id == webhook.id, waiting)
        .values(status="failure", due_at=None)
    )
    session.execute(delete(Webhook).filter_by(id=webhook.id))


def find(session: Session, uuid: str) -> Subscription | None:
    """Return the webhook with this identifier, or None."""
    return next(iter(_read(session, Webhook.uuid == uuid)), None)


def get(session: Session, uuid: str) -> Subscription:
    """Return the webhook with this identifier; raise NotFound when there is none."""
    found = find(session, uuid)
    if found is None:
        raise NotFound(f"No webhook {uuid} found")
    return found


def list_all(session: Session) -> list[Subscription]:
    """Return every webhook, in the order in which they were made."""
    return _read(session)


def list_of(
    session: Session, consumer: Participant | None, provider: Participant | None
) -> list[Subscription]:
    """Return the webhooks that were made for exactly these participants, by name."""
    wanted = (Webhook.consumer_id, consumer), (Webhook.provider_id, provider)
    return _read(session, *(column == (each.id if each else None) for column, each in wanted))


def list_concerned(
    session: Session, consumers: Iterable[int], providers: Iterable[int]
) -> list[Subscription]:
    """Return the webhooks, disabled ones too, that may be about one of these consumers with one of these providers.

    Whether a label is a participant's is left to `concerns`.
    """
    either = (Webhook.consumer_id, consumers), (Webhook.provider_id, providers)
    return _read(session, *(column.is_(None) | among(column, ids) for column, ids in either))


def concerns(subscription: Subscription, pair: Pair, labels: Mapping[int, Collection[str]]) -> bool:
    """Return whether the webhook is about this pair; `labels` are those of the participants, by their ids."""
    sides = (subscription.consumer, pair.consumer), (subscription.provider, pair.provider)
    return all(
        side == ANY
        or (side.participant is not None and side.participant.id == participant.id)
        or side.label in labels.get(participant.id, ())
        for side, participant in sides
    )


def request_of(webhook: Webhook, keys: Keys) -> Request:
    """Return the webhook's request with its secrets; raise Conflict when they can't be opened."""
    password = webhook.encrypted_password
    return Request(
        webhook.method,
        webhook.url,
        json.loads(keys.open(webhook.headers)) if webhook.headers else {},
        webhook.body,
        webhook.username,
        keys.open(password) if password else None,
    )


def call_of(webhook: Webhook) -> str:
    """Return the webhook's method and host, which stand for a description where there is none."""
    return f"{webhook.method.upper()} {urlsplit(webhook.url).hostname}"


def events_of(webhook: Webhook) -> list[str]:
    """Return the names of the events that trigger the webhook, in the order of EVENTS."""
    return sorted((event.name for event in webhook.events), key=EVENTS.index)


def _write(
    session: Session, webhook: Webhook, definition: Definition, request: Request, keys: Keys
) -> Subscription:
    webhook.description = definition.description or webhook.description
    webhook.enabled = definition.enabled
    webhook.consumer_id = _id(definition.consumer)
    webhook.consumer_label = definition.consumer.label
    webhook.provider_id = _id(definition.provider)
    webhook.provider_label = definition.provider.label
    webhook.method, webhook.url, webhook.body = request.method, request.url, request.body
    webhook.username = request.username
    webhook.headers = keys.seal(json.dumps(dict(request.headers))) if request.headers else None
    webhook.encrypted_password = keys.seal(request.password) if request.password else None
    present = {event.name for event in webhook.events}
    webhook.events = [event for event in webhook.events if event.name in definition.events] + [
        WebhookEvent(name=name) for name in dict.fromkeys(definition.events) if name not in present
    ]
    session.flush()
    return Subscription(webhook, definition.consumer, definition.provider)


def _keep_secrets(webhook: Webhook, request: Request, keys: Keys) -> Request:
    hidden = {name for name, text in request.headers.items() if is_hidden(text)}
    keeps_password = request.password is None or is_hidden(request.password)
    if not hidden and not (keeps_password and webhook.encrypted_password):
        return request
    stored = request_of(webhook, keys)
    headers = {
        name: stored.headers.get(name, text) if name in hidden else text
        for name, text in request.headers.items()
    }
    password = stored.password if keeps_password else request.password
    return Request(request.method, request.url, headers, request.body, request.username, password)


def _id(side: Side) -> int | None:
    return None if side.participant is None else side.participant.id


def _read(session: Session, *conditions: ColumnElement[bool]) -> list[Subscription]:
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(Webhook, consumer, provider)
        .outerjoin(consumer, consumer.id == Webhook.consumer_id)
        .outerjoin(provider, provider.id == Webhook.provider_id)
        .where(*conditions)
        .order_by(Webhook.id)
        .options(joinedload(Webhook.events))
    )
    found: Iterable[Sequence[Any]] = session.execute(wanted).unique()
    return [
        Subscription(webhook, Side(one, webhook.consumer_label), Side(other, webhook.provider_label))
        for webhook, one, other in found
    ]
