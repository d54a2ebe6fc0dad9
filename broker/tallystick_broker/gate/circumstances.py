"""Circumstances of rows that are no success: who was asked to verify them, and who decided that they do not count."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.gate.facts import Delivery, Override, Ref
from tallystick_broker.models import Environment, Participant, TriggeredWebhook, Webhook, now
from tallystick_broker.models import Override as StoredOverride
from tallystick_broker.overrides import in_effect

ASKING = (
    "contract_content_changed",
    "contract_published",
    "contract_requiring_verification_published",
)
"""The events by which a provider's build is asked to verify."""

consumer, provider = aliased(Participant), aliased(Participant)
OVERRIDES = (
    select(
        StoredOverride.uuid,
        consumer.name.label("consumer"),
        StoredOverride.consumer_version,
        provider.name.label("provider"),
        StoredOverride.provider_version,
        StoredOverride.created_by,
        StoredOverride.reason,
        StoredOverride.expires_at,
    )
    .join(Environment, Environment.id == StoredOverride.environment_id)
    .join(consumer, consumer.id == StoredOverride.consumer_id)
    .join(provider, provider.id == StoredOverride.provider_id)
    .where(Environment.name == bindparam("environment"), in_effect(bindparam("at")))
    .order_by(StoredOverride.id.desc())
)
DELIVERIES = (
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
    .where(among(TriggeredWebhook.publication_id, "publications"), TriggeredWebhook.event_name.in_(ASKING))
    .order_by(TriggeredWebhook.id)
)


def read_overrides(session: Session, environment: str, participants: Iterable[str]) -> list[Override]:
    """Return the overrides in effect in the environment that have one of these participants as a provider."""
    names = set(participants)
    found = session.connection().execute(OVERRIDES, {"environment": environment, "at": now()})
    return [
        Override(
            each.uuid,
            Ref(each.consumer, each.consumer_version or None),
            Ref(each.provider, each.provider_version or None),
            each.created_by,
            each.reason,
            each.expires_at,
        )
        for each in found
        if each.provider in names
    ]


def read_deliveries(session: Session, publications: Iterable[int]) -> dict[int, tuple[Delivery, ...]]:
    """Return who was asked to verify because of each of these publications, in order."""
    found: dict[int | None, list[Delivery]] = defaultdict(list)
    for key, uuid, description, at, status, event, context in session.connection().execute(
        DELIVERIES, {"publications": list(publications)}
    ):
        # Only the event about missing results is about one version of the provider.
        number = (context or {}).get("providerVersionNumber") if event == ASKING[-1] else None
        found[key].append(Delivery(description or uuid, at, status, number or None))
    return {key: tuple(deliveries) for key, deliveries in found.items() if key is not None}
