"""Differences between pacts, over HTTP."""

import pytest

from api_client import ApiClient
from story import Story

PAIR = "/pacts/provider/api/consumer/web"


def history(story: Story) -> None:
    """Versions with the contents a, a, b, c and c."""
    for number, content in enumerate("aabcc", start=1):
        story.publish("web", str(number), "api", content=content)


pytestmark = pytest.mark.background(tell=history)


@pytest.mark.parametrize(("number", "previous"), [("3", "2"), ("4", "3"), ("5", "3")])
def test_the_previous_distinct_pact_is_answered(client: ApiClient, number: str, previous: str) -> None:
    """It is the newest before this version with another content, however many had the same one since."""
    shown = client.get(f"{PAIR}/version/{number}/previous-distinct").json
    assert shown["_links"]["pb:consumer-version"]["name"] == previous


@pytest.mark.parametrize("number", ["1", "2"])
def test_a_first_content_has_no_previous_one(client: ApiClient, number: str) -> None:
    """Nothing was different before: 404, and a sentence instead of a difference."""
    assert client.get(f"{PAIR}/version/{number}/previous-distinct").status_code == 404
    answer = client.get(f"{PAIR}/version/{number}/diff/previous-distinct")
    assert answer.status_code == 200
    assert "nothing to compare" in answer.text


def test_a_pact_is_compared_with_the_previous_one(client: ApiClient) -> None:
    """The text names both pacts, shows what went and what came, and says where both are."""
    answer = client.get(f"{PAIR}/version/5/diff/previous-distinct", headers={"Accept": "text/plain"})
    assert answer.mimetype == "text/plain"
    first, second, *lines = answer.text.splitlines()
    assert first.startswith("--- Pact between web (3) and api, ")
    assert second.startswith("+++ Pact between web (5) and api, ")
    assert any(line.startswith("-") and "a request for b" in line for line in lines)
    assert any(line.startswith("+") and "a request for c" in line for line in lines)
    assert lines[-2:] == [f"http://localhost{PAIR}/version/{number}" for number in "35"]


def test_any_two_versions_can_be_compared(client: ApiClient) -> None:
    """The version that is named second is the earlier side, and it is heeded."""
    text = client.get(f"{PAIR}/version/4/diff/version/1").text
    assert text.startswith("--- Pact between web (1) and api")
    assert "a request for a" in text
    assert "a request for b" not in text
    assert "The contents are the same" in client.get(f"{PAIR}/version/5/diff/version/4").text


def test_any_two_contents_can_be_compared(client: ApiClient) -> None:
    """The pact's link takes the fingerprint of the other content."""
    links = client.get(f"{PAIR}/version/3").json["_links"]
    other = client.get(f"{PAIR}/version/1").json["_links"]["pb:pact-version"]["name"]
    text = client.get(links["pb:diff"]["href"].replace("{pactVersion}", other)).text
    assert text.startswith("--- Pact between web (2) and api")
    assert "+++ Pact between web (3) and api" in text


@pytest.mark.parametrize(
    "path",
    [
        "/version/9/previous-distinct",
        "/version/9/diff/previous-distinct",
        "/version/9/diff/version/1",
        "/version/1/diff/version/9",
        f"/pact-version/{'0' * 40}/diff/pact-version/{'0' * 40}",
    ],
)
def test_what_is_missing_cannot_be_compared(client: ApiClient, path: str) -> None:
    """Both sides have to exist, and the error is JSON although a difference is text."""
    answer = client.get(f"{PAIR}{path}", headers={"Accept": "text/plain"})
    assert answer.status_code == 404
    assert answer.json["error"]
