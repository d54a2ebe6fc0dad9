"""Participants over HTTP: their fields, names for people, lists, and what goes with them."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story
from tallystick_broker.participants import display_name

MERGE_PATCH = "application/merge-patch+json"
FIELDS = {
    "displayName": "The Web",
    "mainBranch": "trunk",
    "repositoryUrl": "https://git.example/web",
    "repositoryName": "web",
    "repositoryNamespace": "shop",
}


def fields(client: ApiClient, name: str = "web") -> dict[str, Any]:
    """The fields of the participant as they are stored."""
    shown = client.get(f"/pacticipants/{name}").json
    return {field: shown[field] for field in FIELDS if field in shown}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("foo-bar", "Foo Bar"),
        ("fooBarBaz", "Foo Bar Baz"),
        ("foo_bar  baz", "Foo Bar Baz"),
        ("foo.bar", "Foo Bar"),
        ("fooHTTPClient", "Foo HTTP Client"),
        ("HTTP", "HTTP"),
        ("foo3d-v2", "Foo3d V2"),
        ("foo2Bar", "Foo2 Bar"),
        ("überFunk", "Über Funk"),
        ("-.-", "-.-"),
    ],
)
def test_a_name_for_people_is_made_up(name: str, shown: str) -> None:
    """Words end at humps, dots, dashes, underscores and spaces, and begin with a capital."""
    assert display_name(name) == shown


@pytest.mark.parametrize("content_type", ["application/json", MERGE_PATCH])
def test_a_patch_changes_what_it_names(client: ApiClient, content_type: str) -> None:
    """Both types that clients send change the fields that are there, and null empties one."""
    client.post("/pacticipants", json={"name": "web", **FIELDS})
    body = {"repositoryUrl": None, "repositoryName": "shop-web"}
    answer = client.patch("/pacticipants/web", json=body, content_type=content_type)
    assert answer.status_code == 200
    kept = {field: value for field, value in FIELDS.items() if field != "repositoryUrl"}
    assert fields(client) == kept | {"repositoryName": "shop-web"}


def test_a_put_replaces_everything_but_makes_nothing(client: ApiClient) -> None:
    """Fields left out are emptied, the display name is made up anew; who is not there is not created."""
    client.post("/pacticipants", json={"name": "web", **FIELDS})
    assert client.put("/pacticipants/web", json={"repositoryName": "x"}).status_code == 200
    assert fields(client) == {"displayName": "Web", "repositoryName": "x"}
    assert client.put("/pacticipants/api", json={}).status_code == 404
    assert client.put("/pacticipants/web", json={}, content_type=MERGE_PATCH).status_code == 415


def test_a_blank_main_branch_is_none(client: ApiClient) -> None:
    """An empty text is how some clients say that they know no main branch."""
    client.patch("/pacticipants/web", json={"mainBranch": "trunk"})
    client.patch("/pacticipants/web", json={"mainBranch": ""})
    assert "mainBranch" not in fields(client)


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        ({"mainBranch": "my main"}, {"mainBranch"}),
        ({"mainBranch": "main\n"}, {"mainBranch"}),
        ({"mainBranch": "m" * 501}, {"mainBranch"}),
        ({"displayName": " "}, {"displayName"}),
        ({"displayName": "two\nlines"}, {"displayName"}),
        ({"name": "web\n"}, {"name"}),
        ({"repositoryUrl": 7, "repositoryName": []}, {"repositoryUrl", "repositoryName"}),
        ({"name": "", "mainBranch": "a b", "displayName": 3}, {"name", "mainBranch", "displayName"}),
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_each_field_at_fault_is_named(
    client: ApiClient, story: Story, method: str, body: dict[str, Any], at_fault: set[str]
) -> None:
    """All faults are told at once, whichever way the fields are sent, and nothing is stored."""
    story.participant("web")
    url = "/pacticipants" if method == "post" else "/pacticipants/web"
    answer = getattr(client, method)(url, json={"name": "web 2"} | body)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == at_fault
    assert fields(client) == {"displayName": "Web"}
    assert len(client.get("/pacticipants").json["_embedded"]["pacticipants"]) == 1


def test_participants_are_found_by_a_part_of_their_name(client: ApiClient, story: Story) -> None:
    """Case does not matter, no character stands for another one, and the list is by name."""
    for name in ("web_shop", "webxshop", "The Web", "api"):
        story.participant(name)
    for query, names in (("WEB", ["The Web", "web_shop", "webxshop"]), ("_", ["web_shop"]), ("%", [])):
        found = client.get("/pacticipants", query_string={"q": query}).json["_embedded"]["pacticipants"]
        assert [each["name"] for each in found] == names


def test_a_list_shows_each_one_as_it_is(client: ApiClient, story: Story) -> None:
    """Labels, newest version and deployments belong to their own participant, in lists too."""
    story.version("web", "9")
    story.version("web", "1")
    story.version("api", "5")
    story.participant("idle")
    story.deploy("api", "5", "prod")
    client.put("/pacticipants/web/labels/red")
    listed = client.get("/pacticipants").json["_embedded"]["pacticipants"]
    assert listed == [client.get(f"/pacticipants/{name}").json for name in ("api", "idle", "web")]
    assert [each["_embedded"].get("latestVersion", {}).get("number") for each in listed] == ["5", None, "1"]


def test_what_hangs_on_a_participant_goes_with_it(client: ApiClient, story: Story) -> None:
    """Deleting it deletes its versions, contracts in both roles, results and deployments, and nothing else."""
    story.publish("web", "1", "api", branch="main", tags=["dev"]).verify("api", "7", of=("web", "1"))
    story.publish("api", "7", "db").verify("db", "3", of=("api", "7"))
    story.publish("web", "1", "db")
    story.deploy("api", "7", "prod")
    assert client.delete("/pacticipants/api").status_code == 204
    environment = story.environment("prod").uuid
    deployed = client.get(f"/environments/{environment}/deployed-versions/currently-deployed").json
    assert deployed["_embedded"]["deployedVersions"] == []
    assert client.get("/pacts/provider/api/consumer/web/latest").status_code == 404
    assert client.get("/pacts/provider/db/consumer/web/latest").status_code == 200
    pacts = client.get("/pacticipants/web/versions/1").json["_links"]["pb:pact-versions"]
    assert [pact["href"].split("/consumer")[0].rpartition("/")[2] for pact in pacts] == ["db"]


@pytest.mark.parametrize(
    ("present", "new", "alike"),
    [
        ("foo-bar", "FooBars Service", True),
        ("HTTPClient", "http-client", True),
        ("foo bar", "bar foo", False),
        ("api", "provider", False),
        ("Services", "service", True),
        ("foo", "food", False),
    ],
)
def test_a_new_name_is_held_against_those_there(
    client: ApiClient, story: Story, present: str, new: str, alike: bool
) -> None:
    """Case, plural and generic words make no other name, unless there is nothing else in it; order does."""
    story.participant(present)
    body = {"consumer": {"name": "web"}, "provider": {"name": new}, "interactions": []}
    answer = client.put(f"/pacts/provider/{new}/consumer/web/version/1", json=body)
    assert answer.status_code == (409 if alike else 201)
    client.post("/pacticipants", json={"name": new})
    assert client.put(f"/pacts/provider/{new}/consumer/web/version/1", json=body).status_code < 300
