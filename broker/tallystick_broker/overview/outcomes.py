"""Outcomes: what provider versions made of contracts, for many of both at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.models import Content, LatestResult, Publication, Result


@dataclass(frozen=True)
class Outcome:
    """The result that counts for a content and a provider version."""

    id: int
    success: bool
    pending: bool
    at: datetime


@dataclass(frozen=True)
class Published:
    """The content that a consumer version has for a provider."""

    content_id: int
    fingerprint: str


Contracts = dict[tuple[int, int], Published]
"""By the ids of consumer version and provider."""

Outcomes = dict[tuple[int, int], Outcome]
"""By the ids of content and provider version."""


def read_contracts(
    session: Session, version_ids: Collection[int], provider_ids: Collection[int] | None = None
) -> Contracts:
    """Return what these consumer versions have published, with these providers if some are named."""
    wanted = (
        select(
            Publication.consumer_version_id,
            Publication.provider_id,
            Publication.content_id,
            Content.fingerprint,
        )
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.in_effect, among(Publication.consumer_version_id, version_ids))
    )
    if provider_ids is not None:
        wanted = wanted.where(among(Publication.provider_id, provider_ids))
    return {
        (version_id, provider_id): Published(content_id, fingerprint)
        for version_id, provider_id, content_id, fingerprint in session.execute(wanted)
    }


def read_outcomes(session: Session, content_ids: Collection[int], version_ids: Collection[int]) -> Outcomes:
    """Return the results that count of these contents by these provider versions."""
    wanted = (
        select(
            Result.content_id,
            Result.provider_version_id,
            Result.id,
            Result.success,
            Result.pending,
            Result.created_at,
        )
        .join(LatestResult, LatestResult.result_id == Result.id)
        .where(among(LatestResult.content_id, content_ids))
        .where(among(LatestResult.provider_version_id, version_ids))
    )
    return {
        (content_id, version_id): Outcome(number, success, pending, at)
        for content_id, version_id, number, success, pending, at in session.execute(wanted)
    }
