"""The matrix of one pair as a grid: consumer versions against provider versions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Integration, LatestResult, Result
from tallystick_broker.overview.axes import Axis, Row, Stop, find_columns, find_landmarks, find_rows
from tallystick_broker.overview.marks import Marks, Place, find_marks


@dataclass(frozen=True)
class Cell:
    """The result that counts for a content and a provider version."""

    provider_version: Stop
    result: Result | None


@dataclass(frozen=True)
class Band:
    """Neighbouring consumer versions with the same content, and so with the same results.

    The name is the same wherever the content comes again.
    """

    name: str
    fingerprint: str
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Meeting:
    """Consumer versions with the same content, and a provider version, that are live in the same environment."""

    place: Place
    consumer_versions: tuple[Row, ...]
    provider_version: Stop
    result: Result | None

    @property
    def rank(self) -> tuple[bool, str, bool, bool]:
        """The place among meetings: production first, and what does not fit before what does."""
        good, known = bool(self.result and self.result.success), self.result is not None
        return not self.place.production, self.place.name, good, not known


@dataclass(frozen=True)
class Grid:
    """A window of the matrix of a pair."""

    pair: Pair
    rows: Axis
    columns: Axis
    bands: tuple[Band, ...]
    meetings: tuple[Meeting, ...]


def draw_grid(session: Session, pair: Pair, rows_before: str = "", columns_before: str = "") -> Grid:
    """Return the grid of the newest versions, or of those that came before the given ones.

    Rows are consumer versions with a contract; columns are the provider versions that verified one of them.
    Versions that are live or the head of the main branch are always there. Raises NotFound when the pair never
    had a contract, or a given version is unknown.
    """
    if session.get(Integration, (pair.consumer.id, pair.provider.id)) is None:
        raise NotFound(f"{pair.consumer.name} has no contract with {pair.provider.name}")
    pinned = find_landmarks(session, pair)
    rows = find_rows(session, pair, pinned, rows_before)
    columns = find_columns(session, pair, pinned, rows, columns_before)
    marks = find_marks(session, {stop.id for stop in (*rows.stops, *columns.stops)})
    rows, columns = _marked(rows, marks), _marked(columns, marks)
    results = _results(session, rows, columns)
    bands = tuple(_bands(rows.stops, columns.stops, results))
    return Grid(pair, rows, columns, bands, tuple(_meetings(rows.stops, columns.stops, results)))


def _marked(axis: Axis, marks: dict[int, Marks]) -> Axis:
    return replace(axis, stops=tuple(replace(stop, marks=marks[stop.id]) for stop in axis.stops))


Results = dict[tuple[int, int], Result]
"""Results by the ids of content and provider version."""


def _results(session: Session, rows: Axis, columns: Axis) -> Results:
    wanted = (
        select(Result)
        .join(LatestResult, LatestResult.result_id == Result.id)
        .where(LatestResult.content_id.in_({row.content_id for row in rows.stops}))
        .where(LatestResult.provider_version_id.in_({stop.id for stop in columns.stops}))
    )
    return {(found.content_id, found.provider_version_id): found for found in session.scalars(wanted)}


def _bands(rows: Sequence[Row], columns: Sequence[Stop], results: Results) -> Iterator[Band]:
    names: dict[int, str] = {}
    for content_id, group in groupby(rows, key=lambda row: row.content_id):
        members = tuple(group)
        name = names.setdefault(content_id, _letters(len(names)))
        cells = tuple(Cell(stop, results.get((content_id, stop.id))) for stop in columns)
        yield Band(name, members[0].fingerprint, members, cells)


def _letters(index: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else _letters(index // 26 - 1) + letter


def _meetings(rows: Sequence[Row], columns: Sequence[Stop], results: Results) -> list[Meeting]:
    by_content: dict[tuple[Place, int], list[Row]] = defaultdict(list)
    for row in rows:
        for place in row.marks.places:
            by_content[place, row.content_id].append(row)
    found = [
        Meeting(place, tuple(members), column, results.get((content_id, column.id)))
        for (place, content_id), members in by_content.items()
        for column in columns
        if place in column.marks.places
    ]
    return sorted(found, key=lambda each: each.rank)
