"""What a question costs when its answer is very large."""

from collections.abc import Iterable, Iterator, Mapping

import pytest
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.orm import Session

import databases
from gate_answers import answer
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.models import Base, Branch, BranchVersion, Content, Integration, Publication, Version

MANY = 33_000
"""More than SQLite takes as parameters of one statement (32,766), and half of what PostgreSQL takes."""


@pytest.fixture(scope="module")
def engine(database_server: str) -> Iterator[Engine]:
    """A database of its own: rows that are rolled back would stay in the way of all other tests in PostgreSQL."""
    engine = db.connect(databases.new_database(database_server))
    schema.upgrade(engine)
    yield engine
    engine.dispose()


def test_a_selector_may_mean_tens_of_thousands_of_versions(
    story: Story, connection: Connection, statements: list[str]
) -> None:
    """No statement has a parameter for each version, which databases would refuse."""
    fill(story.session, connection)
    for selector in (Selector("web"), Selector("web", branch="main")):
        statements.clear()
        verdict = ask(story.session, Question((selector, Selector("api")), latestby="cvpv"))
        assert answer(verdict) == (None, (0, 0, MANY))
        assert len(statements) <= 7


def fill(session: Session, connection: Connection) -> None:
    """Have very many versions of web on main, each with another contract with api."""
    story = Story(session)
    web, api = story.participant("web").id, story.participant("api").id
    branch = story.branch("web", "first", "main").session.query(Branch).one().id
    session.commit()
    keys = range(1_000_000, 1_000_000 + MANY)
    pair = {"consumer_id": web, "provider_id": api}
    write(connection, Integration, [pair])
    write(connection, Version, ({"id": key, "participant_id": web, "number": str(key)} for key in keys))
    write(connection, BranchVersion, ({"branch_id": branch, "version_id": key} for key in keys))
    content = {"document": "{}", "interactions_count": 0, "messages_count": 0}
    write(connection, Content, ({"id": key, **pair, "fingerprint": f"{key:040}", **content} for key in keys))
    publication = {**pair, "revision": 1, "in_effect": True}
    write(
        connection,
        Publication,
        ({"id": key, **publication, "consumer_version_id": key, "content_id": key} for key in keys),
    )
    connection.execute(text("ANALYZE"))  # what PostgreSQL does by itself, but not within a transaction


def write(connection: Connection, model: type[Base], rows: Iterable[Mapping[str, object]]) -> None:
    """Insert these rows."""
    connection.execute(insert(model), list(rows))
