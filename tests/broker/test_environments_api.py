"""Environments, deployments and releases over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

PROD = {"name": "prod", "displayName": "Production", "production": True}


@pytest.fixture
def environment(client: ApiClient) -> str:
    """The UUID of the environment prod."""
    uuid: str = client.post("/environments", json=PROD).json["uuid"]
    return uuid


def record(client: ApiClient, environment: str, number: str, **body: Any) -> Any:
    """Record that web runs in this version, and return the answer."""
    url = f"/pacticipants/web/versions/{number}/deployed-versions/environment/{environment}"
    return client.post(url, json=body)


def live(client: ApiClient, environment: str) -> list[tuple[str, str | None]]:
    """What is deployed: versions with their instances."""
    answer = client.get(f"/environments/{environment}/deployed-versions/currently-deployed").json
    return [
        (each["_embedded"]["version"]["number"], each.get("applicationInstance"))
        for each in answer["_embedded"]["deployedVersions"]
    ]


@pytest.fixture(autouse=True)
def versions(story: Story) -> None:
    """The versions of web."""
    for number in "123":
        story.version("web", number)


def test_environments_are_made_and_changed(client: ApiClient, environment: str) -> None:
    """POST creates with a UUID, PUT replaces, DELETE removes."""
    assert client.get(f"/environments/{environment}").json["displayName"] == "Production"
    changed = client.put(f"/environments/{environment}", json={"name": "live", "production": False}).json
    assert (changed["name"], changed["displayName"], changed["production"]) == ("live", "Live", False)
    assert client.delete(f"/environments/{environment}").status_code == 204
    assert client.get(f"/environments/{environment}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"production": True}, "name"),
        ({"name": "test"}, "production"),
        ({"name": "two words", "production": False}, "name"),
        ({"name": "test", "production": "no"}, "production"),
        ({"name": "prod", "production": True}, "name"),
        ({"name": "test", "production": True, "contacts": [{}]}, "contacts"),
    ],
)
def test_bad_environments_are_refused(client: ApiClient, environment: str, body: Any, field: str) -> None:
    """A name without spaces that is not taken and the production flag are needed."""
    answer = client.post("/environments", json=body)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {field}
    embedded = client.get("/environments").json["_embedded"]
    assert [each["uuid"] for each in embedded["environments"]] == [environment]


def test_a_deployment_replaces_the_one_before(client: ApiClient, environment: str) -> None:
    """An instance runs one version at a time, and recording the same again gives the same record."""
    first, again = record(client, environment, "1"), record(client, environment, "1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    record(client, environment, "2")
    assert live(client, environment) == [("2", None)]
    assert client.get(first.headers["Location"]).json["currentlyDeployed"] is False


def test_instances_run_beside_each_other(client: ApiClient, environment: str) -> None:
    """Each application instance is a slot of its own; `target` is its former name."""
    record(client, environment, "1")
    record(client, environment, "2", applicationInstance="eu")
    record(client, environment, "3", target="us")
    assert sorted(live(client, environment)) == [("1", None), ("2", "eu"), ("3", "us")]


def test_a_deployment_ends_once(client: ApiClient, environment: str) -> None:
    """An ended deployment can't be begun again: that would be another one."""
    deployed: str = record(client, environment, "1").headers["Location"]
    merge_patch = {"content_type": "application/merge-patch+json"}
    assert client.patch(deployed, data='{"currentlyDeployed": false}', **merge_patch).status_code == 200
    assert live(client, environment) == []
    again = client.patch(deployed, data='{"currentlyDeployed": true}', **merge_patch)
    assert again.status_code == 422
    assert set(again.json["errors"]) == {"currentlyDeployed"}
    assert client.patch(deployed, data='{"currentlyDeployed": false}', **merge_patch).status_code == 200
    assert client.patch(deployed, data='{"currentlyDeployed": "no"}', **merge_patch).status_code == 400


def test_releases_are_supported_side_by_side(client: ApiClient, environment: str) -> None:
    """Several released versions may be supported at once, until the support of each ends."""
    for number, status in (("1", 201), ("2", 201), ("1", 200)):
        url = f"/pacticipants/web/versions/{number}/released-versions/environment/{environment}"
        assert client.post(url, json={}).status_code == status
    url = f"/environments/{environment}/released-versions/currently-supported"
    released = client.get(url, query_string={"pacticipant": "web", "version": "1"}).json
    (first,) = released["_embedded"]["releasedVersions"]
    client.patch(
        first["_links"]["self"]["href"],
        data='{"currentlySupported": false}',
        content_type="application/merge-patch+json",
    )
    left = client.get(url).json["_embedded"]["releasedVersions"]
    assert [each["_embedded"]["version"]["number"] for each in left] == ["2"]


def test_only_what_exists_can_be_deployed(client: ApiClient, environment: str) -> None:
    """A typing error in the version or the environment must not look like a deployment."""
    assert record(client, environment, "99").status_code == 404
    assert record(client, "00000000", "1").status_code == 404
    assert client.get("/pacticipants/web/versions/99").status_code == 404


def test_a_version_shows_where_it_was(client: ApiClient, environment: str) -> None:
    """What has ended stays in the version's own lists and links, marked as such, and leaves all others."""
    deployed: str = record(client, environment, "1").headers["Location"]
    record(client, environment, "2")
    version = client.get("/pacticipants/web/versions/1").json
    (was,) = version["_links"]["pb:deployed-environments"]
    assert (was["href"], was["name"], was["currently_deployed"]) == (deployed, "Production", False)
    url = f"/pacticipants/web/versions/1/deployed-versions/environment/{environment}"
    (listed,) = client.get(url).json["_embedded"]["deployedVersions"]
    assert listed == client.get(deployed).json
    (now,) = client.get("/pacticipants/web").json["_links"]["pb:deployed-environments"]
    assert now["currently_deployed"] is True
    assert live(client, environment) == [("2", None)]


def test_a_release_comes_back_at_its_address(client: ApiClient, environment: str) -> None:
    """Releasing again what is no longer supported revives the same record, and says where it is."""
    url = f"/pacticipants/web/versions/1/released-versions/environment/{environment}"
    released: str = client.post(url).headers["Location"]
    client.patch(released, data='{"currentlySupported": false}', content_type="application/merge-patch+json")
    (ended,) = client.get("/pacticipants/web/versions/1").json["_links"]["pb:released-environments"]
    assert (ended["href"], ended["currently_supported"]) == (released, False)
    again = client.post(url)
    assert (again.status_code, again.headers["Location"]) == (200, released)
    assert "supportEndedAt" not in client.get(released).json


def test_an_environment_in_use_can_be_deleted(client: ApiClient, environment: str) -> None:
    """The record of what was live there goes with it; the versions stay."""
    deployed: str = record(client, environment, "1").headers["Location"]
    client.post(f"/pacticipants/web/versions/2/released-versions/environment/{environment}")
    assert client.delete(f"/environments/{environment}").status_code == 204
    assert client.get(deployed).status_code == 404
    links = client.get("/pacticipants/web/versions/2").json["_links"]
    assert links["pb:released-environments"] == links["pb:record-release"] == []


@pytest.mark.parametrize("field", ["applicationInstance", "target"])
@pytest.mark.parametrize("value", [5, "two\nlines", "end\n", "x" * 501, ["eu"]])
def test_bad_instances_are_refused(client: ApiClient, environment: str, field: str, value: Any) -> None:
    """An application instance is a text on one line."""
    answer = record(client, environment, "1", **{field: value})
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {field}
    assert live(client, environment) == []


def test_what_is_deployed_is_found_by_instance_and_name(client: ApiClient, environment: str) -> None:
    """Filters narrow each other down; a blank instance means none, a blank name anybody."""
    client.put("/pacticipants/api/versions/1")
    url = f"/pacticipants/api/versions/1/deployed-versions/environment/{environment}"
    client.post(url, json={"applicationInstance": "eu"})
    record(client, environment, "1")
    record(client, environment, "2", applicationInstance="eu")
    listed = f"/environments/{environment}/deployed-versions/currently-deployed"
    for query, count in (
        ("applicationInstance=eu", 2),
        ("target=eu&pacticipant=web", 1),
        ("applicationInstance=&pacticipant=", 1),
        ("target=", 1),
        ("pacticipant=web&version=2", 1),
        ("pacticipant=nobody", 0),
        ("applicationInstance=us", 0),
    ):
        found = client.get(f"{listed}?{query}").json["_embedded"]["deployedVersions"]
        assert len(found) == count
