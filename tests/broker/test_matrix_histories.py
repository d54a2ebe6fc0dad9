"""The matrix, against the letter of the rules, after random histories."""

from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from api_client import ApiClient
from matrices import Query, World, queries, steps
from story import Story


@settings(
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, queries())
def test_the_matrix_is_what_the_rules_say(
    session: Session, client: ApiClient, steps: list[Any], query: Query
) -> None:
    """Whatever has happened, and whatever is asked, the verdict, its counts and the rows are those of the rules."""
    world = World()
    with session.begin_nested() as savepoint:
        world.tell(Story(session), steps)
        answer = client.get(f"/matrix?{urlencode(query.pairs())}")
        savepoint.rollback()
    session.expunge_all()
    assert answer.status_code == 200, answer.text
    summary = answer.json["summary"]
    deployable, counts, rows = world.answer(query)
    assert [read(each) for each in answer.json["matrix"]] == [
        (row.consumer, row.provider, row.success, row.ignored) for row in rows
    ]
    assert (summary["success"], summary["failed"], summary["unknown"]) == counts
    assert summary["deployable"] is deployable


def read(row: Any) -> tuple[Any, ...]:
    """Return which versions a row is about, what the result is, and whether it is ignored."""
    consumer, provider, result = row["consumer"], row["provider"], row["verificationResult"]
    return (
        (consumer["name"], consumer["version"]["number"]),
        (provider["name"], provider["version"] and provider["version"]["number"]),
        result and result["success"],
        row.get("ignored", False),
    )
