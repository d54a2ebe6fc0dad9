"""The axes of the matrix: windows on a pair's consumer versions and provider versions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, union, union_all
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Branch,
    BranchHead,
    Content,
    LatestResult,
    LiveVersion,
    Participant,
    Publication,
    Version,
)
from tallystick_broker.overview.choices import EVERYTHING, Choice, select_chosen
from tallystick_broker.overview.marks import Marks

WINDOW = 25
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Stop:
    """A version on an axis; one that is pinned is there because it is live or the head of the main branch."""

    id: int
    number: str
    created_at: datetime
    pinned: bool = False
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True)
class Row(Stop):
    """A consumer version with the content that it published."""

    content_id: int = 0
    fingerprint: str = ""


@dataclass(frozen=True)
class Axis:
    """The versions that are shown, the newest first.

    `older` and `newer` are versions: the next windows hold what came before them. An empty `newer` leads to the
    newest window; None says that there is nothing more on that side.
    """

    stops: tuple[Any, ...]
    older: str | None = None
    newer: str | None = None


@dataclass(frozen=True)
class Side:
    """The versions on one side of a version, nearest first; without one, all versions from the newest on."""

    of: int | None = None
    newer: bool = False

    def limit(self, statement: Statement, key: Any) -> Statement:
        """Return the statement for at most one more than a window, so that one can tell whether there is more."""
        if self.of is not None:
            statement = statement.where(key >= self.of if self.newer else key < self.of)
        return statement.order_by(key if self.newer else key.desc()).limit(WINDOW + 1)


Find = Callable[[Side], Sequence[Stop]]


def find_rows(
    session: Session, pair: Pair, pinned: set[int], before: str, choice: Choice = EVERYTHING
) -> Axis:
    """Return the consumer versions with a contract in effect that came before a version, or the newest.

    Raises NotFound when the version is unknown.
    """
    chosen = select_chosen(pair.consumer, choice)
    published = (
        select(Version.id, Version.number, Version.created_at, Content.id, Content.fingerprint)
        .select_from(Publication)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.in_effect, Publication.provider_id == pair.provider.id)
        .where(Publication.consumer_id == pair.consumer.id)
    )
    if chosen is not None:
        published = published.where(Publication.consumer_version_id.in_(chosen))
    order = Publication.consumer_version_id

    def read(statement: Statement, pinned: bool = False) -> list[Row]:
        found = session.execute(statement)
        return [
            Row(key, number, created_at, pinned, content_id=content_id, fingerprint=fingerprint)
            for key, number, created_at, content_id, fingerprint in found
        ]

    return _axis(
        lambda side: read(side.limit(published, order)),
        read(published.where(order.in_(pinned)), pinned=True),
        _find_version(session, pair.consumer, before),
    )


def find_columns(
    session: Session, pair: Pair, pinned: set[int], rows: Axis, before: str, choice: Choice = EVERYTHING
) -> Axis:
    """Return the provider versions that verified one of the rows and came before a version, or the newest.

    Raises NotFound when the version is unknown.
    """
    contents = {row.content_id for row in rows.stops if not row.pinned}
    chosen = select_chosen(pair.provider, choice)
    provided = select(Version.id, Version.number, Version.created_at).filter_by(
        participant_id=pair.provider.id
    )
    if chosen is not None:
        provided = provided.where(Version.id.in_(chosen))

    def read(statement: Statement, pinned: bool = False) -> list[Stop]:
        found = session.execute(statement)
        return [Stop(key, number, created_at, pinned) for key, number, created_at in found]

    def find(side: Side) -> list[Stop]:
        verifiers = _verifiers(contents, side, chosen)
        return read(side.limit(provided.where(Version.id.in_(verifiers)), Version.id))

    return _axis(
        find if contents else lambda _: (),
        read(provided.where(Version.id.in_(pinned)), pinned=True),
        _find_version(session, pair.provider, before),
    )


def _verifiers(contents: set[int], side: Side, chosen: Select[int] | None) -> Any:
    """Return the nearest verifiers of each content: as many index entries, however long the history."""
    key = LatestResult.provider_version_id
    verifiers = select(key) if chosen is None else select(key).where(key.in_(chosen))
    nearest = (
        side.limit(verifiers.where(LatestResult.content_id == content), key) for content in sorted(contents)
    )
    return union_all(*(select(each.subquery()) for each in nearest))


def _axis(find: Find, pinned: Sequence[Stop], before: Version | None) -> Axis:
    found = find(Side(before.id if before else None))
    window = found[:WINDOW]
    shown = {stop.id for stop in window}
    others = [stop for stop in pinned if stop.id not in shown]
    stops = sorted((*window, *others), key=lambda stop: stop.id, reverse=True)
    older = window[-1].number if len(found) > WINDOW else None
    return Axis(tuple(stops), older, None if before is None else _newer(find, before))


def _newer(find: Find, before: Version) -> str | None:
    found = find(Side(before.id, newer=True))
    if len(found) > WINDOW:
        return found[WINDOW].number
    return "" if found else None


def _find_version(session: Session, participant: Participant, number: str) -> Version | None:
    if not number:
        return None
    wanted = select(Version).filter_by(participant_id=participant.id, number=number)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound(f"{participant.name} has no version {number}")
    return found


def find_landmarks(session: Session, pair: Pair) -> set[int]:
    """Return the versions of both that are live or the head of the main branch."""
    participants = (pair.consumer.id, pair.provider.id)
    live = select(LiveVersion.version_id).where(LiveVersion.participant_id.in_(participants))
    heads = (
        select(BranchHead.version_id)
        .join(Branch, Branch.id == BranchHead.branch_id)
        .join(Participant, Participant.id == Branch.participant_id)
        .where(Participant.id.in_(participants), Branch.name == Participant.main_branch)
    )
    return set(session.scalars(union(live, heads)))
