"""Verification results: recorded, and found again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased, undefer

from tallystick_broker.contracts import Pair
from tallystick_broker.db import create_missing, upsert
from tallystick_broker.errors import NotFound
from tallystick_broker.integrations import touch_integrations
from tallystick_broker.models import (
    Content,
    FirstSuccess,
    LatestResult,
    Participant,
    Publication,
    Result,
    Tag,
    Version,
)
from tallystick_broker.versions import ensure_version


@dataclass(frozen=True)
class Verification:
    """What a provider's build reports of one content."""

    provider_version: str
    success: bool
    build_url: str | None = None
    test_results: Any = None
    verified_by: Any = None
    wip: bool = False
    pending: bool = False
    selectors: Any = None


@dataclass(frozen=True)
class Verified:
    """A published content, its newest result and whose it is, if there is one, and who publishes it now."""

    provider: Participant
    content: Content
    result: Result | None
    provider_version: str | None
    newest_publisher: str
    publishers: int


def record_result(session: Session, pair: Pair, content: Content, verification: Verification) -> Result:
    """Return the recorded result; from now on it is the one that counts for this content and provider version.

    The provider version is made when it is new; its branches and tags are left alone.
    """
    version, new = ensure_version(session, pair.provider, verification.provider_version)
    tags = [] if new else _read_tags(session, version)
    result = Result(
        content_id=content.id,
        consumer_id=content.consumer_id,
        provider_id=content.provider_id,
        provider_version_id=version.id,
        success=verification.success,
        build_url=verification.build_url,
        test_results=verification.test_results,
        verified_by=verification.verified_by,
        wip=verification.wip,
        pending=verification.pending,
        selectors=verification.selectors,
        provider_tags=tags,
    )
    session.add(result)
    session.flush()
    _make_latest(session, result)
    if result.success:
        _note_first_success(session, result, tags)
    touch_integrations(session, [pair])
    return result


def delete_result(session: Session, result: Result) -> None:
    """Delete the result; the newest one that is left counts for its content and provider version."""
    session.execute(delete(Result).filter_by(id=result.id))
    key = {"content_id": result.content_id, "provider_version_id": result.provider_version_id}
    newest = session.scalars(
        select(Result).filter_by(**key).order_by(Result.id.desc()).limit(1)
    ).one_or_none()
    if newest is not None:
        _make_latest(session, newest)


def get_result(session: Session, content: Content, number: int) -> Result:
    """Return the content's result of this number; raise NotFound when there is none."""
    found = session.scalars(select(Result).filter_by(content_id=content.id, id=number)).one_or_none()
    if found is None:
        raise NotFound(f"No verification result {number} of this pact content found")
    return found


def find_latest_result(session: Session, content: Content) -> Result | None:
    """Return the content's newest result by any provider version, or None when it was never verified."""
    wanted = select(Result).filter_by(content_id=content.id).order_by(Result.id.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def list_latest_results(session: Session, version: Version) -> list[Verified]:
    """Return what the newest results say of each pact that the version has published, by provider; one statement."""
    providers, verifiers, publishers = aliased(Participant), aliased(Version), aliased(Version)
    others = aliased(Publication)
    same = (others.content_id == Content.id, others.in_effect)
    newest = select(func.max(Result.id)).where(Result.content_id == Content.id).correlate(Content)
    publisher = select(func.max(others.consumer_version_id)).where(*same).correlate(Content)
    count = select(func.count()).select_from(others).where(*same).correlate(Content)
    wanted = (
        select(providers, Content, Result, verifiers.number, publishers.number, count.scalar_subquery())
        .select_from(Publication)
        .join(Content, Content.id == Publication.content_id)
        .join(providers, providers.id == Publication.provider_id)
        .join(publishers, publishers.id == publisher.scalar_subquery())
        .outerjoin(Result, Result.id == newest.scalar_subquery())
        .outerjoin(verifiers, verifiers.id == Result.provider_version_id)
        .where(Publication.consumer_version_id == version.id, Publication.in_effect)
        .order_by(providers.name)
        .options(undefer(Result.test_results))
    )
    return [Verified(*row) for row in session.execute(wanted)]


def _make_latest(session: Session, result: Result) -> None:
    key = {"content_id": result.content_id, "provider_version_id": result.provider_version_id}
    # Of two results that are recorded at once the greater id counts, whichever is written last.
    upsert(session, LatestResult, [key | {"result_id": result.id}], rising="result_id")


def _note_first_success(session: Session, result: Result, tags: list[str]) -> None:
    key = {"content_id": result.content_id, "wip": result.wip}
    others = {"result_id": result.id, "executed_at": result.executed_at}
    create_missing(session, FirstSuccess, [key | others | {"provider_tag": tag} for tag in sorted(tags)])


def _read_tags(session: Session, version: Version) -> list[str]:
    return list(session.scalars(select(Tag.name).filter_by(version_id=version.id).order_by(Tag.created_at)))
