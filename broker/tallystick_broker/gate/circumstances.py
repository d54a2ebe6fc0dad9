"""Circumstances of rows that are no success: who was asked to verify them, and who decided that they do not count."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.gate.facts import Delivery, Override, Ref
from tallystick_broker.models import TriggeredWebhook, Webhook
from tallystick_broker.overrides import select_overrides

ASKING = (
    "contract_content_changed",
    "contract_published",
    "contract_requiring_verification_published",
)
"""The events by which a provider's build is asked to verify."""


def read_overrides(session: Session, environment: str, participants: Iterable[str]) -> list[Override]:
    """Return the overrides in effect in the environment that have one of these participants as a provider."""
    names = set(participants)
    return [
        Override(
            each.uuid,
            Ref(consumer, each.consumer_version or None),
            Ref(provider, each.provider_version or None),
            each.created_by,
            each.reason,
            each.expires_at,
        )
        for each, _, consumer, provider in session.execute(
            select_overrides(environment=environment, ended=False)
        )
        if provider in names
    ]


def read_deliveries(session: Session, publications: Iterable[int]) -> dict[int, tuple[Delivery, ...]]:
    """Return who was asked to verify because of each of these publications, in order."""
    wanted = (
        select(
            TriggeredWebhook.publication_id,
            TriggeredWebhook.webhook_uuid,
            Webhook.description,
            TriggeredWebhook.created_at,
            TriggeredWebhook.status,
            TriggeredWebhook.event_name,
            TriggeredWebhook.event_context,
        )
        .outerjoin(Webhook, Webhook.id == TriggeredWebhook.webhook_id)
        .where(among(TriggeredWebhook.publication_id, publications), TriggeredWebhook.event_name.in_(ASKING))
        .order_by(TriggeredWebhook.id)
    )
    found: dict[int | None, list[Delivery]] = defaultdict(list)
    for key, uuid, description, at, status, event, context in session.execute(wanted):
        # Only the event about missing results is about one version of the provider.
        number = (context or {}).get("providerVersionNumber") if event == ASKING[-1] else None
        found[key].append(Delivery(description or uuid, at, status, number or None))
    return {key: tuple(deliveries) for key, deliveries in found.items() if key is not None}
