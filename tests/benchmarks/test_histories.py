"""Histories that are written in bulk for benchmarks, held against the same histories told by the broker's verbs."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

import databases
from histories import records
from histories.bulk import COLUMNS, fill
from histories.naming import write_document
from histories.shapes import SHAPES
from histories.telling import tell
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.environments import end_support
from tallystick_broker.models import Base, BranchHead, LatestResult, ReleasedVersion
from tallystick_broker.models.base import UtcDateTime

SMALL = replace(
    SHAPES["tiny"],
    versions=36,
    verifications=80,
    interactions=1,
    supported_releases=1,
    deploy_rates=(1, 1, 1),
)
"""A history in which each kind of record happens."""


class Teller:
    """One that tells a history with the broker's verbs."""

    def __init__(self, session: Session) -> None:
        self._session, self._story = session, Story(session)
        self._documents: dict[str, Any] = {}
        self._published: dict[str, tuple[str, str]] = {}

    @singledispatchmethod
    def tell(self, record: Any) -> None:
        """Make it happen."""
        raise TypeError(record)

    @tell.register
    def _(self, record: records.Environment) -> None:
        self._story.environment(record.name, production=record.production)

    @tell.register
    def _(self, record: records.Participant) -> None:
        self._story.participant(record.name, main_branch="main")

    @tell.register
    def _(self, record: records.Version) -> None:
        self._story.version(record.participant, record.number, branch=record.branch)

    @tell.register
    def _(self, record: records.Content) -> None:
        self._documents[record.id] = write_document(
            record.id, record.consumer, record.provider, record.interactions
        )

    @tell.register
    def _(self, record: records.Publication) -> None:
        document = self._documents[record.content]
        self._story.publish(record.consumer, record.version, record.provider, document=document)
        self._published[record.content] = (record.consumer, record.version)

    @tell.register
    def _(self, record: records.Verification) -> None:
        of = self._published[record.content]
        self._story.verify(record.provider, record.version, of, record.success)

    @tell.register
    def _(self, record: records.Deployment) -> None:
        self._story.deploy(record.participant, record.version, record.environment, record.instance)

    @tell.register
    def _(self, record: records.Release) -> None:
        self._story.release(record.participant, record.version, record.environment)

    @tell.register
    def _(self, record: records.SupportEnd) -> None:
        version = self._story.version(record.participant, record.version)
        released = select(ReleasedVersion).filter_by(version_id=version.id)
        end_support(self._session, self._session.scalars(released).one())


@pytest.fixture
def engines(database_server: str) -> Iterator[tuple[Engine, Engine]]:
    """Two migrated, empty databases."""
    both = [db.connect(databases.new_database(database_server)) for _ in range(2)]
    for engine in both:
        schema.upgrade(engine)
    yield both[0], both[1]
    for engine in both:
        engine.dispose()


def test_bulk_is_what_the_verbs_leave(engines: tuple[Engine, Engine]) -> None:
    """But for times and random identifiers, each table has the same rows, and new ones can follow."""
    in_bulk, told = engines
    history = list(tell(SMALL))
    assert {type(record) for record in history} == set(records.Record.__args__)
    fill(in_bulk, history)
    with sessionmaker(told)() as session, session.begin():
        teller = Teller(session)
        for record in history:
            teller.tell(record)
    for engine in engines:
        go_on(engine)
    written, expected = read_tables(in_bulk), read_tables(told)
    assert [name for name in expected if written[name] != expected[name]] == []
    models: list[type[Base]] = [*COLUMNS, BranchHead, LatestResult]
    filled = {model.__tablename__ for model in models}
    assert {name for name, rows in written.items() if rows} == filled


def test_every_shape_has_a_history() -> None:
    """Every shape begins, and the same shape begins in the same way again."""
    for shape in SHAPES.values():
        beginning = first(tell(shape), 600)
        assert beginning == first(tell(shape), 600)
        assert len(beginning) == 600


def go_on(engine: Engine) -> None:
    """Have something happen after a history."""
    with sessionmaker(engine)() as session, session.begin():
        story = Story(session)
        story.publish("bff", "new", "service-000").verify("service-000", "new", of=("bff", "new"))
        story.deploy("bff", "new", "production")


def read_tables(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return what every table holds that does not depend on when and by chance; an id counts if others refer to it."""
    with engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            columns = [
                column
                for column in table.columns
                if not isinstance(column.type, UtcDateTime) and column.name != "uuid"
            ]
            ended = [
                column.is_(None).label(column.name)
                for column in table.columns
                if column.nullable and isinstance(column.type, UtcDateTime)
            ]
            own = {"live_versions": ["id"]}.get(table.name, [])
            wanted = select(*(column for column in columns if column.name not in own), *ended)
            found[table.name] = sorted((tuple(row) for row in connection.execute(wanted)), key=repr)
    return found


def first(history: Iterable[records.Record], count: int) -> list[records.Record]:
    """Return the first so many records."""
    return [record for record, _ in zip(history, range(count), strict=False)]
