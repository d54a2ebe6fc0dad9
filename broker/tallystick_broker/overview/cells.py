"""Cells: what is known of one content and one provider version."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair, get_content
from tallystick_broker.gate.evidence import FailedInteraction
from tallystick_broker.gate.facts import Ref, Result
from tallystick_broker.gate.results import explain
from tallystick_broker.models import Content, Publication, Version
from tallystick_broker.models import Result as StoredResult
from tallystick_broker.versions import get_version

MOST = 5


@dataclass(frozen=True)
class Look:
    """A content, with its newest publishers, and what a provider version made of it: at most MOST of each.

    `results` are the newest first; `last` is who verified the content last when this version did not.
    """

    content: Content
    publishers: tuple[str, ...]
    provider_version: Version
    results: tuple[StoredResult, ...]
    failures: tuple[FailedInteraction, ...]
    last: tuple[Ref, Result] | None


def look_at(session: Session, pair: Pair, fingerprint: str, number: str) -> Look:
    """Return what is known of this content and this provider version; raise NotFound when one is unknown."""
    content = get_content(session, pair, fingerprint)
    version = get_version(session, pair.provider.name, number)
    wanted = select(StoredResult).filter_by(content_id=content.id, provider_version_id=version.id)
    results = tuple(session.scalars(wanted.order_by(StoredResult.id.desc()).limit(MOST)))
    said = {each.id: (content.id, each.test_results) for each in results[:1] if not each.success}
    return Look(
        content,
        _read_publishers(session, content),
        version,
        results,
        explain(session, said)[results[0].id] if said else (),
        None if results else _read_last(session, pair.provider.name, content),
    )


def _read_last(session: Session, provider: str, content: Content) -> tuple[Ref, Result] | None:
    wanted = (
        select(Version.number, Version.id, StoredResult.id, StoredResult.success, StoredResult.executed_at)
        .join(Version, Version.id == StoredResult.provider_version_id)
        .where(StoredResult.content_id == content.id)
        .order_by(StoredResult.id.desc())
    )
    found = session.execute(wanted.limit(1)).one_or_none()
    return None if found is None else (Ref(provider, found[0], found[1]), Result(*found[2:]))


def _read_publishers(session: Session, content: Content) -> tuple[str, ...]:
    wanted = (
        select(Version.number)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .where(Publication.content_id == content.id, Publication.in_effect)
        .order_by(Publication.consumer_version_id.desc())
    )
    return tuple(session.scalars(wanted.limit(MOST)))
