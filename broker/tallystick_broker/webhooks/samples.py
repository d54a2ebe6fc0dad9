"""Samples: what a test of a webhook says, taken from the newest contract that it is about."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.contracts import Pair
from tallystick_broker.models import Content, Label, Participant, Publication, Result
from tallystick_broker.webhooks.parameters import (
    NOTHING,
    Addresses,
    Values,
    contract_values,
    describe_versions,
    labels_of,
    provider_values,
    result_values,
)
from tallystick_broker.webhooks.subscriptions import Definition, Side

PLACEHOLDERS = {
    "consumerName": "placeholder-consumer",
    "providerName": "placeholder-provider",
    "consumerVersionNumber": "placeholder-version",
}


def sample_values(session: Session, definition: Definition, addresses: Addresses) -> Values:
    """Return the values of the newest contract that the webhook is about, or placeholders when there is none.

    A webhook for results gets the newest result of that contract.
    """
    event = {"eventName": "test"}
    wanted = select(Publication).where(
        Publication.in_effect,
        *_is(Publication.consumer_id, definition.consumer),
        *_is(Publication.provider_id, definition.provider),
    )
    publication = session.scalars(wanted.order_by(Publication.id.desc()).limit(1)).one_or_none()
    if publication is None:
        return event | PLACEHOLDERS | result_values(None)
    consumer = session.get_one(Participant, publication.consumer_id)
    pair = Pair(consumer, session.get_one(Participant, publication.provider_id))
    content = session.get_one(Content, publication.content_id)
    result = _newest_result(session, definition, content)
    versions = {publication.consumer_version_id, *([result.provider_version_id] if result else [])}
    described = describe_versions(session, versions)
    values = contract_values(pair, content, described[publication.consumer_version_id], addresses)
    values |= result_values(result, addresses.result(pair, content, result) if result else "")
    values |= provider_values(described[result.provider_version_id] if result else NOTHING)
    labels = labels_of(session, pair.key.values())
    values |= {"consumerLabels": ", ".join(labels[pair.consumer.id])}
    return event | values | {"providerLabels": ", ".join(labels[pair.provider.id])}


def _newest_result(session: Session, definition: Definition, content: Content) -> Result | None:
    if not any(name.startswith("provider_verification_") for name in definition.events):
        return None
    newest = select(Result).filter_by(content_id=content.id).order_by(Result.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def _is(column: InstrumentedAttribute[int], side: Side) -> list[ColumnElement[bool]]:
    if side.participant is not None:
        return [column == side.participant.id]
    if side.label is not None:
        return [column.in_(select(Label.participant_id).filter_by(name=side.label))]
    return []
