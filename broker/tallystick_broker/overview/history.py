"""The history of a pair: which consumer version had which content, and what became of it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among
from tallystick_broker.models import Content, Result
from tallystick_broker.overview.axes import Row, find_rows
from tallystick_broker.overview.choices import EVERYTHING, Choice
from tallystick_broker.overview.marks import Marks, find_marks
from tallystick_broker.overview.outcomes import Outcome


@dataclass(frozen=True)
class Entry:
    """A consumer version with its content and the content's newest result.

    `previous` is the version before it when that has another content; `new` says that the content differs from it.
    """

    row: Row
    marks: Marks
    result: Outcome | None
    previous: str | None


@dataclass(frozen=True)
class History:
    """A window of the history, the newest first; `older` and `newer` as in Axis."""

    entries: tuple[Entry, ...]
    older: str | None
    newer: str | None


def read_history(session: Session, pair: Pair, before: str = "", choice: Choice = EVERYTHING) -> History:
    """Return what the consumer versions before this one have published, or the newest have.

    Raises NotFound when the version is unknown.
    """
    axis = find_rows(session, pair, set(), before, choice)
    rows: tuple[Row, ...] = axis.stops
    marks = find_marks(session, {row.id for row in rows})
    results = find_newest_results(session, {row.content_id for row in rows})
    followers = (*rows[1:], None)
    entries = tuple(
        Entry(
            row,
            marks[row.id],
            results.get(row.content_id),
            earlier.number if earlier and earlier.content_id != row.content_id else None,
        )
        for row, earlier in zip(rows, followers, strict=True)
    )
    return History(entries, axis.older, axis.newer)


def find_newest_results(session: Session, content_ids: Collection[int]) -> dict[int, Outcome]:
    """Return the newest result of each of these contents that has one; one look-up for each."""
    of_content = select(func.max(Result.id)).where(Result.content_id == Content.id)
    wanted = (
        select(Content.id, Result.id, Result.success, Result.pending, Result.created_at)
        .join(Result, Result.id == of_content.correlate(Content).scalar_subquery())
        .where(among(Content.id, content_ids))
    )
    return {
        content_id: Outcome(number, success, pending, at)
        for content_id, number, success, pending, at in session.execute(wanted)
    }
