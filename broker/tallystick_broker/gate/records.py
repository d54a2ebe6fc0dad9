"""Contracts that the gate looks at: what versions published, and what those in a target expect of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, literal, or_, select, union, union_all
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among, table_of, there_is
from tallystick_broker.gate.facts import Ref, Resolved, Row
from tallystick_broker.gate.question import Target
from tallystick_broker.gate.selection import IS_EMPTY, select_version_ids
from tallystick_broker.models import (
    Content,
    Environment,
    Integration,
    LiveVersion,
    Participant,
    Publication,
    Version,
)
from tallystick_broker.models import Result as StoredResult

PROVIDERS = table_of("providers", id=int)
consumer, provider, expecting = aliased(Participant), aliased(Participant), aliased(Integration)
CONTENT = (
    Content.id,
    Content.fingerprint,
    Publication.id,
    Publication.revision,
    Publication.created_at,
)


@dataclass(frozen=True)
class Contract:
    """A contract as a row without a provider version, and the ids of its participants."""

    row: Row
    consumer_id: int
    provider_id: int


def read_published(session: Session, selected: Iterable[Resolved], *, history: bool) -> list[Contract]:
    """Return what these versions published; all revisions when the history is wanted."""
    versions, participants = split(selected)
    if not versions and not participants:
        return []
    wanted = _select_published(bool(versions), bool(participants), history)
    return _read(session, wanted, versions=versions, participants=participants)


def read_provided(session: Session, selected: Iterable[Resolved], *, history: bool) -> list[Contract]:
    """Return the contracts that these versions have a result for."""
    versions, participants = split(selected)
    return _read(session, _select_provided(history), versions=versions, participants=participants)


def read_others(
    session: Session, target: Target, asked: set[int], providers: Mapping[int, str], *, history: bool
) -> tuple[list[Resolved], list[Contract]]:
    """Return what the target means for these providers, and for all who consume from what was asked about.

    The second part is what they expect of those who were asked about.
    """
    parameters = {"asked": sorted(asked), "providers": [[key] for key in sorted(providers)]}
    found: dict[int, Resolved] = {}
    expected = []
    for row in session.connection().execute(_select_others(target, history), parameters).all():
        key, name, version_id, number, is_contentless, stays, provider_id, provider_name, *rest = row
        found[version_id] = Resolved(
            name,
            key,
            target.of(name),
            version_id,
            number,
            inferred=True,
            leaves=key in asked and not stays,
            is_contentless=is_contentless,
        )
        if provider_id is not None:
            contract = Row(Ref(name, number, version_id), Ref(provider_name), *rest)
            expected.append(Contract(contract, key, provider_id))
    absent = {
        key: providers[key] for key in providers.keys() - {each.participant_id for each in found.values()}
    }
    missing = [
        Resolved(name, key, target.of(name), missing=True, inferred=True)
        for key, name in absent.items()
        if key not in asked
    ]
    return [found[key] for key in sorted(found)] + missing, expected


def split(selected: Iterable[Resolved]) -> tuple[list[int], list[int]]:
    """Return the ids of the versions, and of the participants of which all versions are selected."""
    listed = list(selected)
    versions = [each.version_id for each in listed if each.version_id is not None]
    return versions, [each.participant_id for each in listed if each.selector.by_name_only]


@cache
def _select_published(by_version: bool, by_participant: bool, history: bool) -> Executable:
    conditions = [among(Publication.consumer_version_id, "versions")] if by_version else []
    conditions += [among(Publication.consumer_id, "participants")] if by_participant else []
    each = [_select_contracts(history).where(condition) for condition in conditions]
    # With an OR of conditions PostgreSQL takes many seconds for many versions.
    return each[0] if len(each) == 1 else union(*each)


@cache
def _select_provided(history: bool) -> Executable:
    verified = select(StoredResult.content_id).where(
        or_(
            among(StoredResult.provider_version_id, "versions"),
            among(StoredResult.provider_id, "participants"),
        )
    )
    return _select_contracts(history).where(Publication.content_id.in_(verified))


def _select_contracts(history: bool) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(consumer.id, provider.id, consumer.name, Version.number, Version.id, provider.name, *CONTENT)
        .select_from(Publication)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(consumer, consumer.id == Publication.consumer_id)
        .join(provider, provider.id == Publication.provider_id)
        .join(Content, Content.id == Publication.content_id)
    )
    return wanted if history else wanted.where(Publication.in_effect)


@lru_cache(maxsize=100)
def _select_others(target: Target, history: bool) -> Select[*tuple[Any, ...]]:
    consumers = select(Integration.consumer_id).where(among(Integration.provider_id, "asked"))
    is_consumer = there_is(
        expecting.consumer_id == Version.participant_id, among(expecting.provider_id, "asked")
    )
    ids = select_version_ids(target.of(""), union_all(select(PROVIDERS.c.id), consumers))
    of_version = (Publication.consumer_version_id == Version.id) & among(Publication.provider_id, "asked")
    return (
        select(
            consumer.id,
            consumer.name,
            Version.id,
            Version.number,
            IS_EMPTY & is_consumer,
            _stays(target),
            provider.id,
            provider.name,
            *CONTENT,
        )
        .select_from(Version)
        .join(consumer, consumer.id == Version.participant_id)
        .outerjoin(Publication, of_version if history else of_version & Publication.in_effect)
        .outerjoin(provider, provider.id == Publication.provider_id)
        .outerjoin(Content, Content.id == Publication.content_id)
        .join(ids, ids.c.id == Version.id)
        .order_by(Publication.id)
    )


def _stays(target: Target) -> ColumnElement[bool]:
    """Return whether a version stays where it is when another one is deployed: a released one does."""
    if not target.environment:
        return literal(False)
    return there_is(
        LiveVersion.version_id == Version.id,
        LiveVersion.released_version_id.is_not(None),
        LiveVersion.environment_id == Environment.id,
        Environment.name == target.environment,
    )


def _read(session: Session, wanted: Executable, **parameters: list[int]) -> list[Contract]:
    return [
        Contract(Row(Ref(name, number, key), Ref(other), *rest), consumer_id, provider_id)
        for consumer_id, provider_id, name, number, key, other, *rest in _any(
            session.connection().execute(wanted, parameters).all()
        )
    ]


def _any(found: Any) -> Any:
    """Return what it is given: the type of an unpacked rest of columns can't be told."""
    return found
