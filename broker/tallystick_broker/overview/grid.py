"""The matrix of one pair as a grid: consumer versions against provider versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product

from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Integration
from tallystick_broker.overview.axes import Axis, Row, Stop, find_columns, find_landmarks, find_rows
from tallystick_broker.overview.choices import EVERYTHING, Choice
from tallystick_broker.overview.marks import Marks, find_marks
from tallystick_broker.overview.outcomes import Outcome, Outcomes, read_outcomes

HUES = 6


@dataclass(frozen=True)
class View:
    """What of the matrix is looked at: versions that are chosen, and came before these; the newest by default."""

    consumers: Choice = EVERYTHING
    providers: Choice = EVERYTHING
    consumer_before: str = ""
    provider_before: str = ""


@dataclass(frozen=True)
class Cell:
    """The result that counts for a content and a provider version."""

    provider_version: Stop
    result: Outcome | None


@dataclass(frozen=True)
class Band:
    """Neighbouring consumer versions with the same content, and so with the same results.

    The name, and the hue that goes with it, are the same wherever the content comes again.
    """

    name: str
    hue: int
    fingerprint: str
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """A window of the matrix of a pair."""

    pair: Pair
    rows: Axis
    columns: Axis
    bands: tuple[Band, ...]


def draw_grid(session: Session, pair: Pair, view: View) -> Grid:
    """Return what is looked at of the matrix.

    Rows are consumer versions with a contract; columns are the provider versions that verified one of them.
    Versions that are live or the head of the main branch are always there, unless the choice leaves them out.
    Raises NotFound when the pair never had a contract, or a given version is unknown.
    """
    if session.get(Integration, (pair.consumer.id, pair.provider.id)) is None:
        raise NotFound(f"{pair.consumer.name} has no contract with {pair.provider.name}")
    pinned = find_landmarks(session, pair)
    rows = find_rows(session, pair, pinned, view.consumer_before, view.consumers)
    columns = find_columns(session, pair, pinned, rows, view.provider_before, view.providers)
    marks = find_marks(session, {stop.id for stop in (*rows.stops, *columns.stops)})
    rows, columns = _marked(rows, marks), _marked(columns, marks)
    cells = product((row.content_id for row in rows.stops), (stop.id for stop in columns.stops))
    results = read_outcomes(session, cells)
    return Grid(pair, rows, columns, tuple(_bands(rows.stops, columns.stops, results)))


def _marked(axis: Axis, marks: dict[int, Marks]) -> Axis:
    return replace(axis, stops=tuple(replace(stop, marks=marks[stop.id]) for stop in axis.stops))


def _bands(rows: Sequence[Row], columns: Sequence[Stop], results: Outcomes) -> Iterator[Band]:
    places: dict[int, int] = {}
    for content_id, group in groupby(rows, key=lambda row: row.content_id):
        members = tuple(group)
        place = places.setdefault(content_id, len(places))
        cells = tuple(Cell(stop, results.get((content_id, stop.id))) for stop in columns)
        yield Band(_letters(place), place % HUES + 1, members[0].fingerprint, members, cells)


def _letters(index: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else _letters(index // 26 - 1) + letter
