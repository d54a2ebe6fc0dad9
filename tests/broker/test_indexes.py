"""Whether the hot look-ups use the indexes that were made for them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, Select, select, text

import databases
from tallystick_broker import db, schema
from tallystick_broker.models import Publication

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
    statement = str(wanted.compile(untouched, compile_kwargs={"literal_binds": True}))
    is_postgresql = untouched.dialect.name == "postgresql"
    with untouched.begin() as connection:
        if is_postgresql:
            connection.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # a table of no rows is read whole otherwise
        explain = "EXPLAIN " if is_postgresql else "EXPLAIN QUERY PLAN "
        plan = " ".join(str(row) for row in connection.execute(text(explain + statement)))
    assert index in plan, plan
