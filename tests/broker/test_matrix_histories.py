"""The matrix, against the letter of the rules, after random histories."""

from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from api_client import ApiClient
from matrices import World, choose_query, choose_steps
from story import Story


@pytest.mark.parametrize("seed", range(8))
def test_the_matrix_is_what_the_rules_say(client: ApiClient, story: Story, seed: int) -> None:
    """Whatever has happened, and whatever is asked, the verdict, its counts and the rows are those of the rules."""
    rng, world = Random(seed), World()
    world.tell(story, choose_steps(rng))
    for query in [choose_query(rng) for _ in range(12)]:
        answer = client.get(f"/matrix?{urlencode(query.pairs())}")
        assert answer.status_code == 200, answer.text
        deployable, counts, rows = world.answer(query)
        expected = [(row.consumer, row.provider, row.success, row.ignored) for row in rows]
        assert [read(each) for each in answer.json["matrix"]] == expected, query
        summary = answer.json["summary"]
        assert (summary["success"], summary["failed"], summary["unknown"]) == counts, query
        assert summary["deployable"] is deployable, query


def read(row: Any) -> tuple[Any, ...]:
    """Return which versions a row is about, what the result is, and whether it is ignored."""
    consumer, provider, result = row["consumer"], row["provider"], row["verificationResult"]
    return (
        (consumer["name"], consumer["version"]["number"]),
        (provider["name"], provider["version"] and provider["version"]["number"]),
        result and result["success"],
        row.get("ignored", False),
    )
