"""Overrides of the gate over HTTP: who decides that a pair does not count, why, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from api_client import ApiClient
from story import Story
from tallystick_broker.config import Config
from tallystick_broker.models import Override

MERGE_PATCH = "application/merge-patch+json"


@pytest.fixture
def broken(story: Story) -> Story:
    """A world in which web 1 can't go to production because of api 10."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"), success=False)
    story.deploy("api", "10", "production")
    return story


def in_days(days: float) -> str:
    """Return the moment so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def body(**others: Any) -> dict[str, Any]:
    """Return the body of a request that overrides web with api in production; None leaves a member out."""
    found = {
        "environment": "production",
        "consumer": "web",
        "provider": "api",
        "reason": "The fix of api is on its way.",
        "createdBy": "ada",
        "expiresAt": in_days(7),
    } | others
    return {name: value for name, value in found.items() if value is not None}


def can_deploy(client: ApiClient) -> Any:
    """Return the answer for web 1."""
    return client.get("/can-i-deploy?pacticipant=web&version=1&environment=production").json


@pytest.mark.usefixtures("broken")
def test_an_override_is_shown_where_it_changes_something(client: ApiClient) -> None:
    """In the summary, in the row, in the reasons, and in the notices that old clients show."""
    assert can_deploy(client)["summary"]["deployable"] is False
    made = client.post("/overrides", json=body())
    assert made.status_code == 201
    answer = can_deploy(client)
    assert (answer["summary"]["deployable"], answer["summary"]["overridden"]) == (True, 1)
    (row,) = answer["matrix"]
    assert row["override"]["createdBy"] == "ada"
    assert row["override"]["_links"]["self"]["href"] == made.headers["Location"]
    assert row["verificationResult"]["success"] is False
    (reason,) = [each for each in answer["reasons"] if each["code"] == "OVERRIDDEN"]
    assert client.get(reason["link"]).json["reason"] == "The fix of api is on its way."
    assert any("Overridden by ada" in notice["text"] for notice in answer["notices"])


@pytest.mark.usefixtures("broken")
def test_an_override_that_ended_stays_on_record(client: ApiClient) -> None:
    """Ended, it has no effect and is listed only with `all`; who made and who ended it can be read for good."""
    address = client.post("/overrides", json=body()).headers["Location"]
    assert client.get(address).json["inEffect"] is True
    for by in ("bob", "carol"):
        answer = client.patch(address, json={"inEffect": False, "endedBy": by}, content_type=MERGE_PATCH)
        assert (answer.status_code, answer.json["inEffect"], answer.json["endedBy"]) == (200, False, "bob")
    assert can_deploy(client)["summary"]["deployable"] is False
    assert client.get("/overrides").json["_embedded"]["overrides"] == []
    (listed,) = client.get("/overrides?all=true").json["_embedded"]["overrides"]
    assert (listed["createdBy"], listed["endedBy"]) == ("ada", "bob")
    assert listed["endedAt"] is not None


def test_an_override_that_expired_makes_room_for_another(client: ApiClient, broken: Story) -> None:
    """Time ends it without anybody doing something; then the same pair may be overridden again."""
    client.post("/overrides", json=body())
    past = datetime.now(UTC) - timedelta(minutes=1)
    broken.session.query(Override).update({"expires_at": past})
    assert can_deploy(client)["summary"]["deployable"] is False
    assert client.get("/overrides").json["_embedded"]["overrides"] == []
    assert client.post("/overrides", json=body(reason="Again.")).status_code == 201
    first, second = client.get("/overrides?all=true").json["_embedded"]["overrides"]
    assert (first["inEffect"], second["inEffect"]) == (True, False)
    assert second["endedAt"] == second["expiresAt"]


@pytest.mark.usefixtures("broken")
def test_the_same_override_twice_is_one(client: ApiClient) -> None:
    """A request that is repeated makes nothing new; another decision about the same has to end the first one."""
    told = body()
    first, second = (client.post("/overrides", json=told) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    refused = client.post("/overrides", json=told | {"createdBy": "bob"})
    assert refused.status_code == 409
    assert "ada has overridden this until" in refused.json["error"]
    assert client.post("/overrides", json=told | {"consumerVersion": "1"}).status_code == 201


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": None}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"createdBy": None}, "createdBy"),
        ({"expiresAt": None}, "expiresAt"),
        ({"expiresAt": "tomorrow"}, "expiresAt"),
        ({"expiresAt": "2030-01-31T12:00:00"}, "expiresAt"),
        ({"expiresAt": in_days(-1)}, "expiresAt"),
        ({"expiresAt": in_days(15)}, "expiresAt"),
        ({"environment": "none"}, "environment"),
        ({"consumer": "none"}, "consumer"),
        ({"provider": "none"}, "provider"),
        ({"consumerVersion": "9"}, "consumerVersion"),
        ({"providerVersion": "9"}, "providerVersion"),
    ],
)
def test_an_override_needs_who_why_what_and_until_when(
    client: ApiClient, changes: dict[str, str | None], field: str
) -> None:
    """What is missing, unknown or too long is named, and nothing is stored."""
    answer = client.post("/overrides", json=body(**changes))
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {field}
    assert client.get("/overrides?all=true").json["_embedded"]["overrides"] == []


@pytest.mark.usefixtures("broken")
def test_how_long_an_override_may_last_is_a_setting(app: Flask, client: ApiClient) -> None:
    """Fourteen days by default."""
    app.config["TALLYSTICK"] = Config(override_days=30)
    assert client.post("/overrides", json=body(expiresAt=in_days(29))).status_code == 201


def test_overrides_are_found_by_what_they_are_about(client: ApiClient, broken: Story) -> None:
    """By environment and by participant, in pages if they are asked for."""
    broken.publish("shop", "1", "api")
    broken.environment("staging")
    client.post("/overrides", json=body())
    client.post("/overrides", json=body(environment="staging"))
    client.post("/overrides", json=body(consumer="shop"))

    def found(query: str) -> list[tuple[str, str]]:
        listed = client.get(f"/overrides?{query}").json["_embedded"]["overrides"]
        return [(each["environment"]["name"], each["consumer"]["name"]) for each in listed]

    assert found("environment=staging") == [("staging", "web")]
    assert found("pacticipant=shop") == [("production", "shop")]
    assert len(found("pacticipant=api")) == 3
    assert found("size=1") == [("production", "shop")]


def test_what_does_not_exist_is_not_found(client: ApiClient) -> None:
    """An unknown override is a 404, to read and to end."""
    assert client.get("/overrides/none").status_code == 404
    ended = {"inEffect": False, "endedBy": "bob"}
    assert client.patch("/overrides/none", json=ended, content_type=MERGE_PATCH).status_code == 404


@pytest.mark.usefixtures("broken")
def test_an_override_cannot_be_taken_up_again(client: ApiClient) -> None:
    """Only `inEffect: false` may be sent, with a name."""
    address = client.post("/overrides", json=body()).headers["Location"]
    for wrong in ({"inEffect": True, "endedBy": "bob"}, {"inEffect": False}):
        assert client.patch(address, json=wrong, content_type=MERGE_PATCH).status_code == 400
    assert client.get(address).json["inEffect"] is True
