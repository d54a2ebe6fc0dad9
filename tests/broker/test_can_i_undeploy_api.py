"""GET /can-i-undeploy: may this version be taken away?"""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story


def shop(story: Story) -> None:
    """A world in which web 1 is live and served by api 9 and api 10, of which only 9 honours its contract."""
    story.environment("staging")
    story.publish("web", "1", "api").deploy("web", "1", "production")
    story.verify("api", "9", of=("web", "1")).verify("api", "10", of=("web", "1"), success=False)
    story.deploy("api", "9", "production", "eu")
    story.deploy("api", "10", "production", "us")
    story.version("api", "11")


def ask(client: ApiClient, query: str) -> tuple[bool | None, list[str]]:
    """Return the answer and the codes of its reasons."""
    body = client.get(f"/can-i-undeploy?{query}").json
    return body["summary"]["deployable"], [reason["code"] for reason in body["reasons"]]


@pytest.mark.background(tell=shop)
@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("pacticipant=api&version=10", (True, ["VERIFIED"])),
        ("pacticipant=api&version=9", (False, ["FAILED"])),
        ("pacticipant=api&version=9&ignore[]=web", (True, ["NO_CONTRACTS", "IGNORED"])),
        ("pacticipant=api", (None, ["NOT_LIVE"])),
        ("pacticipant=web", (True, ["NO_CONTRACTS"])),
        ("pacticipant=web&version=1", (True, ["NO_CONTRACTS"])),
        ("pacticipant=api&version=11", (False, ["NOT_LIVE"])),
        ("pacticipant=api&version=99", (False, ["UNKNOWN_VERSION"])),
    ],
)
def test_who_stays_needs_a_provider_that_works(
    client: ApiClient, query: str, answer: tuple[bool | None, list[str]]
) -> None:
    """Each live consumer must be honoured by all that is left of its provider, and something must be left."""
    assert ask(client, f"{query}&environment=production") == answer


@pytest.mark.background(tell=shop)
def test_the_reason_is_told_in_words_of_a_removal(client: ApiClient, story: Story) -> None:
    """Who would be left alone, and what to do first."""
    story.undeploy(story.deploy("api", "10", "production", "us"))
    (reason,) = client.get("/can-i-undeploy?pacticipant=api&version=9&environment=production").json["reasons"]
    assert (
        reason["text"]
        == "web 1 (live in production) needs api, of which no other version is live in production."
    )
    assert (
        reason["next"] == "Deploy another version of api to production first, or take web 1 away before it."
    )


def test_a_released_version_can_be_taken_away(client: ApiClient, story: Story) -> None:
    """To end the support of a version is to take it away."""
    story.publish("web", "1", "api").deploy("web", "1", "production")
    story.verify("api", "9", of=("web", "1"))
    story.release("api", "9", "production")
    assert ask(client, "pacticipant=api&version=9&environment=production") == (None, ["NOT_LIVE"])


@pytest.mark.background(tell=shop)
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"pacticipant", "environment"}),
        ("pacticipant=none&environment=production", {"pacticipant"}),
        ("pacticipant=api&environment=none", {"environment"}),
        ("pacticipant=api&environment=production&ignore[][version]=1", {"ignore"}),
    ],
)
def test_what_is_missing_is_named(client: ApiClient, query: str, fields: set[str]) -> None:
    """A question that lacks something is refused with the names of the parameters at fault."""
    answer: Any = client.get(f"/can-i-undeploy?{query}")
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields
