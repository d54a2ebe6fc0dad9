"""What clients may send when they ask for pacts to verify, and how large the answer's links get."""

import json
from typing import Any

import pytest

from api_client import ApiClient
from story import Story

URL = "/pacts/provider/api/for-verification"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["NUL", "surrogate"])
@pytest.mark.parametrize(
    ("member", "pattern"),
    [
        ("consumerVersionSelectors", '[{"branch": %s}]'),
        ("consumerVersionSelectors", '[{"branch": "x", "fallbackBranch": %s}]'),
        ("consumerVersionSelectors", '[{"tag": %s}]'),
        ("consumerVersionSelectors", '[{"tag": "x", "latest": true, "fallbackTag": %s}]'),
        ("consumerVersionSelectors", '[{"latest": true, "consumer": %s}]'),
        ("consumerVersionSelectors", '[{"environment": %s}]'),
        ("providerVersionTags", "[%s]"),
        ("providerVersionBranch", "%s"),
    ],
)
def test_text_that_no_database_holds_is_refused(
    client: ApiClient, story: Story, member: str, pattern: str, text: str
) -> None:
    """A name with a NUL or half a surrogate pair, which JSON can say, is refused with the member that has it."""
    story.publish("web", "1", "api", branch="main")
    body: Any = {member: json.loads(pattern % json.dumps(text))}
    answer = client.post(URL, json=body)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {member}


@pytest.mark.parametrize("query", ["consumer_version_selectors[][tag]=%00", "provider_version_tags[]=%00"])
def test_a_query_is_checked_like_a_body(client: ApiClient, story: Story, query: str) -> None:
    """What is refused in a body is refused in the query of old clients."""
    story.publish("web", "1", "api", branch="main")
    assert client.get(f"{URL}?{query}").status_code == 400


def test_a_link_can_have_any_metadata(client: ApiClient, story: Story) -> None:
    """Whatever a client makes of the metadata, the pact is shown and results are taken."""
    story.publish("web", "1", "api", branch="main")
    (entry,) = client.post(URL).json["_embedded"]["pacts"]
    pact, _, _ = entry["_links"]["self"]["href"].rpartition("/")
    result = {"success": True, "providerApplicationVersion": "10"}
    for segment in ("Y3ZuPSUwMA", "!!!"):
        assert client.get(f"{pact}/{segment}").status_code == 200
        assert client.post(f"{pact}/{segment}/verification-results", json=result).status_code == 201


def test_links_stay_short(client: ApiClient, story: Story) -> None:
    """However many versions share a content, its link stays as long as proxies allow; the newest are named."""
    for turn in range(60):
        story.publish("web", f"{turn:040}", "api", tags=["prod"])
    body = {"consumerVersionSelectors": [{"tag": "prod"}]}
    (entry,) = client.post(URL, json=body).json["_embedded"]["pacts"]
    shown = entry["_links"]["self"]
    assert shown["name"] == f"Pact between web ({59:040}) and api"
    assert len(shown["href"]) < 2000
    versions = client.get(shown["href"]).json["_links"]["pb:consumer-version"]
    assert versions["name"] == f"{59:040}"
