"""What a question costs when its answer is very large."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, String, cast, event, insert, literal, select, text, true
from sqlalchemy.orm import Session

from gate_answers import answer
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.models import Base, Branch, BranchVersion, Content, Integration, Publication, Version

Columns = dict[str, ColumnElement[Any]]

MANY = 33_000
"""More than SQLite takes as parameters of one statement (32,766), and half of what PostgreSQL takes."""


@pytest.fixture
def large(empty_database: str) -> Iterator[Engine]:
    """A database in which very many versions are, with statistics that tell PostgreSQL so."""
    engine = db.connect(empty_database)
    schema.upgrade(engine)
    with Session(engine) as session:
        fill(session)
        session.execute(text("ANALYZE"))
        session.commit()
    yield engine
    engine.dispose()


def test_a_selector_may_mean_tens_of_thousands_of_versions(large: Engine) -> None:
    """No statement has a parameter for each version, which databases would refuse."""
    sent: list[str] = []
    event.listen(large, "before_cursor_execute", lambda *given: sent.append(given[2]))
    for selector in (Selector("web"), Selector("web", branch="main")):
        sent.clear()
        with Session(large) as session:
            verdict = ask(session, Question((selector, Selector("api")), latestby="cvpv"))
        assert answer(verdict) == (None, (0, 0, MANY))
        assert len(sent) <= 7


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


def write(session: Session, model: type[Base], columns: Columns) -> None:
    """Insert a row for each key, with these values."""
    session.execute(insert(model).from_select([*columns], select(*columns.values())))
