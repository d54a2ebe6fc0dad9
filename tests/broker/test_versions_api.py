"""Participants, their versions, branches and tags over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

MERGE_PATCH = "application/merge-patch+json"
NAMES = ["web", "web shop", "a/b", "50%2F50", "ünï/cödé", "a+b", "x?y#z", "'; DROP TABLE versions", "~.-_"]


def quoted(name: str) -> str:
    """The name as a path segment."""
    return "".join(f"%{byte:02X}" for byte in name.encode())


@pytest.mark.parametrize("name", NAMES)
def test_any_name_works_in_an_address(client: ApiClient, name: str) -> None:
    """Names may hold any character; the addresses in answers lead back to them."""
    segment = quoted(name)
    answer = client.put(f"/pacticipants/{segment}/branches/{segment}/versions/{segment}")
    assert answer.status_code == 201
    assert client.get(answer.headers["Location"]).status_code == 200
    version = client.get(answer.json["_links"]["pb:version"]["href"]).json
    assert version["number"] == name
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == [name]
    assert client.get("/pacticipants").json["_embedded"]["pacticipants"][0]["name"] == name


@pytest.mark.parametrize("segment", ["%20", "a%01b", "%00", "x" * 501])
def test_what_is_no_name_is_refused(client: ApiClient, segment: str) -> None:
    """A blank, a control character or an overlong text is no name, and nothing is made."""
    answer = client.put(f"/pacticipants/web/versions/1/tags/{segment}")
    assert answer.status_code == 400
    assert client.get("/pacticipants/web").status_code == 404


def test_a_branch_stands_at_the_version_that_joined_last(client: ApiClient) -> None:
    """A version that is on the branch already moves nothing when it is put there again."""
    for number, status in (("1", 201), ("2", 201), ("1", 200)):
        assert client.put(f"/pacticipants/web/branches/main/versions/{number}").status_code == status
    assert client.get("/pacticipants/web/branches/main/latest-version").json["number"] == "2"


def test_a_branch_falls_back_when_its_head_leaves(client: ApiClient) -> None:
    """When the head is deleted the newest version that is left is the head."""
    for number in "123":
        client.put(f"/pacticipants/web/branches/main/versions/{number}")
    assert client.delete("/pacticipants/web/branches/main/versions/3").status_code == 204
    assert client.get("/pacticipants/web/branches/main/latest-version").json["number"] == "2"
    assert client.delete("/pacticipants/web/versions/2").status_code == 204
    assert client.get("/pacticipants/web/branches/main/latest-version").json["number"] == "1"


def test_the_main_branch_is_recognised(client: ApiClient) -> None:
    """The first branch with a usual name becomes the main branch; one that was set stays."""
    client.put("/pacticipants/web/branches/feat/versions/1")
    assert "mainBranch" not in client.get("/pacticipants/web").json
    client.put("/pacticipants/web/branches/main/versions/1")
    client.put("/pacticipants/web/branches/master/versions/1")
    assert client.get("/pacticipants/web").json["mainBranch"] == "main"


def test_a_tag_named_like_an_environment_deploys(client: ApiClient, story: Story) -> None:
    """The way of older pipelines: tagging a version with an environment's name records its deployment."""
    environment = story.environment("prod")
    client.put("/pacticipants/web/versions/1/tags/prod")
    url = f"/environments/{environment.uuid}/deployed-versions/currently-deployed"
    deployed = client.get(url).json["_embedded"]["deployedVersions"]
    assert [each["_embedded"]["version"]["number"] for each in deployed] == ["1"]


def test_a_version_knows_what_may_be_recorded_of_it(client: ApiClient, story: Story) -> None:
    """Clients look an environment up by its name in the version's links, arrays even when empty."""
    story.version("web", "1")
    links = client.get("/pacticipants/web/versions/1").json["_links"]
    assert links["pb:record-deployment"] == links["pb:deployed-environments"] == []
    story.environment("prod")
    links = client.get("/pacticipants/web/versions/1").json["_links"]
    assert [link["name"] for link in links["pb:record-deployment"]] == ["prod"]
    assert [link["name"] for link in links["pb:record-release"]] == ["prod"]


def test_participants_are_made_and_changed(client: ApiClient) -> None:
    """POST creates, PATCH changes what is sent, PUT replaces, DELETE removes."""
    made = client.post("/pacticipants", json={"name": "web", "mainBranch": "trunk"})
    assert (made.status_code, made.headers["Location"]) == (201, "http://localhost/pacticipants/web")
    client.patch("/pacticipants/web", json={"repositoryUrl": "https://git.example/web"})
    assert client.get("/pacticipants/web").json["mainBranch"] == "trunk"
    client.put("/pacticipants/web", json={"repositoryName": "web"})
    assert "mainBranch" not in client.get("/pacticipants/web").json
    assert client.delete("/pacticipants/web").status_code == 204
    assert client.get("/pacticipants/web").status_code == 404


def test_a_participant_is_made_once(client: ApiClient) -> None:
    """Creating a participant that is there is a conflict, which says so."""
    client.post("/pacticipants", json={"name": "web"})
    answer = client.post("/pacticipants", json={"name": "web"})
    assert answer.status_code == 409
    assert "web" in answer.text


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 5}, {"name": "web", "mainBranch": 5}, []])
def test_bad_participants_are_refused(client: ApiClient, body: Any) -> None:
    """A name is needed, and fields are texts."""
    assert client.post("/pacticipants", json=body).status_code == 400
    assert client.get("/pacticipants").json["_embedded"]["pacticipants"] == []


def tags(client: ApiClient, number: str = "1") -> set[str]:
    """The tags of web's version."""
    embedded = client.get(f"/pacticipants/web/versions/{number}").json["_embedded"]
    return {tag["name"] for tag in embedded["tags"]}


def test_tags_in_a_body_are_all_that_there_are(client: ApiClient) -> None:
    """Tags sent with a version replace those before, and leaving them out leaves them alone."""
    url = "/pacticipants/web/versions/1"
    for body, left in (
        ({"tags": [{"name": "dev"}, {"name": "prod"}, {"name": "dev"}]}, {"dev", "prod"}),
        ({"tags": [{"name": "prod"}, {"name": "test"}]}, {"prod", "test"}),
        ({"buildUrl": "https://ci.example/1"}, {"prod", "test"}),
        ({"tags": []}, set[str]()),
    ):
        assert client.put(url, json=body).status_code in {200, 201}
        assert tags(client) == left
    client.patch(url, json={"tags": [{"name": "dev"}]}, content_type=MERGE_PATCH)
    client.patch(url, json={"buildUrl": None}, content_type=MERGE_PATCH)
    assert tags(client) == {"dev"}


def test_tags_in_a_body_do_nothing_else(client: ApiClient, story: Story) -> None:
    """Only a tag put by itself makes a branch, a main branch or a deployment."""
    environment = story.environment("main").uuid
    client.put("/pacticipants/web/versions/1", json={"tags": [{"name": "main"}]})
    assert client.get("/pacticipants/web/branches").json["_embedded"]["branches"] == []
    assert "mainBranch" not in client.get("/pacticipants/web").json
    deployed = client.get(f"/environments/{environment}/deployed-versions/currently-deployed").json
    assert deployed["_embedded"]["deployedVersions"] == []


def test_only_the_first_tag_of_a_fresh_version_is_its_branch(client: ApiClient) -> None:
    """A version that has a tag or a branch is on no other branch for a further tag."""
    client.put("/pacticipants/web/versions/1/tags/dev")
    client.put("/pacticipants/web/versions/1/tags/prod")
    client.put("/pacticipants/web/branches/feat/versions/2")
    client.put("/pacticipants/web/versions/2/tags/dev")
    on = [
        {
            branch["name"]
            for branch in client.get(f"/pacticipants/web/versions/{number}").json["_embedded"]["branches"]
        }
        for number in "12"
    ]
    assert on == [{"dev"}, {"feat"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"buildUrl": 5}, "buildUrl"),
        ({"buildUrl": "ci"}, "buildUrl"),
        ({"tags": "dev"}, "tags"),
        ({"tags": [{}]}, "tags"),
        ({"tags": [{"name": " "}]}, "tags"),
    ],
)
def test_bad_versions_are_refused(client: ApiClient, body: Any, field: str) -> None:
    """A build URL is an address and a tag has a name; nothing is made of anything else."""
    answer = client.put("/pacticipants/web/versions/1", json=body)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {field}
    assert client.get("/pacticipants/web").status_code == 404


def test_a_put_replaces_and_a_patch_merges(client: ApiClient) -> None:
    """PUT without a build URL empties it, PATCH leaves it; each takes its own type only."""
    url, body = "/pacticipants/web/versions/1", {"buildUrl": "https://ci.example/1"}
    assert client.patch(url, json=body).status_code == 415
    assert client.put(url, json=body, content_type=MERGE_PATCH).status_code == 415
    assert client.patch(url, json=body, content_type=MERGE_PATCH).status_code == 201
    assert client.patch(url, json={}, content_type=MERGE_PATCH).json["buildUrl"] == body["buildUrl"]
    assert "buildUrl" not in client.put(url, json={}).json


def test_versions_are_listed_by_what_is_said_of_them(client: ApiClient, story: Story) -> None:
    """By tag, branch and environment, newest first, each shown as it is by itself."""
    story.version("web", "1", branch="main", tags=["dev"])
    story.version("web", "2", branch="main")
    story.publish("web", "3", "api", branch="feat", tags=["dev"])
    story.version("api", "1", branch="main", tags=["dev"])
    story.deploy("web", "1", "prod", "eu")
    story.release("web", "1", "prod")
    story.release("web", "3", "prod")
    story.end_support(story.release("web", "2", "prod"))
    story.deploy("api", "1", "prod")
    prod = story.environment("prod").uuid
    for path, numbers in (
        ("versions", ["3", "2", "1"]),
        ("tags/dev/versions", ["3", "1"]),
        ("branches/main/versions", ["2", "1"]),
        (f"environments/{prod}/versions", ["3", "1"]),
    ):
        listed = client.get(f"/pacticipants/web/{path}").json["_embedded"]["versions"]
        assert listed == [client.get(f"/pacticipants/web/versions/{number}").json for number in numbers]


@pytest.mark.parametrize(
    "path",
    ["tags/none/versions", "branches/none/versions", "environments/none/versions", "latest-version/none"],
)
def test_versions_of_something_unknown_are_not_there(client: ApiClient, story: Story, path: str) -> None:
    """A tag, a branch or an environment that there is not is no empty list, and neither is a pacticipant."""
    story.version("web", "1")
    assert client.get(f"/pacticipants/web/{path}").status_code == 404
    assert client.get(f"/pacticipants/nobody/{path}").status_code == 404
