"""Reading and writing when others do the same."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker import db, schema
from tallystick_broker.contracts import Contract, check_conflicts, publish
from tallystick_broker.models import Participant, Publication
from tallystick_broker.participants import ensure_participant
from tallystick_broker.versions import add_to_branch, ensure_version

WRITERS = 8


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


def test_many_may_publish_the_same_at_once(factory: sessionmaker[Session]) -> None:
    """Parallel builds that publish one version make each thing once, and none of them fails."""
    barrier = Barrier(WRITERS)
    failures: list[Exception] = []

    def work(session: Session) -> None:
        contract = Contract("web", "api", {"interactions": [{"description": "a"}]})
        check_conflicts(session, "web", "1", [contract])
        version, _ = ensure_version(session, "web", "1")
        add_to_branch(session, version, "main")
        publish(session, version, [contract])

    def build() -> None:
        barrier.wait()
        try:
            db.write(factory, work)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=build) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    publications = select(func.count()).select_from(Publication)
    assert db.read(factory, lambda session: session.scalar(publications)) == 1
    assert db.read(factory, count) == 2
