"""Whether the hot look-ups use the indexes that were made for them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, Select, event, select, text
from sqlalchemy.orm import Session

import databases
from tallystick_broker import db, schema
from tallystick_broker.for_verification.request import Request, Selector
from tallystick_broker.for_verification.selection import select_contracts
from tallystick_broker.models import Participant, Publication
from tallystick_broker.overview.activity import SOURCES, Kind, Point, select_newest

NEWEST = select(Publication.id).where(
    Publication.in_effect, Publication.provider_id == 1, Publication.consumer_id == 2
)
OF_VERSION = select(Publication.id).where(
    Publication.in_effect, Publication.consumer_version_id == 1, Publication.provider_id == 2
)


@pytest.fixture(scope="module")
def untouched(database_server: str) -> Iterator[Engine]:
    """A database that never had a row: PostgreSQL plans by the size of tables, to which rows that were undone add."""
    engine = db.connect(databases.new_database(database_server))
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (NEWEST.order_by(Publication.consumer_version_id.desc()).limit(1), "ix_publications_pair"),
        (OF_VERSION, "uq_publications_in_effect"),
    ],
)
def test_what_is_in_effect_is_one_look_up(untouched: Engine, wanted: Select[Any], index: str) -> None:
    """Publications that were replaced must not be read to find the one that counts."""
    plan = explain(untouched, wanted)
    assert index in plan, plan


@pytest.mark.parametrize(
    "kind", [each for each in Kind if each not in (Kind.OVERRIDDEN, Kind.OVERRIDE_ENDED)]
)
def test_the_newest_that_happened_are_read_in_their_order(untouched: Engine, kind: Kind) -> None:
    """What happened, to all services or to one, is read from an index by its moment, and never sorted whole."""
    before = Point(datetime(2026, 1, 2, tzinfo=UTC), kind, 7)
    source = SOURCES[kind]
    moment = getattr(source.moment, "key", "")
    for participant, columns in (
        (None, [""]),
        (Participant(id=1), [f"{each.key}_" for each in source.services]),
    ):
        for wanted, column in zip(select_newest(kind, participant, before), columns, strict=True):
            plan = explain(untouched, wanted)
            assert f"ix_{source.model.__tablename__}_{column}{moment}" in plan, plan
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan.replace("Incremental Sort", "").replace("Sort Key", ""), plan


@pytest.mark.parametrize("others", [[], [Publication.in_effect]])
def test_rows_of_some_ids_are_looked_up(untouched: Engine, others: list[ColumnElement[bool]]) -> None:
    """A condition of ids is one that both databases have an index for, alone and among others."""
    wanted = select(Publication.revision).where(db.among(Publication.id, [1, 2]), *others)
    plan = explain(untouched, wanted)
    assert "SEARCH publications USING INTEGER PRIMARY KEY" in plan or "pk_publications" in plan, plan


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("selectors", [(), ((Selector(main_branch=True), None), (Selector(tag="dev"), None))])
def test_pacts_for_verification_do_not_begin_at_the_history(
    untouched: Engine, selectors: tuple[tuple[Selector, None], ...]
) -> None:
    """First it is found which versions are meant, also by SQLite, which knows nothing of how large tables are."""
    sent: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        sent.append(given[2:4])

    event.listen(untouched, "before_cursor_execute", note)
    with Session(untouched) as session:
        select_contracts(session, Participant(id=1), Request(selectors))
    event.remove(untouched, "before_cursor_execute", note)
    ((statement, parameters),) = [each for each in sent if "publications" in each[0]]
    with untouched.begin() as connection:
        plan = str(list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)))
    assert "uq_publications_in_effect (consumer_version_id=? AND provider_id=?)" in plan, plan
    assert "ix_publications_provider_id" not in plan, plan


def explain(engine: Engine, wanted: Select[*tuple[Any, ...]]) -> str:
    """Return how the database would answer the query."""
    statement = str(wanted.compile(engine, compile_kwargs={"literal_binds": True}))
    is_postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if is_postgresql:
            # A table of no rows would be read whole, and sorted, otherwise.
            for each in ("enable_seqscan", "enable_bitmapscan"):
                connection.execute(text(f"SET LOCAL {each} = off"))
        word = "EXPLAIN " if is_postgresql else "EXPLAIN QUERY PLAN "
        return " ".join(str(row) for row in connection.exec_driver_sql(word + statement))
