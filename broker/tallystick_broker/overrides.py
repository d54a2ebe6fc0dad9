"""Overrides of the gate: made with an end and a reason, ended early, and listed for the record."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import find_or_create
from tallystick_broker.errors import Conflict, Invalid, NotFound
from tallystick_broker.models import Environment, Override, Participant, Version, now


@dataclass(frozen=True)
class Decision:
    """What somebody decides: that a pair does not count in an environment until then; '' is every version."""

    environment: str
    consumer: str
    provider: str
    reason: str
    created_by: str
    expires_at: datetime
    consumer_version: str = ""
    provider_version: str = ""


@dataclass(frozen=True)
class Recorded:
    """An override with the names of what it is about."""

    override: Override
    environment: str
    consumer: str
    provider: str


def create_override(session: Session, decision: Decision, longest: timedelta) -> tuple[Recorded, bool]:
    """Return the override and whether it is new; the same decision made again is the same override.

    Raises Invalid for names that do not exist and for an end that is past or later than `longest` from now, and
    Conflict when another override of this scope is in effect.
    """
    environment = session.scalars(select(Environment).filter_by(name=decision.environment)).one_or_none()
    sides = {
        "consumer": _find(session, decision.consumer, decision.consumer_version),
        "provider": _find(session, decision.provider, decision.provider_version),
    }
    _check(decision, environment, sides, longest)
    key = {
        "environment_id": environment.id if environment else None,
        "consumer_id": sides["consumer"][0],
        "provider_id": sides["provider"][0],
        "scope": _digest(decision.consumer_version, decision.provider_version),
        "ended_at": None,
    }
    told = {
        "reason": decision.reason,
        "created_by": decision.created_by,
        "expires_at": decision.expires_at,
        "consumer_version": decision.consumer_version,
        "provider_version": decision.provider_version,
    }
    expired = update(Override).filter_by(**key).where(Override.expires_at <= now())
    session.execute(expired.values(ended_at=Override.expires_at))
    override, created = find_or_create(session, Override, key, told)
    if any(getattr(override, field) != value for field, value in told.items()):
        raise Conflict(
            f"{override.created_by} has overridden this until {override.expires_at:%Y-%m-%d %H:%M} UTC, for the "
            f"reason: {override.reason}. End that override ({override.uuid}) before you make another one."
        )
    return Recorded(override, decision.environment, decision.consumer, decision.provider), created


def end_override(session: Session, override: Override, ended_by: str) -> None:
    """End the override now; one that has ended, or expired, stays as it is."""
    running = (Override.id == override.id, in_effect())
    session.execute(update(Override).where(*running).values(ended_at=now(), ended_by=ended_by))
    session.refresh(override)


def get_override(session: Session, uuid: str) -> Recorded:
    """Return the override with this UUID; raise NotFound when there is none."""
    found = session.execute(select_overrides().where(Override.uuid == uuid)).one_or_none()
    if found is None:
        raise NotFound(f"No override {uuid} found")
    return Recorded(*found)


def select_overrides(
    *, environment: str | None = None, participant: str | None = None, ended: bool = True
) -> Select[Override, str, str, str]:
    """Return the query for overrides with the names of what they are about, the newest first.

    The others keep those of an environment, those that a participant is a side of, and those in effect.
    """
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(Override, Environment.name, consumer.name, provider.name)
        .join(Environment, Environment.id == Override.environment_id)
        .join(consumer, consumer.id == Override.consumer_id)
        .join(provider, provider.id == Override.provider_id)
        .order_by(Override.id.desc())
    )
    if environment is not None:
        wanted = wanted.where(Environment.name == environment)
    if participant is not None:
        wanted = wanted.where(or_(consumer.name == participant, provider.name == participant))
    return wanted if ended else wanted.where(in_effect())


def in_effect(at: BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """Return the condition that an override has neither ended nor expired: now, or at a moment that is given later."""
    return and_(Override.ended_at.is_(None), Override.expires_at > (now() if at is None else at))


def _find(session: Session, name: str, number: str) -> tuple[int | None, bool]:
    """Return the id of the participant, and whether it has such a version; any will do for ''."""
    of_version = (Version.participant_id == Participant.id) & (Version.number == number)
    wanted = select(Participant.id, Version.id).outerjoin(Version, of_version)
    found = session.execute(wanted.where(Participant.name == name)).one_or_none()
    return (None, False) if found is None else (found[0], not number or found[1] is not None)


def _check(
    decision: Decision,
    environment: Environment | None,
    sides: Mapping[str, tuple[int | None, bool]],
    longest: timedelta,
) -> None:
    errors: dict[str, Sequence[str]] = {}
    if environment is None:
        errors["environment"] = [f"with name '{decision.environment}' does not exist"]
    for role, (key, has_version) in sides.items():
        name, number = getattr(decision, role), getattr(decision, f"{role}_version")
        if key is None:
            errors[role] = [f"{name} does not match an existing pacticipant"]
        elif not has_version:
            errors[f"{role}Version"] = [f"{number} of {name} does not exist"]
    if decision.expires_at <= now():
        errors["expiresAt"] = ["must be in the future"]
    elif decision.expires_at > now() + longest:
        errors["expiresAt"] = [f"must be at most {longest.days} days from now"]
    if errors:
        raise Invalid(errors)


def _digest(*versions: str) -> str:
    return hashlib.sha256(json.dumps(versions).encode()).hexdigest()
