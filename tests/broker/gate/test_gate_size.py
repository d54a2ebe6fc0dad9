"""What a question costs when its answer is very large."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, String, cast, insert, literal, select, text, true
from sqlalchemy.orm import Session

import databases
from gate_answers import answer
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.models import Base, Branch, BranchVersion, Content, Integration, Publication, Version

Columns = dict[str, ColumnElement[Any]]

MANY = 33_000
"""More than SQLite takes as parameters of one statement (32,766), and half of what PostgreSQL takes."""


@pytest.fixture(scope="module")
def engine(database_server: str) -> Iterator[Engine]:
    """A database of its own: rows that are rolled back would stay in the way of all other tests in PostgreSQL."""
    engine = db.connect(databases.new_database(database_server))
    schema.upgrade(engine)
    yield engine
    engine.dispose()


def test_a_selector_may_mean_tens_of_thousands_of_versions(story: Story, statements: list[str]) -> None:
    """No statement has a parameter for each version, which databases would refuse."""
    fill(story.session)
    for selector in (Selector("web"), Selector("web", branch="main")):
        statements.clear()
        verdict = ask(story.session, Question((selector, Selector("api")), latestby="cvpv"))
        assert answer(verdict) == (None, (0, 0, MANY))
        assert len(statements) <= 7


def fill(session: Session) -> None:
    """Have very many versions of web on main, each with another contract with api."""
    story = Story(session)
    web, api = story.participant("web").id, story.participant("api").id
    branch = story.branch("web", "first", "main").session.query(Branch).one().id
    session.commit()
    keys = select(literal(1_000_000).label("key")).cte(recursive=True)
    keys = keys.union_all(select(keys.c.key + 1).where(keys.c.key < 999_999 + MANY))
    key, number = keys.c.key, cast(keys.c.key, String)
    pair: Columns = {"consumer_id": literal(web), "provider_id": literal(api)}
    content: Columns = {
        "document": literal("{}"),
        "interactions_count": literal(0),
        "messages_count": literal(0),
    }
    publication: Columns = {**pair, "revision": literal(1), "in_effect": true()}
    session.execute(insert(Integration).values(consumer_id=web, provider_id=api))
    write(session, Version, {"id": key, "participant_id": literal(web), "number": number})
    write(session, BranchVersion, {"branch_id": literal(branch), "version_id": key})
    write(session, Content, {"id": key, **pair, "fingerprint": number, **content})
    write(session, Publication, {"id": key, **publication, "consumer_version_id": key, "content_id": key})
    session.execute(text("ANALYZE"))  # what PostgreSQL does by itself, but not within a transaction


def write(session: Session, model: type[Base], columns: Columns) -> None:
    """Insert a row for each key, with these values."""
    session.execute(insert(model).from_select([*columns], select(*columns.values())))
