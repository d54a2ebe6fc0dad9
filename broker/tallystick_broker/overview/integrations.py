"""Every consumer and provider that have a contract, and how they stand."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.models import (
    Content,
    Environment,
    Integration,
    Label,
    LiveVersion,
    Participant,
    Publication,
    Result,
    Version,
)
from tallystick_broker.overview.marks import Live, OnBranch, find_branches, find_live

PAGE = 40
Fields = Row[*tuple[Any, ...]]


class Status(StrEnum):
    """How an integration stands: what became of the contract of its newest consumer version, the worst first."""

    FAILED = "failed"
    STALE = "stale"
    NEVER = "never"
    PENDING = "pending"
    VERIFIED = "verified"
    NONE = "none"


class Order(StrEnum):
    """By what integrations are sorted."""

    CONSUMER = "consumer"
    PROVIDER = "provider"
    STATUS = "status"
    CONTRACT = "contract"
    RESULT = "result"


@dataclass(frozen=True)
class Wanted:
    """Which integrations are asked for: `text` is part of either name, the page counts from 1.

    One of the two participants has the label, and one is live in the environment.
    """

    text: str = ""
    status: Status | None = None
    environment: str = ""
    label: str = ""
    order: Order = Order.CONSUMER
    page: int = 1


@dataclass(frozen=True)
class Seen:
    """A version with its branches, and when it published or verified."""

    number: str
    branches: tuple[OnBranch, ...]
    at: datetime


@dataclass(frozen=True)
class Standing:
    """An integration: its newest contract and result, if any, and what is live of both participants.

    `fingerprint` is of the newest contract; `verified` of the one that the result is about, and `result_id` its number.
    """

    consumer: str
    provider: str
    status: Status
    contract: Seen | None
    fingerprint: str | None
    result: Seen | None
    verified: str | None
    result_id: int | None
    success: bool | None
    consumer_live: tuple[Live, ...]
    provider_live: tuple[Live, ...]


@dataclass(frozen=True)
class Listing:
    """A page of integrations, and how many there are of each status on all pages."""

    integrations: tuple[Standing, ...]
    counts: dict[Status, int]
    total: int


CONSUMER, PROVIDER = aliased(Participant), aliased(Participant)


def list_integrations(session: Session, wanted: Wanted) -> Listing:
    """Return the page of integrations that is asked for.

    Each integration is looked at once, with a few entries of indexes, so that neither the length of the history nor
    the number of statements matters.
    """
    found = session.execute(_filtered(wanted).order_by(*_order(wanted.order))).all()
    counts = Counter(Status(row.status) for row in found)
    rows = [row for row in found if wanted.status in (None, row.status)]
    page = rows[PAGE * (wanted.page - 1) : PAGE * wanted.page]
    return Listing(describe(session, page), dict(counts), len(rows))


def count_statuses(session: Session, participant_ids: Collection[int]) -> dict[int, Counter[Status]]:
    """Return how many integrations of each status each of these participants has, on either side."""
    either = or_(*(among(column, participant_ids) for column in (CONSUMER.id, PROVIDER.id)))
    found: dict[int, Counter[Status]] = {each: Counter() for each in participant_ids}
    for row in session.execute(select_standings().where(either)):
        for participant_id in {row.consumer_id, row.provider_id} & found.keys():
            found[participant_id][Status(row.status)] += 1
    return found


@cache
def select_standings() -> Select[*tuple[Any, ...]]:
    """Return the query for how each integration stands; `describe` reads its rows.

    It is the same every time, and making it takes longer than some of its answers.
    """
    return (
        select(
            Integration.consumer_id,
            Integration.provider_id,
            CONSUMER.name.label("consumer"),
            PROVIDER.name.label("provider"),
            Publication.id.label("publication_id"),
            Result.id.label("result_id"),
            _status(),
        )
        .select_from(Integration)
        .join(CONSUMER, CONSUMER.id == Integration.consumer_id)
        .join(PROVIDER, PROVIDER.id == Integration.provider_id)
        .outerjoin(Publication, Publication.id == _newest_publication())
        .outerjoin(Result, Result.id == _newest_result())
    )


def describe(session: Session, rows: Sequence[Fields]) -> tuple[Standing, ...]:
    """Return the integrations of these rows, with all that is told of them; a fixed number of statements."""
    contracts = _read_contracts(session, {row.publication_id for row in rows} - {None})
    results = _read_results(session, {row.result_id for row in rows} - {None})
    branches = find_branches(session, {each.version_id for each in (*contracts.values(), *results.values())})
    live = find_live(session, {key for row in rows for key in (row.consumer_id, row.provider_id)})

    def tell(row: Fields, contract: Fields | None, result: Fields | None) -> Standing:
        return Standing(
            row.consumer,
            row.provider,
            Status(row.status),
            _seen(contract, branches),
            None if contract is None else contract.fingerprint,
            _seen(result, branches),
            None if result is None else result.fingerprint,
            row.result_id,
            None if result is None else result.success,
            live.get(row.consumer_id, ()),
            live.get(row.provider_id, ()),
        )

    return tuple(tell(row, contracts.get(row.publication_id), results.get(row.result_id)) for row in rows)


def _seen(version: Fields | None, branches: dict[int, tuple[OnBranch, ...]]) -> Seen | None:
    if version is None:
        return None
    return Seen(version.number, branches.get(version.version_id, ()), version.created_at)


def _filtered(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    statement = select_standings()
    if wanted.text:
        names = (CONSUMER.name, PROVIDER.name)
        statement = statement.where(or_(*(each.icontains(wanted.text, autoescape=True) for each in names)))
    if wanted.environment:
        place = Environment.name == wanted.environment
        live = select(LiveVersion.participant_id).join(
            Environment, Environment.id == LiveVersion.environment_id
        )
        statement = statement.where(_either_in(live.where(place)))
    if wanted.label:
        statement = statement.where(_either_in(select(Label.participant_id).filter_by(name=wanted.label)))
    return statement


def _either_in(participants: Select[int]) -> ColumnElement[bool]:
    return or_(Integration.consumer_id.in_(participants), Integration.provider_id.in_(participants))


def _order(order: Order) -> tuple[SQLColumnExpression[Any], ...]:
    names = (CONSUMER.name, PROVIDER.name)
    if order is Order.STATUS:
        rank = case({each.value: place for place, each in enumerate(Status)}, value=_status())
        return (rank, *names)
    first: SQLColumnExpression[Any] = {
        Order.CONSUMER: CONSUMER.name,
        Order.PROVIDER: PROVIDER.name,
        Order.CONTRACT: Publication.created_at.desc().nulls_last(),
        Order.RESULT: Result.created_at.desc().nulls_last(),
    }[order]
    return (first, *names)


def _newest_publication() -> ColumnElement[int]:
    found = aliased(Publication)
    return (
        select(found.id)
        .where(
            found.in_effect,
            found.provider_id == Integration.provider_id,
            found.consumer_id == Integration.consumer_id,
        )
        .order_by(found.consumer_version_id.desc())
        .limit(1)
        .correlate(Integration)
        .scalar_subquery()
    )


def _newest_result() -> ColumnElement[int]:
    """Return the newest result of the newest contract, else the newest of any contract of the pair."""
    of_content, of_pair = aliased(Result), aliased(Result)
    content = select(func.max(of_content.id)).where(of_content.content_id == Publication.content_id)
    pair = select(func.max(of_pair.id)).where(
        of_pair.provider_id == Integration.provider_id, of_pair.consumer_id == Integration.consumer_id
    )
    return func.coalesce(
        content.correlate(Publication).scalar_subquery(), pair.correlate(Integration).scalar_subquery()
    )


def _status() -> ColumnElement[str]:
    return case(
        (Publication.id.is_(None), Status.NONE.value),
        (Result.id.is_(None), Status.NEVER.value),
        (Result.content_id != Publication.content_id, Status.STALE.value),
        (Result.success, Status.VERIFIED.value),
        (Result.pending, Status.PENDING.value),
        else_=Status.FAILED.value,
    ).label("status")


def _read_contracts(session: Session, ids: Collection[int]) -> dict[int, Fields]:
    wanted = (
        select(
            Publication.id,
            Publication.created_at,
            Version.id.label("version_id"),
            Version.number,
            Content.fingerprint,
        )
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(Content, Content.id == Publication.content_id)
    )
    return _by_id(session, wanted.where(among(Publication.id, ids)))


def _read_results(session: Session, ids: Collection[int]) -> dict[int, Fields]:
    wanted = (
        select(
            Result.id,
            Result.created_at,
            Result.success,
            Version.id.label("version_id"),
            Version.number,
            Content.fingerprint,
        )
        .join(Version, Version.id == Result.provider_version_id)
        .join(Content, Content.id == Result.content_id)
    )
    return _by_id(session, wanted.where(among(Result.id, ids)))


def _by_id(session: Session, wanted: Select[*tuple[Any, ...]]) -> dict[int, Fields]:
    return {row.id: row for row in session.execute(wanted)}
