"""Events: what happens to contracts, and the deliveries that webhooks owe to it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.models import (
    Content,
    Participant,
    Publication,
    Result,
    TriggeredWebhook,
    Version,
    Webhook,
    new_uuid,
    now,
)
from tallystick_broker.publishing import Outcome, Published
from tallystick_broker.webhooks.changes import find_changes, find_requirements
from tallystick_broker.webhooks.deliveries import announce
from tallystick_broker.webhooks.parameters import (
    NOTHING,
    Addresses,
    Described,
    Values,
    contract_values,
    deployed_numbers,
    describe_versions,
    labels_of,
    main_branch_results,
    provider_values,
    result_values,
)
from tallystick_broker.webhooks.subscriptions import Subscription, concerns, events_of, list_concerned
from tallystick_broker.webhooks.templates import uses

DEPLOYED = "currentlyDeployedProviderVersionNumber"
Selected = Mapping[str, tuple[str, ...]]
"""The numbers of the consumer versions that a result was published for, with the tags they were selected by."""

Deployed = Mapping[int, list[str]]
"""The numbers of the versions that are deployed, by the participant's id."""


@dataclass(frozen=True)
class Delivery:
    """What a webhook has to send for an event; `row` is how it is stored."""

    webhook: Webhook
    event_name: str
    uuid: str
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """Something that happened, with a comment on why; about several provider versions, or about none."""

    name: str
    comment: str = ""
    versions: Mapping[int, list[str]] | None = None


@dataclass(frozen=True)
class Announced:
    """What a publication led to: its events, and the deliveries with their webhooks."""

    events: tuple[Event, ...]
    triggered: tuple[Delivery, ...]
    has_webhooks: bool
    """Whether any webhook is about the pair, for whatever event."""


@dataclass(frozen=True)
class Occasion:
    """What something happened to: what is stored of it, and what templates may say of it."""

    pair: Pair
    values: Values
    publication_id: int | None = None
    result_id: int | None = None
    versions: Mapping[int, Described] = field(default_factory=dict)
    """The provider versions that events may be about."""


@dataclass(frozen=True)
class Audience:
    """The webhooks that may want to know, and the labels by which they choose."""

    subscriptions: Sequence[Subscription]
    labels: Mapping[int, tuple[str, ...]]

    def about(self, pair: Pair) -> list[Webhook]:
        """Return the webhooks that are about this pair."""
        return [each.webhook for each in self.subscriptions if concerns(each, pair, self.labels)]

    def due(self, pair: Pair, events: Iterable[Event]) -> list[tuple[Webhook, Event]]:
        """Return which webhooks are to be sent for which of these events."""
        enabled = [(webhook, events_of(webhook)) for webhook in self.about(pair) if webhook.enabled]
        return [(webhook, event) for event in events for webhook, names in enabled if event.name in names]

    def label_values(self, pair: Pair) -> Values:
        """Return what templates may say of the pair's labels."""
        both = {"consumerLabels": pair.consumer, "providerLabels": pair.provider}
        return {name: ", ".join(self.labels.get(each.id, ())) for name, each in both.items()}


def contracts_published(
    session: Session, version: Version, published: Sequence[Published], addresses: Addresses
) -> list[Announced]:
    """Return what each publication of this consumer version led to; deliveries are written in its transaction."""
    events = _events_of(session, version, published)
    audience = _read_audience(session, [each.pair for each in published])
    due = {each.content.id: audience.due(each.pair, events[each.content.id]) for each in published}
    occasions: dict[int, Occasion] = {}
    if any(due.values()):
        versions = {key for event in chain(*events.values()) for key in event.versions or ()}
        occasions = _read_occasions(session, version, published, versions, audience, addresses)
    deployed = _read_deployed(session, chain(*due.values()), [each.pair.provider for each in published])
    owed = {
        key: [each for webhook, event in wanted for each in _owe(webhook, event, occasions[key], deployed)]
        for key, wanted in due.items()
    }
    _store(session, chain(*owed.values()))
    return [
        Announced(
            tuple(events[each.content.id]), tuple(owed[each.content.id]), bool(audience.about(each.pair))
        )
        for each in published
    ]


def result_published(
    session: Session, pair: Pair, content: Content, result: Result, selected: Selected, addresses: Addresses
) -> None:
    """Write the deliveries that a result leads to, in its transaction: for each consumer version that it was for."""
    outcome = "succeeded" if result.success else "failed"
    events = [Event(f"provider_verification_{word}") for word in ("published", outcome)]
    audience = _read_audience(session, [pair])
    due = audience.due(pair, events)
    if not due:
        return
    publications = _find_publications(session, content, selected)
    described = describe_versions(session, {result.provider_version_id, *publications})
    deployed = _read_deployed(session, due, [pair.provider])
    values = result_values(result, addresses.result(pair, content, result)) | audience.label_values(pair)
    values |= provider_values(described[result.provider_version_id]) | {"buildUrl": result.build_url or ""}
    owed: list[Delivery] = []
    for version_id, publication_id in publications.items() or [(None, None)]:
        consumer = described[version_id] if version_id else NOTHING
        said = contract_values(pair, content, consumer, addresses, selected.get(consumer.number))
        occasion = Occasion(pair, values | said, publication_id, result.id)
        owed += [each for webhook, event in due for each in _owe(webhook, event, occasion, deployed)]
    _store(session, owed)


def _events_of(session: Session, version: Version, published: Sequence[Published]) -> dict[int, list[Event]]:
    """Return the events of each publication, by its content's id."""
    changes = find_changes(session, version, published)
    anew = [each for each in published if each.outcome is not Outcome.UNCHANGED]
    required = find_requirements(session, anew)
    events: dict[int, list[Event]] = {}
    for each in published:
        change, versions = changes[each.content.provider_id], required.get(each.content.id)
        comment = ", ".join(change.comments)
        events[each.content.id] = [Event("contract_published", "" if change.changed else comment)]
        if change.changed:
            events[each.content.id].append(Event("contract_content_changed", comment))
        if versions:
            reasons = ", ".join(dict.fromkeys(chain(*versions.values())))
            requiring = Event("contract_requiring_verification_published", f"no result: {reasons}", versions)
            events[each.content.id].append(requiring)
    return events


def _read_audience(session: Session, pairs: Collection[Pair]) -> Audience:
    consumers = {pair.consumer.id for pair in pairs}
    providers = {pair.provider.id for pair in pairs}
    found = list_concerned(session, consumers, providers)
    return Audience(found, labels_of(session, consumers | providers) if found else {})


def _read_occasions(
    session: Session,
    version: Version,
    published: Sequence[Published],
    wanted: set[int],
    audience: Audience,
    addresses: Addresses,
) -> dict[int, Occasion]:
    """Return the occasion of each publication, by its content's id; `wanted` are provider versions to describe."""
    results = main_branch_results(session, [each.content.id for each in published])
    verifiers = {result.provider_version_id for result in results.values()}
    described = describe_versions(session, {version.id, *wanted, *verifiers})
    consumer = described[version.id]
    found = {}
    for each in published:
        content, pair, result = each.content, each.pair, results.get(each.content.id)
        values = contract_values(pair, content, consumer, addresses) | audience.label_values(pair)
        values |= result_values(result, addresses.result(pair, content, result) if result else "")
        values |= provider_values(described[result.provider_version_id] if result else NOTHING)
        values["buildUrl"] = consumer.build_url
        found[content.id] = Occasion(pair, values, each.publication.id, None, described)
    return found


def _read_deployed(
    session: Session, due: Iterable[tuple[Webhook, Event]], providers: Iterable[Participant]
) -> Deployed:
    """Return what is deployed of these providers, if a webhook that is due says it."""
    if any(_says_deployed(webhook) for webhook, _ in due):
        return deployed_numbers(session, [each.id for each in providers])
    return {}


def _says_deployed(webhook: Webhook) -> bool:
    return uses(webhook.url, webhook.body, DEPLOYED)


def _find_publications(session: Session, content: Content, selected: Selected) -> dict[int, int]:
    """Return the publication of each consumer version that was selected, or of the newest one, by the version's id."""
    wanted = (
        select(Publication.consumer_version_id, Publication.id)
        .where(Publication.content_id == content.id)
        .order_by(Publication.consumer_version_id.desc(), Publication.id.desc())
    )
    if selected:
        named = wanted.join(Version, Version.id == Publication.consumer_version_id)
        found = session.execute(named.where(Version.number.in_(list(selected)))).all()
        if found:
            return dict(reversed(found))
    return dict(session.execute(wanted.limit(1)).all())


def _owe(webhook: Webhook, event: Event, occasion: Occasion, deployed: Deployed) -> list[Delivery]:
    """Return what the webhook has to send for the event: once for each version that this is about."""
    values = occasion.values | {"eventName": event.name}
    contexts = [values]
    if event.versions is not None:
        described = occasion.versions
        contexts = [values | provider_values(described[key], why) for key, why in event.versions.items()]
    if _says_deployed(webhook):
        numbers = deployed.get(occasion.pair.provider.id, [""])
        contexts = [context | {DEPLOYED: number} for context in contexts for number in numbers]
    common = {
        "webhook_id": webhook.id,
        "webhook_uuid": webhook.uuid,
        **occasion.pair.key,
        "publication_id": occasion.publication_id,
        "result_id": occasion.result_id,
        "event_name": event.name,
        "trigger_type": "resource_creation",
        "due_at": now(),
    }
    return [
        Delivery(webhook, event.name, uuid, common | {"uuid": uuid, "event_context": context})
        for uuid, context in ((new_uuid(), context) for context in contexts)
    ]


def _store(session: Session, deliveries: Iterable[Delivery]) -> None:
    rows = [dict(each.row) for each in deliveries]
    if rows:
        session.execute(insert(TriggeredWebhook).returning(TriggeredWebhook.id), rows)
        announce(session)
