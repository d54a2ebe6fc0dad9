"""The services: what each consumes and provides, where it is live, and what its main branch stands at."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.db import among
from tallystick_broker.models import (
    Branch,
    BranchHead,
    Environment,
    Integration,
    Label,
    LiveVersion,
    Participant,
    Version,
)
from tallystick_broker.overview.integrations import Status, count_statuses
from tallystick_broker.overview.marks import Live, find_live
from tallystick_broker.participants import find_labels, select_participants

PAGE = 100


@dataclass(frozen=True)
class Head:
    """The version that a branch stands at, and when it came."""

    branch: str
    version_id: int
    number: str
    at: datetime


@dataclass(frozen=True)
class Service:
    """A participant as the list shows it; `statuses` counts its integrations on both sides."""

    name: str
    labels: tuple[str, ...]
    main: Head | None
    live: tuple[Live, ...]
    consumers: int
    providers: int
    statuses: Counter[Status]


@dataclass(frozen=True)
class Services:
    """A page of services, and how many there are on all pages."""

    services: tuple[Service, ...]
    total: int


def list_services(
    session: Session, text: str = "", label: str = "", environment: str = "", page: int = 1
) -> Services:
    """Return the page of the services by name that have the text in their name, the label, and are live there."""
    wanted = select_participants(text or None, label or None)
    if environment:
        live = select(LiveVersion.participant_id).join(
            Environment, Environment.id == LiveVersion.environment_id
        )
        wanted = wanted.where(Participant.id.in_(live.where(Environment.name == environment)))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    found = session.scalars(wanted.limit(PAGE).offset(PAGE * (page - 1))).all()
    return Services(_describe(session, found), total)


def find_main_heads(session: Session, participant_ids: Collection[int]) -> dict[int, Head]:
    """Return what the main branches of those of these participants stand at that have one with versions."""
    wanted = (
        select(Participant.id, Branch.name, Version.id, Version.number, Version.created_at)
        .join(Branch, (Branch.participant_id == Participant.id) & (Branch.name == Participant.main_branch))
        .join(BranchHead, BranchHead.branch_id == Branch.id)
        .join(Version, Version.id == BranchHead.version_id)
        .where(among(Participant.id, participant_ids))
    )
    return {
        participant_id: Head(branch, version_id, number, at)
        for participant_id, branch, version_id, number, at in session.execute(wanted)
    }


def list_labels(session: Session) -> list[str]:
    """Return every label that a participant has, by name."""
    return list(session.scalars(select(Label.name).distinct().order_by(Label.name)))


def _describe(session: Session, found: Collection[Participant]) -> tuple[Service, ...]:
    ids = [each.id for each in found]
    labels, heads, live = find_labels(session, ids), find_main_heads(session, ids), find_live(session, ids)
    statuses = count_statuses(session, ids)
    consumers = _count(session, Integration.provider_id, ids)
    providers = _count(session, Integration.consumer_id, ids)
    return tuple(
        Service(
            each.name,
            tuple(labels.get(each.id, ())),
            heads.get(each.id),
            live.get(each.id, ()),
            consumers.get(each.id, 0),
            providers.get(each.id, 0),
            statuses[each.id],
        )
        for each in found
    )


def _count(session: Session, column: InstrumentedAttribute[int], ids: Collection[int]) -> dict[int, int]:
    wanted = select(column, func.count()).where(among(column, ids)).group_by(column)
    return dict(session.execute(wanted).all())
