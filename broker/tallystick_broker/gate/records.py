"""What the gate reads: contracts and results of selected versions, in a number of statements that never grows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.gate.evidence import FailedInteraction, read_failures
from tallystick_broker.gate.matrix import Results
from tallystick_broker.gate.question import Ref, Resolved, Result, Row
from tallystick_broker.models import Content, LatestResult, Participant, Publication, Version
from tallystick_broker.models import Result as StoredResult
from tallystick_contracts.documents import read
from tallystick_contracts.interactions import ContractError, interactions


def published_by(selected: Iterable[Resolved]) -> ColumnElement[bool]:
    """Return the condition that one of these versions published the contract."""
    versions, wholly = _split(selected)
    return or_(among(Publication.consumer_version_id, versions), among(Publication.consumer_id, wholly))


def verified_by(selected: Iterable[Resolved]) -> ColumnElement[bool]:
    """Return the condition that one of these versions has the result."""
    versions, wholly = _split(selected)
    return or_(among(StoredResult.provider_version_id, versions), among(StoredResult.provider_id, wholly))


def read_contracts(session: Session, *conditions: ColumnElement[bool], history: bool) -> list[Row]:
    """Return a row without a provider version for each publication; all revisions when the history is wanted."""
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(
            consumer.name,
            Version.number,
            Version.id,
            provider.name,
            Content.id,
            Content.fingerprint,
            Publication.id,
            Publication.revision,
            Publication.created_at,
        )
        .select_from(Publication)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(consumer, consumer.id == Publication.consumer_id)
        .join(provider, provider.id == Publication.provider_id)
        .join(Content, Content.id == Publication.content_id)
        .where(*conditions)
    )
    if not history:
        wanted = wanted.where(Publication.in_effect)
    found = session.execute(wanted)
    return [Row(Ref(name, number, key), Ref(other), *rest) for name, number, key, other, *rest in _any(found)]


def read_results(
    session: Session, contracts: Iterable[Row], *conditions: ColumnElement[bool], history: bool
) -> Results:
    """Return the results of these contracts by content; only those that count unless the history is wanted."""
    wanted = _select_results().where(
        among(StoredResult.content_id, (row.content_id for row in contracts)), *conditions
    )
    if not history:
        wanted = wanted.join(LatestResult, LatestResult.result_id == StoredResult.id)
    results: dict[int, list[tuple[Ref, Result]]] = defaultdict(list)
    for content_id, ref, result in _read(session, wanted):
        results[content_id].append((ref, result))
    return results


def read_last(session: Session, contents: set[int]) -> dict[int, tuple[Ref, Result]]:
    """Return who verified each of these contents last, and with which result; nothing for one never verified."""
    if not contents:
        return {}
    newest = select(func.max(LatestResult.result_id)).where(among(LatestResult.content_id, contents))
    wanted = _select_results().where(StoredResult.id.in_(newest.group_by(LatestResult.content_id)))
    return {content_id: (ref, result) for content_id, ref, result in _read(session, wanted)}


def read_evidence(session: Session, numbers: set[int]) -> dict[int, tuple[FailedInteraction, ...]]:
    """Return the failed interactions of each of these results, as far as the verifier reported them."""
    if not numbers:
        return {}
    wanted = select(StoredResult.id, StoredResult.content_id, StoredResult.test_results)
    found = session.execute(wanted.where(among(StoredResult.id, numbers)))
    contents, failures = {}, {}
    for number, content_id, test_results in found:
        contents[number], failures[number] = content_id, read_failures(test_results)
    nameless = {
        contents[number] for number, each in failures.items() if any(not one.description for one in each)
    }
    names = _read_descriptions(session, nameless) if nameless else {}
    return {
        number: tuple(_named(one, names.get(contents[number], {})) for one in each)
        for number, each in failures.items()
    }


def _split(selected: Iterable[Resolved]) -> tuple[list[int], list[int]]:
    """Return the ids of the versions, and of the participants of which all versions are selected."""
    listed = list(selected)
    versions = [each.version_id for each in listed if each.version_id is not None]
    return versions, [each.participant_id for each in listed if each.selector.by_name_only]


def _select_results() -> Any:
    return (
        select(
            StoredResult.content_id,
            Participant.name,
            Version.number,
            Version.id,
            StoredResult.id,
            StoredResult.success,
            StoredResult.executed_at,
        )
        .join(Version, Version.id == StoredResult.provider_version_id)
        .join(Participant, Participant.id == StoredResult.provider_id)
    )


def _read(session: Session, wanted: Any) -> list[tuple[int, Ref, Result]]:
    return [
        (content_id, Ref(name, number, version_id), Result(*result))
        for content_id, name, number, version_id, *result in _any(session.execute(wanted))
    ]


def _read_descriptions(session: Session, contents: set[int]) -> dict[int, dict[str | None, str]]:
    wanted = select(Content.id, Content.document).where(among(Content.id, contents))
    return {content_id: _descriptions(document) for content_id, document in session.execute(wanted)}


def _descriptions(document: str) -> dict[str | None, str]:
    try:
        return {each.id: each.description for each in interactions(read(document))}
    except (ContractError, AttributeError):
        return {}


def _named(failure: FailedInteraction, names: dict[str | None, str]) -> FailedInteraction:
    description = failure.description or names.get(
        failure.id, "an interaction that the verifier did not name"
    )
    return FailedInteraction(description, failure.mismatches, failure.id)


def _any(found: Any) -> Any:
    """Return what it is given: the type of an unpacked rest of columns can't be told."""
    return found
