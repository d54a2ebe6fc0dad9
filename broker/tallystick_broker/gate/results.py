"""Results that the gate judges by, and what the verifiers said of those that failed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among, table_of
from tallystick_broker.gate.evidence import FailedInteraction, read_failures
from tallystick_broker.gate.facts import Ref, Result, Row
from tallystick_broker.models import Content, LatestResult, Version
from tallystick_broker.models import Result as StoredResult
from tallystick_contracts.documents import read
from tallystick_contracts.interactions import ContractError, interactions

PAIRS = table_of("pairs", content_id=int, version_id=int)
own, other = aliased(StoredResult), aliased(StoredResult)

Pair = tuple[int, int]
"""The ids of a content and of a provider version."""


@dataclass(frozen=True)
class Known:
    """What is known of contents: their results, who verified them last, and what was said of failures.

    `results` and `last` are by content; `test_results` are by the number of the result, with its content.
    """

    results: Mapping[int, Sequence[tuple[Ref, Result]]]
    last: Mapping[int, tuple[Ref, Result]]
    test_results: Mapping[int, tuple[int, Any]]


def read_results(
    session: Session,
    contracts: Iterable[Row],
    pairs: Iterable[Pair],
    contents: Iterable[int],
    *,
    history: bool,
) -> Known:
    """Return the results of these pairs, and those of these contents by any version; all are of these contracts.

    Only results that count are returned unless the history is wanted.
    """
    providers = {row.content_id: row.provider.name for row in contracts}
    results: dict[int, list[tuple[Ref, Result]]] = defaultdict(list)
    last: dict[int, tuple[Ref, Result]] = {}
    test_results: dict[int, tuple[int, Any]] = {}
    for content_id, is_own, number, success, at, version_id, version, said in _read(
        session, sorted(set(pairs)), sorted(set(contents)), history
    ):
        found = Ref(providers[content_id], version, version_id), Result(number, success, at)
        if is_own:
            results[content_id].append(found)
        else:
            last[content_id] = found
        if said is not None:
            test_results[number] = content_id, said
    return Known(results, last, test_results)


def explain(
    session: Session, said: Mapping[int, tuple[int, Any]]
) -> dict[int, tuple[FailedInteraction, ...]]:
    """Return the failed interactions of each result; what the verifier did not name is named by its contract."""
    failures = {number: read_failures(test_results) for number, (_, test_results) in said.items()}
    nameless = {
        said[number][0] for number, each in failures.items() if any(not one.description for one in each)
    }
    names = _read_descriptions(session, nameless) if nameless else {}
    return {
        number: tuple(_named(one, names.get(said[number][0], {})) for one in each)
        for number, each in failures.items()
    }


def _read(session: Session, pairs: list[Pair], contents: list[int], history: bool) -> Iterator[Any]:
    connection = session.connection()
    if pairs:
        yield from connection.execute(_select_pairs(history), {"pairs": pairs}).all()
    if contents:
        yield from connection.execute(_select_all(history), {"contents": contents}).all()


@lru_cache(maxsize=2)
def _select_pairs(history: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for the results of pairs; for one that has none, what another version made of it last."""
    content_id, version_id = PAIRS.c.content_id, PAIRS.c.version_id
    counting = LatestResult.result_id
    of_pair = (LatestResult.content_id == content_id) & (LatestResult.provider_version_id == version_id)
    if history:
        counting = own.id
        of_pair = (own.content_id == content_id) & (own.provider_version_id == version_id)
    last = select(func.max(other.id)).where(other.content_id == content_id).scalar_subquery()
    return (
        select(content_id, counting.is_not(None), *_of_result(counting.is_not(None)))
        .select_from(PAIRS)
        .outerjoin(own if history else LatestResult, of_pair)
        .join(StoredResult, StoredResult.id == func.coalesce(counting, last))
        .join(Version, Version.id == StoredResult.provider_version_id)
    )


@lru_cache(maxsize=2)
def _select_all(history: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for the results of contents by whatever version."""
    wanted = (
        select(StoredResult.content_id, literal(True), *_of_result(true()))
        .join(Version, Version.id == StoredResult.provider_version_id)
        .where(among(StoredResult.content_id, "contents"))
    )
    return wanted if history else wanted.join(LatestResult, LatestResult.result_id == StoredResult.id)


def _of_result(is_own: ColumnElement[bool]) -> tuple[Any, ...]:
    said = case((and_(is_own, ~StoredResult.success), StoredResult.test_results))
    return StoredResult.id, StoredResult.success, StoredResult.executed_at, Version.id, Version.number, said


def _read_descriptions(session: Session, contents: set[int]) -> dict[int, dict[str | None, str]]:
    wanted = select(Content.id, Content.document).where(among(Content.id, contents))
    return {content_id: _descriptions(document) for content_id, document in session.execute(wanted)}


def _descriptions(document: str) -> dict[str | None, str]:
    try:
        return {each.id: each.description for each in interactions(read(document))}
    except (ContractError, AttributeError):
        return {}


def _named(failure: FailedInteraction, names: Mapping[str | None, str]) -> FailedInteraction:
    description = failure.description or names.get(
        failure.id, "an interaction that the verifier did not name"
    )
    return FailedInteraction(description, failure.mismatches, failure.id)
