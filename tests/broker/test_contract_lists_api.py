"""Lists of pacts over HTTP: of a pair, of a provider, and of everybody."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

PAIR = "/pacts/provider/api/consumer/web"
LISTS = {
    "/versions": ["5", "4", "3", "2", "1"],
    "/tag/dev": ["2", "1"],
    "/tag/none": [],
    "/branch/main": ["1", "2", "4"],
    "/branch/main/latest/versions": [],
    "/branch/feat%2Fx": ["3"],
    "/branch/feat%2Fx/latest/versions": ["3"],
    "/branch/none": [],
    "/branch/versions": ["1", "2", "4"],
    "/branch": ["1", "2", "4"],
    "/branch/latest/versions": [],
    "/branch/latest": [],
}
"""The consumer versions on each list of the pair in `history`."""
PROVIDER_LISTS = {
    "": ["app 1", "web 1", "web 2", "web 3", "web 4", "web 5"],
    "/tag/dev": ["web 1", "web 2"],
    "/tag/none": [],
    "/branch": ["app 1", "web 1", "web 2", "web 4"],
    "/branch/main": ["app 1", "web 1", "web 2", "web 4"],
    "/branch/feat%2Fx": ["web 3"],
    "/branch/latest": ["app 1"],
    "/branch/main/latest": ["app 1"],
    "/branch/feat%2Fx/latest": ["web 3"],
    "/latest": ["app 1", "web 5"],
    "/latest/dev": ["web 2"],
    "/latest/none": [],
}


def history(story: Story) -> None:
    """Five pacts of web with api, the head of its main branch without one, and a pact of app."""
    story.publish("web", "1", "api", branch="main", tags=["dev", "prod"])
    story.publish("web", "2", "api", branch="main", tags=["dev"])
    story.publish("web", "3", "api", content="b", branch="feat/x")
    story.publish("web", "4", "api", content="c", branch="main")
    story.publish("web", "5", "api", content="c").branch("web", "6", "main").tag("web", "6", "dev")
    story.publish("app", "1", "api", branch="main").publish("web", "1", "mail")


def numbers(body: Any) -> list[str]:
    """Return the consumer versions on a list of the pair."""
    listed = [each["_embedded"]["consumerVersion"]["number"] for each in body["_embedded"]["pacts"]]
    assert [each["href"].rpartition("/")[2] for each in body["_links"]["pb:pact-versions"]] == listed
    return listed


@pytest.mark.parametrize(("path", "expected"), LISTS.items())
@pytest.mark.background(tell=history)
def test_the_versions_of_a_pact_are_listed(client: ApiClient, path: str, expected: list[str]) -> None:
    """All, those with a tag, on a branch or the main branch, or at a head, which may be without a pact."""
    body = client.get(PAIR + path).json
    assert numbers(body) == expected
    assert body["_links"]["self"]["href"] == f"http://localhost{PAIR}{path}"
    assert body["_links"]["pact-versions"] == body["_links"]["pb:pact-versions"]


@pytest.mark.parametrize(("path", "expected"), LISTS.items())
@pytest.mark.background(tell=history)
def test_what_is_listed_is_what_can_be_deleted(client: ApiClient, path: str, expected: list[str]) -> None:
    """DELETE takes the pacts that GET lists, and no other; versions and other providers' pacts stay."""
    status = client.delete(PAIR + path).status_code
    assert status == (204 if path == "/versions" else 200)
    assert numbers(client.get(PAIR + path).json) == []
    left = numbers(client.get(f"{PAIR}/versions").json)
    assert left == [number for number in "54321" if number not in expected]
    assert client.get("/pacticipants/web/versions/1").status_code == 200
    assert client.get("/pacts/provider/mail/consumer/web/version/1").status_code == 200


@pytest.mark.background(tell=history)
def test_after_a_deletion_the_latest_pact_is_linked(client: ApiClient) -> None:
    """The answer says where the latest pact is, as long as there is one."""
    links = client.delete(f"{PAIR}/tag/dev").json["_links"]
    assert links["pb:latest-pact-version"]["href"] == f"http://localhost{PAIR}/latest"
    client.delete(f"{PAIR}/branch/main")
    client.delete(f"{PAIR}/version/5")
    assert "pb:latest-pact-version" not in client.delete(f"{PAIR}/version/3").json["_links"]


@pytest.mark.background(tell=history)
def test_earlier_revisions_are_deleted_too(client: ApiClient) -> None:
    """A version whose pact was deleted has published nothing, so it may publish another content."""
    more = {"interactions": [{"description": "more", "request": {}, "response": {}}]}
    assert client.patch(f"{PAIR}/version/1", json=more).status_code == 200
    client.delete(f"{PAIR}/tag/prod")
    assert client.get(f"{PAIR}/version/1").status_code == 404
    assert client.put(f"{PAIR}/version/1", json={"interactions": []}).status_code == 201


@pytest.mark.background(tell=history)
def test_latest_may_be_the_name_of_a_branch(client: ApiClient, story: Story) -> None:
    """The head of the main branch is meant by `latest`, unless a branch is called so."""
    story.publish("web", "7", "api", branch="main")
    assert numbers(client.get(f"{PAIR}/branch/latest").json) == ["7"]
    story.branch("web", "3", "latest")
    assert numbers(client.get(f"{PAIR}/branch/latest").json) == ["3"]


@pytest.mark.parametrize(("path", "expected"), PROVIDER_LISTS.items())
@pytest.mark.background(tell=history)
def test_the_pacts_of_a_provider_are_listed(client: ApiClient, path: str, expected: list[str]) -> None:
    """For all its consumers: all pacts, by tag or branch, or the latest, in one link each."""
    links = client.get(f"/pacts/provider/api{path}").json["_links"]
    listed = [f"{link['name']} {link['href'].rpartition('/')[2]}" for link in links["pb:pacts"]]
    assert listed == expected
    assert links["pacts"] == links["pb:pacts"]
    assert links["provider"]["href"] == links["pb:provider"]["href"] == "http://localhost/pacticipants/api"


@pytest.mark.parametrize("path", PROVIDER_LISTS)
def test_lists_of_an_unknown_provider_are_not_found(client: ApiClient, path: str) -> None:
    """A provider that does not exist has no lists, not even empty ones."""
    answer = client.get(f"/pacts/provider/none{path}")
    assert (answer.status_code, answer.json["error"]) == (404, "No provider with name 'none' found")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_lists_of_an_unknown_consumer_are_not_found(
    client: ApiClient, story: Story, method: str, path: str
) -> None:
    """A pair needs both its participants."""
    story.participant("api")
    answer = client.open(PAIR + path, method=method)
    assert answer.status_code == 404
    assert "consumer with name 'web'" in answer.text


@pytest.mark.background(tell=history)
def test_a_provider_without_pacts_has_empty_lists(client: ApiClient) -> None:
    """A participant that is nobody's provider is known all the same."""
    assert client.get("/pacts/provider/web/latest").json["_links"]["pb:pacts"] == []


@pytest.mark.background(tell=history)
def test_everybodys_latest_pacts_are_listed(client: ApiClient) -> None:
    """Each pair is listed once, with the newest version of its consumer; the old relation is marked."""
    body = client.get("/pacts/latest").json
    found = {
        (
            each["_embedded"]["consumer"]["name"],
            each["_embedded"]["provider"]["name"],
            each["_embedded"]["consumer"]["_embedded"]["version"]["number"],
        )
        for each in body["pacts"]
    }
    assert found == {("web", "api", "5"), ("web", "mail", "1"), ("app", "api", "1")}
    assert len(body["_links"]["pb:pacts"]) == 3
    assert {link["name"] for link in body["_links"]["pacts"]} == {
        "DEPRECATED - please use the pb:pacts relation"
    }


@pytest.mark.parametrize("path", [f"{PAIR}/versions", "/pacts/provider/api", "/pacts/latest"])
@pytest.mark.background(tell=history)
def test_lists_come_in_pages(client: ApiClient, path: str) -> None:
    """A client may ask for a page of any list, and is told how many there are and where the next one is."""
    body = client.get(f"{path}?page=1&size=2").json
    assert body["page"]["size"] == 2
    assert len(body["_links"].get("pb:pact-versions") or body["_links"]["pb:pacts"]) == 2
    assert body["_links"]["next"]["href"] == f"http://localhost{path}?size=2&page=2"
    assert client.get(f"{path}?page=none").status_code == 400


@pytest.mark.parametrize(
    ("path", "most"), [(f"{PAIR}/versions", 4), ("/pacts/provider/api", 3), ("/pacts/latest", 2)]
)
def test_a_longer_list_costs_no_more_statements(
    client: ApiClient, story: Story, statements: list[str], path: str, most: int
) -> None:
    """Whatever the length of a list, the same few statements fetch it."""
    counts = []
    for number in range(6):
        story.publish("web", str(number), "api", content=str(number)).publish(f"app {number}", "1", "api")
        statements.clear()
        assert client.get(path).status_code == 200
        counts.append(len(statements))
    assert max(counts) <= most
