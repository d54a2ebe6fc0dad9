"""GET /can-i-rollback: which version that was live before would be safe there now?"""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

ASK = "/can-i-rollback?pacticipant=api&environment=production"


def past(story: Story) -> None:
    """A world in which api went from 1 to 4; web, which is live, gets on with 2 and 4."""
    story.publish("web", "1", "api").deploy("web", "1", "production")
    for number, success in (("1", True), ("2", True), ("3", False), ("4", True)):
        story.verify("api", number, of=("web", "1"), success=success)
        story.deploy("api", number, "production")
    story.verify("api", "1", of=("web", "1"), success=False)


def versions(body: Any) -> list[tuple[str, bool | None]]:
    """Return each version with its answer."""
    return [(each["number"], each["summary"]["deployable"]) for each in body["versions"]]


@pytest.mark.background(tell=past)
def test_the_newest_safe_version_is_named(client: ApiClient, story: Story) -> None:
    """Each of the last versions is judged by what is live now, and the newest one that fits is the answer."""
    body = client.get(ASK).json
    assert body["summary"] == {"deployable": True, "version": "2"}
    assert versions(body) == [("3", False), ("2", True), ("1", False)]
    assert [reason["code"] for reason in body["versions"][0]["reasons"]] == ["FAILED"]
    assert client.get(body["versions"][0]["_links"]["self"]["href"]).status_code == 200
    story.publish("web", "2", "api", content="b").deploy("web", "2", "production")
    assert client.get(ASK).json["summary"] == {"deployable": False, "version": None}


@pytest.mark.background(tell=past)
def test_what_is_live_is_no_way_back(client: ApiClient, story: Story) -> None:
    """A version that is live again, as any instance, is left out; and so is what was live elsewhere."""
    story.deploy("api", "3", "production", "blue")
    story.deploy("api", "7", "staging")
    assert versions(client.get(ASK).json) == [("2", True), ("1", False)]


def test_a_version_that_was_released_is_a_way_back(client: ApiClient, story: Story) -> None:
    """Support that has ended can begin again."""
    story.end_support(story.release("app", "1", "production"))
    body = client.get("/can-i-rollback?pacticipant=app&environment=production").json
    assert versions(body) == [("1", True)]
    assert body["versions"][0]["summary"]["verdict"] == "no_contracts"


@pytest.mark.background(tell=past)
def test_how_far_to_look_back(client: ApiClient) -> None:
    """Five versions by default, as many as are asked for otherwise."""
    assert versions(client.get(f"{ASK}&last=1").json) == [("3", False)]
    assert versions(client.get(f"{ASK}&ignore[]=web").json)[0] == ("3", True)


@pytest.mark.background(tell=past)
def test_the_number_of_statements_does_not_grow(client: ApiClient, statements: list[str]) -> None:
    """More versions are judged with as many statements as one."""
    counts = []
    for last in (1, 3):
        statements.clear()
        client.get(f"{ASK}&last={last}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


@pytest.mark.background(tell=past)
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"pacticipant", "environment"}),
        ("pacticipant=none&environment=none", {"pacticipant", "environment"}),
        ("pacticipant=api&environment=production&last=0", {"last"}),
        ("pacticipant=api&environment=production&last=x", {"last"}),
        ("pacticipant=api&environment=production&last=51", {"last"}),
    ],
)
def test_what_is_wrong_is_named(client: ApiClient, query: str, fields: set[str]) -> None:
    """A question that lacks something is refused with the names of the parameters at fault."""
    answer = client.get(f"/can-i-rollback?{query}")
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields
