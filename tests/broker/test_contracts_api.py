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
