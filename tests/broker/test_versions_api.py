"""Participants, their versions, branches and tags over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

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
