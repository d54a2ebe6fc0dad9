"""Webhooks, with what became of the newest of their deliveries."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.models import Participant, TriggeredWebhook, Webhook
from tallystick_broker.webhooks.subscriptions import Subscription

PAGE = 50


@dataclass(frozen=True)
class Hook:
    """A webhook with its newest delivery, if it has any."""

    subscription: Subscription
    latest: TriggeredWebhook | None


@dataclass(frozen=True)
class Delivered:
    """A delivery with the names of those whose contract it is about."""

    delivery: TriggeredWebhook
    consumer: str
    provider: str


@dataclass(frozen=True)
class Deliveries:
    """A window of deliveries, the newest first; `older` is the number before which the next window begins."""

    deliveries: tuple[Delivered, ...]
    older: int | None


def describe_hooks(session: Session, subscriptions: Iterable[Subscription]) -> tuple[Hook, ...]:
    """Return the webhooks, in their order, with their newest deliveries. One statement."""
    found = list(subscriptions)
    newest = (
        select(TriggeredWebhook.id)
        .where(TriggeredWebhook.webhook_id == Webhook.id)
        .order_by(TriggeredWebhook.id.desc())
        .limit(1)
        .correlate(Webhook)
        .scalar_subquery()
    )
    wanted = (
        select(TriggeredWebhook)
        .select_from(Webhook)
        .join(TriggeredWebhook, TriggeredWebhook.id == newest)
        .where(among(Webhook.id, [each.webhook.id for each in found]))
    )
    latest = {each.webhook_id: each for each in session.scalars(wanted)}
    return tuple(Hook(each, latest.get(each.webhook.id)) for each in found)


def list_deliveries(session: Session, webhook: Webhook, before: int | None = None) -> Deliveries:
    """Return the deliveries of the webhook that are older than the one with this number, or the newest."""
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(TriggeredWebhook, consumer.name, provider.name)
        .join(consumer, consumer.id == TriggeredWebhook.consumer_id)
        .join(provider, provider.id == TriggeredWebhook.provider_id)
        .where(TriggeredWebhook.webhook_id == webhook.id)
        .order_by(TriggeredWebhook.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(TriggeredWebhook.id < before)
    found = tuple(Delivered(*each) for each in session.execute(wanted).all())
    older = found[PAGE - 1].delivery.id if len(found) > PAGE else None
    return Deliveries(found[:PAGE], older)
