"""Answers come in time whatever PostgreSQL believes of its tables."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from histories.bulk import write
from histories.shapes import SHAPES
from histories.telling import tell
from tallystick_broker import db, schema
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.models import Base

SELECTORS = (
    Selector("Hub", latest=True),
    Selector("Hub", main_branch=True, latest=True),
    Selector("Hub", branch="main"),
    Selector("Hub"),
)


@pytest.fixture
def misjudged(empty_database: str) -> Iterator[Connection]:
    """A connection that has just written 500 consumers into tables that had grown, and were empty when counted."""
    engine = db.connect(empty_database)
    schema.upgrade(engine)
    with engine.connect() as connection:
        for table in Base.metadata.tables:
            connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = off)"))
        connection.commit()
        fill(connection)
        connection.rollback()
        connection.execute(text("ANALYZE"))
        connection.commit()
        fill(connection)
        yield connection
    engine.dispose()


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True, scope="session")
def test_an_answer_comes_in_time_after_much_was_written_at_once(misjudged: Connection) -> None:
    """A plan that is good for empty tables is not a disaster for full ones; the server ends statements of a minute."""
    with Session(misjudged) as session:
        for selector in SELECTORS:
            verdict = ask(session, Question((selector,), Target(environment="production"), latestby="cvpv"))
            assert verdict.success + verdict.failed + verdict.unknown == 500


def fill(connection: Connection) -> None:
    """Write a provider with 500 consumers that are live."""
    write(connection, tell(replace(SHAPES["trunc"], consumers=500)))
