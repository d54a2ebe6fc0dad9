"""Cells: what is known of one content and one provider version."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair, get_content
from tallystick_broker.gate.evidence import FailedInteraction
from tallystick_broker.gate.question import Ref, Result
from tallystick_broker.gate.records import read_evidence, read_last
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
    failed = {each.id for each in results[:1] if not each.success}
    return Look(
        content,
        _read_publishers(session, content),
        version,
        results,
        read_evidence(session, failed).get(results[0].id, ()) if failed else (),
        None if results else read_last(session, {content.id}).get(content.id),
    )


def _read_publishers(session: Session, content: Content) -> tuple[str, ...]:
    wanted = (
        select(Version.number)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .where(Publication.content_id == content.id, Publication.in_effect)
        .order_by(Publication.consumer_version_id.desc())
    )
    return tuple(session.scalars(wanted.limit(MOST)))
