"""Pacts over HTTP: published one at a time, and read."""

import base64
from typing import Any

import pytest

from api_client import ApiClient
from story import Story, contract

PAIR = "/pacts/provider/api/consumer/web"


def test_a_pact_can_be_put(client: ApiClient) -> None:
    """Older clients put one pact: 201 with its address the first time, 200 when it is there already."""
    first = client.put(f"{PAIR}/version/1", json=contract("web", "api"))
    again = client.put(f"{PAIR}/version/1", json=contract("web", "api"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["Location"] == f"http://localhost{PAIR}/version/1"
    assert first.json == again.json == client.get(first.headers["Location"]).json


def test_what_was_published_is_answered(client: ApiClient) -> None:
    """The pact is answered as it was sent, with an id for each interaction and with links."""
    sent = contract("web", "api")
    shown = client.put(f"{PAIR}/version/1", json=sent).json
    assert {key: shown[key] for key in sent if key != "interactions"} == {
        key: sent[key] for key in sent if key != "interactions"
    }
    ids = [interaction.pop("_id") for interaction in shown["interactions"]]
    assert shown["interactions"] == sent["interactions"]
    assert all(len(each) == 40 for each in ids)
    assert shown["_links"]["self"]["name"] == "Pact between web (1) and api"
    assert shown["_links"]["pb:provider"]["href"] == "http://localhost/pacticipants/api"


def test_whatever_json_can_say_is_answered(client: ApiClient) -> None:
    """A number of any length and half a surrogate pair come back as they were sent."""
    sent = contract("web", "api") | {"extra": [10**30, "\ud800"]}
    client.put(f"{PAIR}/version/1", json=sent)
    assert client.get(f"{PAIR}/version/1").json["extra"] == [10**30, "\ud800"]


def test_other_content_is_refused(client: ApiClient) -> None:
    """The content of a version does not change once it is published."""
    client.put(f"{PAIR}/version/1", json=contract("web", "api", "a"))
    answer = client.put(f"{PAIR}/version/1", json=contract("web", "api", "b"))
    assert answer.status_code == 409
    assert "new version number" in answer.json["error"]
    assert client.get(f"{PAIR}/version/1").json["interactions"][0]["description"] == "a request for a"


def test_a_patch_merges(client: ApiClient) -> None:
    """PATCH adds interactions, and publishes when there is nothing yet."""
    first = client.patch(f"{PAIR}/version/1", json=contract("web", "api", "a"))
    second = client.patch(f"{PAIR}/version/1", json=contract("web", "api", "b"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert len(client.get(f"{PAIR}/version/1").json["interactions"]) == 2


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (contract("other", "api"), {"consumer.name"}),
        (contract("web", "other"), {"provider.name"}),
        (contract("x", "y"), {"consumer.name", "provider.name"}),
    ],
)
def test_names_have_to_match_the_path(client: ApiClient, document: Any, fields: set[str]) -> None:
    """A pact that names other participants than its address is refused, and nobody is made."""
    answer = client.put(f"{PAIR}/version/1", json=document)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields
    assert client.get("/pacticipants/web").status_code == 404


@pytest.mark.parametrize("document", [{}, {"interactions": []}, {"consumer": "web"}, [1]])
def test_unknown_kinds_of_content_are_kept(client: ApiClient, document: Any) -> None:
    """What is JSON but no Pact file that we know is stored and answered."""
    assert client.put(f"{PAIR}/version/1", json=document).status_code == 201
    shown = client.get(f"{PAIR}/version/1").json
    assert shown == document if isinstance(document, list) else document.items() <= shown.items()


def test_the_latest_pact_is_that_of_the_newest_version(client: ApiClient, story: Story) -> None:
    """Newest is the version that was made last, not the pact that was published last."""
    story.version("web", "1")
    story.publish("web", "2", "api").publish("web", "1", "api", content="late")
    answer = client.get(f"{PAIR}/latest")
    assert answer.headers["X-Pact-Consumer-Version"] == "2"
    assert answer.json["_links"]["self"]["href"].endswith("/version/2")


def test_a_provider_has_a_list_of_latest_pacts(client: ApiClient, story: Story) -> None:
    """Verifiers without selectors read one link for each consumer, under the new and the old relation."""
    story.publish("web", "1", "api").publish("web", "2", "api", content="b").publish("app", "1", "api")
    links = client.get("/pacts/provider/api/latest").json["_links"]
    assert [(link["name"], link["href"].rpartition("/")[2]) for link in links["pb:pacts"]] == [
        ("app", "1"),
        ("web", "2"),
    ]
    assert links["pacts"] == links["pb:pacts"]
    assert client.get("/pacts/provider/none/latest").status_code == 404


def test_there_is_a_list_of_all_latest_pacts(client: ApiClient, story: Story) -> None:
    """Each pair is listed once, with the newest version of its consumer."""
    story.publish("web", "1", "api", "mail").publish("web", "2", "api", content="b")
    listed = client.get("/pacts/latest").json["pacts"]
    found = [
        (
            each["_embedded"]["consumer"]["_embedded"]["version"]["number"],
            each["_embedded"]["provider"]["name"],
        )
        for each in listed
    ]
    assert found == [("2", "api"), ("1", "mail")]


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("latest", "5"),
        ("latest/dev", "2"),
        ("latest/a%2Fb", "1"),
        ("latest-untagged", "5"),
        ("branch/main/latest", "2"),
        ("branch/feat%2Fx/latest", "3"),
    ],
)
def test_the_latest_pact_of_a_place(client: ApiClient, story: Story, path: str, number: str) -> None:
    """By tag, by branch or untagged it is the newest version there that has a pact, though a newer one has none."""
    story.publish("web", "1", "api", branch="main", tags=["dev", "a/b"])
    story.publish("web", "2", "api", branch="main", tags=["dev"]).publish("web", "3", "api", branch="feat/x")
    story.publish("web", "4", "api", tags=["4"]).publish("web", "5", "api")
    story.branch("web", "6", "main").tag("web", "6", "dev").version("web", "7")
    answer = client.get(f"{PAIR}/{path}")
    assert answer.headers["X-Pact-Consumer-Version"] == number
    links = answer.json["_links"]
    assert links["self"]["href"] == f"http://localhost{PAIR}/version/{number}"
    assert "/metadata/" in links["pb:publish-verification-results"]["href"]


@pytest.mark.parametrize("path", ["latest", "latest/none", "latest-untagged", "branch/none/latest"])
def test_where_no_pact_is_none_is_the_latest(client: ApiClient, story: Story, path: str) -> None:
    """A place without any pact of the pair is answered with 404."""
    story.version("web", "1", branch="main", tags=["dev"])
    story.participant("api")
    assert client.get(f"{PAIR}/{path}").status_code == 404


def test_the_latest_pact_costs_few_statements(client: ApiClient, story: Story, statements: list[str]) -> None:
    """Three, however long the history is: builds ask for it often."""
    counts = []
    for number in range(5):
        story.publish("web", str(number), "api", content=str(number), tags=["dev"])
        for path in ("latest", "latest/dev"):
            statements.clear()
            client.get(f"{PAIR}/{path}")
            counts.append(len(statements))
    assert set(counts) == {3}


@pytest.mark.parametrize("address", ["/pacts{pair}/versions/1", "/pact{pair}/version/1"])
def test_old_addresses_still_work(client: ApiClient, address: str) -> None:
    """Clients of long ago use other addresses for the same pact, whatever they do with it."""
    old = address.format(pair="/provider/api/consumer/web")
    first = client.put(old, json=contract("web", "api"))
    assert (first.status_code, first.headers["Location"]) == (201, f"http://localhost{PAIR}/version/1")
    assert client.patch(old, json=contract("web", "api", "b")).status_code == 200
    assert client.get(old).json == client.get(f"{PAIR}/version/1").json
    assert client.get("/pact/provider/api/consumer/web/latest").json == client.get(f"{PAIR}/latest").json
    assert client.delete(old).status_code == 200
    assert client.get(f"{PAIR}/version/1").status_code == 404


def test_content_is_found_by_its_fingerprint(client: ApiClient, story: Story) -> None:
    """Equal contents share an address, shown as the newest version that has it published it."""
    story.publish("web", "1", "api").publish("web", "2", "api").publish("web", "3", "api", content="b")
    first, second, third = (
        client.get(f"{PAIR}/version/{number}").json["_links"]["pb:pact-version"]["href"] for number in "123"
    )
    assert first == second != third
    assert client.get(first).json["_links"]["pb:consumer-version"]["name"] == "2"


def test_a_link_keeps_its_metadata(client: ApiClient, story: Story) -> None:
    """What the address says about why a pact was given goes into the address for its results."""
    story.publish("web", "1", "api").publish("web", "2", "api")
    address = client.get(f"{PAIR}/latest").json["_links"]["pb:pact-version"]["href"]
    segment = base64.urlsafe_b64encode(b"cvn=1").decode().rstrip("=")
    links = client.get(f"{address}/metadata/{segment}").json["_links"]
    assert links["pb:consumer-version"]["name"] == "1"
    assert links["pb:publish-verification-results"]["href"].endswith(
        f"metadata/{segment}/verification-results"
    )


@pytest.mark.parametrize(
    ("segment", "named"),
    [("cvn=1&cvn=2&cvn=9", ["1", "2"]), ("cvn=9", None), ("p=true", None), ("", None)],
)
def test_a_link_names_its_versions(
    client: ApiClient, story: Story, segment: str, named: list[str] | None
) -> None:
    """The consumer versions for which a pact was given are linked, but for those that are gone."""
    story.publish("web", "1", "api").publish("web", "2", "api", content="b")
    address = client.get(f"{PAIR}/latest").json["_links"]["pb:pact-version"]["href"]
    encoded = base64.urlsafe_b64encode(segment.encode()).decode() or "%20"
    versions = client.get(f"{address}/metadata/{encoded}").json["_links"].get("pb:consumer-versions")
    assert (versions and [each["name"] for each in versions]) == named


def test_metadata_that_cannot_be_read_stays_in_the_link(client: ApiClient, story: Story) -> None:
    """Whatever segment an address has, the address for results has the same one, encoded."""
    story.publish("web", "1", "api")
    address = client.get(f"{PAIR}/latest").json["_links"]["pb:pact-version"]["href"]
    links = client.get(f"{address}/metadata/%2F%3F!%20").json["_links"]
    publish = links["pb:publish-verification-results"]["href"]
    assert publish == f"{address}/metadata/%2F%3F%21%20/verification-results"
    result = {"success": True, "providerApplicationVersion": "10"}
    assert client.post(publish, json=result).status_code == 201


def conflicting() -> dict[str, Any]:
    """Return a pact with the interaction of `contract` but for its path."""
    document = contract("web", "api")
    document["interactions"][0]["request"]["path"] = "/elsewhere"
    return document


def test_a_merge_that_is_a_conflict_changes_nothing(client: ApiClient) -> None:
    """409 without a body for clients of HAL alone, as they know it; others are told what to do."""
    client.put(f"{PAIR}/version/1", json=contract("web", "api"))
    hal = client.patch(f"{PAIR}/version/1", json=conflicting(), headers={"Accept": "application/hal+json"})
    assert (hal.status_code, hal.data) == (409, b"")
    told = client.patch(f"{PAIR}/version/1", json=conflicting(), headers={"Accept": "application/json"})
    assert told.status_code == 409
    assert "the interaction 'a request for a' is there with another request" in told.json["error"]
    assert client.get(f"{PAIR}/version/1").json["interactions"][0]["request"]["path"] == "/a"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_name_that_looks_like_another_is_refused(client: ApiClient, story: Story, method: str) -> None:
    """As text, which is the form that clients know, or as a problem for those that accept one; nobody is made."""
    story.participant("web")
    path = "/pacts/provider/api/consumer/Web-Service/version/1"

    def send(accept: str) -> Any:
        document = contract("Web-Service", "api")
        return client.open(path, method=method, json=document, headers={"Accept": accept})

    text = send("application/hal+json")
    assert (text.status_code, text.mimetype) == (409, "text/plain")
    assert "web" in text.text
    problem = send("application/hal+json, application/problem+json")
    assert (problem.status_code, problem.mimetype) == (409, "application/problem+json")
    assert client.get("/pacticipants/Web-Service").status_code == 404


def test_a_pact_can_be_deleted(client: ApiClient, story: Story) -> None:
    """A deleted pact is gone, its version stays, and the version may publish another content."""
    story.publish("web", "1", "api")
    assert client.delete(f"{PAIR}/version/1").status_code == 200
    assert client.get(f"{PAIR}/version/1").status_code == 404
    assert client.get("/pacticipants/web/versions/1").status_code == 200
    assert client.put(f"{PAIR}/version/1", json=contract("web", "api", "b")).status_code == 201


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/pacts/provider/none/consumer/web/version/1", "provider with name 'none'"),
        ("/pacts/provider/api/consumer/none/version/1", "consumer with name 'none'"),
        (f"{PAIR}/version/9", "web 9 has no pact with api"),
        (f"{PAIR}/pact-version/{'0' * 40}", "No pact of web with api has the content"),
    ],
)
def test_what_is_missing_is_named(client: ApiClient, story: Story, path: str, text: str) -> None:
    """A 404 says which part of the address is unknown."""
    story.publish("web", "1", "api")
    answer = client.get(path)
    assert answer.status_code == 404
    assert text in answer.json["error"]
