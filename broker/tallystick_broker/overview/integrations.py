"""Every consumer and provider that have a contract, and how they stand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.models import Integration, Participant, Publication, Result, Version
from tallystick_broker.overview.marks import Live, OnBranch, find_branches, find_live

PAGE = 100


class Status(StrEnum):
    """How an integration stands: what became of the contract of its newest consumer version."""

    FAILED = "failed"
    CHANGED = "changed"
    NEVER = "never"
    VERIFIED = "verified"
    NONE = "none"


@dataclass(frozen=True)
class Wanted:
    """Which integrations are asked for: `text` is part of either name, the page counts from 1."""

    text: str = ""
    status: Status | None = None
    page: int = 1


@dataclass(frozen=True)
class Seen:
    """A version with its branches, and when it published or verified."""

    number: str
    branches: tuple[OnBranch, ...]
    at: datetime


@dataclass(frozen=True)
class Standing:
    """An integration: its newest contract and result, if any, and what is live of both participants."""

    consumer: str
    provider: str
    status: Status
    contract: Seen | None
    result: Seen | None
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
CONSUMER_VERSION, PROVIDER_VERSION = aliased(Version), aliased(Version)


def list_integrations(session: Session, wanted: Wanted) -> Listing:
    """Return the page of integrations that is asked for, by the names of consumer and provider.

    The number of statements depends neither on the number of integrations nor on the length of their history.
    """
    statement = _joined(wanted.text)
    status = _status()
    counted = session.execute(statement.with_only_columns(status, func.count()).group_by(status))
    counts = {Status(name): number for name, number in counted}
    if wanted.status is not None:
        statement = statement.where(status == wanted.status.value)
    page = statement.add_columns(status).order_by(CONSUMER.name, PROVIDER.name)
    rows = session.execute(page.limit(PAGE).offset(PAGE * (wanted.page - 1))).all()
    total = sum(counts.values()) if wanted.status is None else counts.get(wanted.status, 0)
    return Listing(_standings(session, rows), counts, total)


def _joined(text: str) -> Select[*tuple[Any, ...]]:
    newest = _newest_publication()
    statement: Select[*tuple[Any, ...]] = (
        select(CONSUMER, PROVIDER, Publication, CONSUMER_VERSION, Result, PROVIDER_VERSION)
        .select_from(Integration)
        .join(CONSUMER, CONSUMER.id == Integration.consumer_id)
        .join(PROVIDER, PROVIDER.id == Integration.provider_id)
        .outerjoin(Publication, Publication.id == newest)
        .outerjoin(CONSUMER_VERSION, CONSUMER_VERSION.id == Publication.consumer_version_id)
        .outerjoin(Result, Result.id == _newest_result())
        .outerjoin(PROVIDER_VERSION, PROVIDER_VERSION.id == Result.provider_version_id)
    )
    if not text:
        return statement
    names = (CONSUMER.name, PROVIDER.name)
    return statement.where(or_(*(name.icontains(text, autoescape=True) for name in names)))


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
        (Result.content_id != Publication.content_id, Status.CHANGED.value),
        (Result.success, Status.VERIFIED.value),
        else_=Status.FAILED.value,
    ).label("status")


def _standings(session: Session, rows: Any) -> tuple[Standing, ...]:
    versions = {version.id for row in rows for version in (row[3], row[5]) if version is not None}
    participants = {participant.id for row in rows for participant in row[:2]}
    branches = find_branches(session, versions)
    live = find_live(session, participants)

    def seen(version: Version | None, moment: Publication | Result | None) -> Seen | None:
        if version is None or moment is None:
            return None
        return Seen(version.number, branches.get(version.id, ()), moment.created_at)

    return tuple(
        Standing(
            consumer=consumer.name,
            provider=provider.name,
            status=Status(status),
            contract=seen(published, publication),
            result=seen(verifier, result),
            success=None if result is None else result.success,
            consumer_live=live.get(consumer.id, ()),
            provider_live=live.get(provider.id, ()),
        )
        for consumer, provider, publication, published, result, verifier, status in rows
    )
