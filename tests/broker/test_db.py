"""Reading and writing when others do the same."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker import db, schema
from tallystick_broker.models import Participant
from tallystick_broker.participants import ensure_participant


@pytest.fixture
def factory(empty_database: str) -> Iterator[sessionmaker[Session]]:
    """Sessions on a database of this test's own, whose transactions are real."""
    engine = db.connect(empty_database)
    schema.upgrade(engine)
    yield db.sessions(engine)
    engine.dispose()


def count(session: Session) -> int:
    """How many participants there are."""
    return session.scalar(select(func.count()).select_from(Participant)) or 0


def test_what_is_read_is_of_one_moment(factory: sessionmaker[Session]) -> None:
    """An answer that takes several statements never mixes two states of the world."""

    def look_twice(session: Session) -> tuple[int, int]:
        before = count(session)
        db.write(factory, lambda other: ensure_participant(other, "web"))
        session.expire_all()
        return before, count(session)

    assert db.read(factory, look_twice) == (0, 0)
    assert db.read(factory, count) == 1


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True, scope="session")
def test_statements_stay_prepared_from_one_reading_to_the_next(factory: sessionmaker[Session]) -> None:
    """PostgreSQL plans a statement that is sent often once, and not for each request."""
    for _ in range(10):
        db.read(factory, count)
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%participants%'")
    assert db.read(factory, lambda session: session.scalar(prepared)) == 1
