"""Integrations: the pairs of consumer and provider that have, or had, a contract; listed, and deleted for good."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among, upsert
from tallystick_broker.models import (
    Content,
    DeployedVersion,
    Integration,
    Label,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    TriggeredWebhook,
    Version,
    Webhook,
    now,
)
from tallystick_broker.versions import delete_versions

CONSUMER, PROVIDER = aliased(Participant), aliased(Participant)
DATA = (TriggeredWebhook, Webhook, Content, Integration)
"""What is deleted with a pair; publications and results go with their contents."""


def select_integrations(text: str = "") -> Select[str, str]:
    """Return the query for the names of consumer and provider of each pair, the one that changed last first.

    `text` keeps those that have it in either name, in any case.
    """
    wanted = (
        select(CONSUMER.name.label("consumer"), PROVIDER.name.label("provider"))
        .select_from(Integration)
        .join(CONSUMER, CONSUMER.id == Integration.consumer_id)
        .join(PROVIDER, PROVIDER.id == Integration.provider_id)
        .order_by(Integration.contract_data_updated_at.desc(), CONSUMER.name, PROVIDER.name)
    )
    if text:
        names = (CONSUMER.name, PROVIDER.name)
        wanted = wanted.where(or_(*(name.icontains(text, autoescape=True) for name in names)))
    return wanted


def touch_integrations(session: Session, pairs: Iterable[Pair]) -> None:
    """Note that the contract data of these pairs changed just now, and that the pairs exist."""
    touched = dict.fromkeys(("contract_data_updated_at", "updated_at"), now())
    ordered = sorted(pairs, key=lambda pair: (pair.consumer.id, pair.provider.id))
    upsert(session, Integration, [pair.key | touched for pair in ordered])


def delete_integration(session: Session, pair: Pair) -> None:
    """Delete the pair's contracts, results, webhooks and their deliveries, and what has no use without them.

    Without use are versions of the two that have neither a contract nor a result, and never were anywhere; and
    of the two those of whom nothing is left.
    """
    for model in DATA:
        session.execute(delete(model).filter_by(consumer_id=pair.consumer.id, provider_id=pair.provider.id))
    _sweep(session, {pair.consumer.id, pair.provider.id})


def delete_integrations(session: Session) -> None:
    """Delete every integration, as `delete_integration` does."""
    columns = Integration.consumer_id, Integration.provider_id
    concerned = {key for column in columns for key in session.scalars(select(column).distinct())}
    for model in DATA:
        session.execute(delete(model).where(model.consumer_id.is_not(None), model.provider_id.is_not(None)))
    _sweep(session, concerned)


def _sweep(session: Session, participant_ids: Collection[int]) -> None:
    """Delete what has no use any more of these participants, and those of whom nothing is left."""
    uses = (
        Publication.consumer_version_id,
        Result.provider_version_id,
        DeployedVersion.version_id,
        ReleasedVersion.version_id,
    )
    delete_versions(session, among(Version.participant_id, participant_ids) & ~_is_in(Version.id, uses))
    traces = (
        Version.participant_id,
        Label.participant_id,
        *(column for model in (Integration, Webhook) for column in (model.consumer_id, model.provider_id)),
    )
    nothing_left = among(Participant.id, participant_ids) & ~_is_in(Participant.id, traces)
    session.execute(delete(Participant).where(nothing_left))


def _is_in(
    key: InstrumentedAttribute[int], columns: Iterable[InstrumentedAttribute[Any]]
) -> ColumnElement[bool]:
    return or_(*(exists().where(column == key) for column in columns))
