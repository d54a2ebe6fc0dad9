"""Outcomes: what provider versions made of contracts, for many of both at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

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


Outcomes = dict[tuple[int, int], Outcome]
"""By the ids of content and provider version."""


class Encounter(NamedTuple):
    """A consumer version and a provider version that may work together, by their ids."""

    consumer_version_id: int
    provider_id: int
    provider_version_id: int


@dataclass(frozen=True)
class Settled:
    """The contract between the versions of an encounter, and its result if there is one."""

    fingerprint: str
    result: Outcome | None


def settle(session: Session, encounters: Iterable[Encounter]) -> dict[Encounter, Settled]:
    """Return what is known of each of these; those without a contract are left out. Two statements."""
    asked = set(encounters)
    contracts = _read_contracts(session, asked)
    pairs = {
        each: (contracts[each[:2]][0], each.provider_version_id) for each in asked if each[:2] in contracts
    }
    outcomes = read_outcomes(session, pairs.values())
    return {each: Settled(contracts[each[:2]][1], outcomes.get(pair)) for each, pair in pairs.items()}


def read_outcomes(session: Session, pairs: Iterable[tuple[int, int]]) -> Outcomes:
    """Return the results that count of these pairs of a content and a provider version, as far as there are any."""
    asked = set(pairs)
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
        .where(among(LatestResult.content_id, {content_id for content_id, _ in asked}))
        .where(among(LatestResult.provider_version_id, {version_id for _, version_id in asked}))
    )
    return {
        (content_id, version_id): Outcome(number, success, pending, at)
        for content_id, version_id, number, success, pending, at in session.execute(wanted)
    }


def _read_contracts(
    session: Session, encounters: Collection[Encounter]
) -> dict[tuple[int, int], tuple[int, str]]:
    """Return content and fingerprint by consumer version and provider."""
    wanted = (
        select(
            Publication.consumer_version_id,
            Publication.provider_id,
            Publication.content_id,
            Content.fingerprint,
        )
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.in_effect)
        .where(among(Publication.consumer_version_id, {each.consumer_version_id for each in encounters}))
        .where(among(Publication.provider_id, {each.provider_id for each in encounters}))
    )
    return {
        (version_id, provider_id): (content_id, fingerprint)
        for version_id, provider_id, content_id, fingerprint in session.execute(wanted)
    }
