"""What a question costs: the same few statements for a long history and many consumers, each of any size."""

from collections.abc import Iterable, Mapping

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from gate_answers import Ask, answer
from story import Story
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.models import Base, Branch, BranchVersion, Content, Integration, Publication, Version

MANY = 33_000
"""More than SQLite takes as parameters of one statement (32,766), and half of what PostgreSQL takes."""


@pytest.mark.parametrize("success", [True, False, None])
def test_statements_do_not_grow_with_consumers(
    story: Story, can_deploy: Ask, statements: list[str], success: bool | None
) -> None:
    """Whether all are verified, failing or unknown, more of them need no further statement."""
    story.version("api", "10")
    counts = []
    for size in (2, 20):
        for index in range(size):
            story.publish(f"web {index}", "1", "api").deploy(f"web {index}", "1", "production")
            story.verify("api", "9", of=(f"web {index}", "1"))
            if success is not None:
                story.verify("api", "10", of=(f"web {index}", "1"), success=success)
        statements.clear()
        verdict = can_deploy("api", "10")
        counts.append(len(statements))
        assert verdict.deployable is success
        assert len(verdict.rows) == size
    assert counts[0] == counts[1] <= 7


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
