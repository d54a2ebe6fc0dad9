"""The dashboard over HTTP: the newest contracts of each pair, and how they stand."""

from typing import Any

from api_client import ApiClient
from story import Story

PAIR = "/dashboard/provider/api/consumer/web"


def items(client: ApiClient, path: str = PAIR) -> list[dict[str, Any]]:
    """The items of the dashboard."""
    found: list[dict[str, Any]] = client.get(path).json["items"]
    return found


def numbers(client: ApiClient, path: str = PAIR) -> list[str]:
    """The consumer versions of the items."""
    return [item["consumer"]["version"]["number"] for item in items(client, path)]


def test_shows_the_newest_overall_and_of_each_tag(client: ApiClient, story: Story) -> None:
    """A version is there once, however many reasons there are for it; the last one to change comes first.

    Heads of branches are no reason (a rule of the Pact Broker).
    """
    story.publish("web", "1", "api", content="1", branch="main", tags=["prod"])
    story.publish("web", "2", "api", content="2", branch="main")
    story.publish("web", "3", "api", content="3", branch="main", tags=["dev"])
    story.publish("web", "4", "api", content="4", branch="feat/x", tags=["dev"])
    story.publish("web", "5", "api", content="5")
    assert numbers(client) == ["5", "4", "1"]
    shown = {
        item["consumer"]["version"]["number"]: (
            item["consumer"]["version"]["branch"],
            [tag["name"] for tag in item["pactTags"]],
        )
        for item in items(client)
    }
    assert shown == {"5": (None, []), "4": ("feat/x", ["dev"]), "1": (None, ["prod"])}


def test_a_contract_stands_as_its_newest_result(client: ApiClient, story: Story) -> None:
    """Never verified, verified, or failed; a failure that was still pending is told apart."""
    story.publish("web", "1", "api")
    assert items(client)[0]["verificationStatus"] == "never"
    assert items(client)[0]["latestVerificationResult"] is None
    story.verify("api", "10", ("web", "1"))
    assert items(client)[0]["verificationStatus"] == "success"
    story.verify("api", "11", ("web", "1"), success=False)
    assert items(client)[0]["verificationStatus"] == "failed"
    story.verify("api", "12", ("web", "1"), success=False, pending=True)
    assert items(client)[0]["verificationStatus"] == "failed_pending"
    assert items(client)[0]["provider"]["version"]["number"] == "12"


def test_the_verifying_version_has_its_branches_and_tags(client: ApiClient, story: Story) -> None:
    """Of its tags it is told whether a newer version has them, too."""
    story.publish("web", "1", "api").version("api", "10", branch="main", tags=["prod", "test"])
    story.verify("api", "10", ("web", "1")).tag("api", "11", "test")
    (item,) = items(client)
    assert item["provider"]["version"]["headBranchNames"] == ["main"]
    tags = {tag["name"]: tag["latest"] for tag in item["latestVerificationResultTags"]}
    assert tags == {"prod": True, "test": False}
    assert item["latestVerificationResultTags"][0]["_links"]["self"]["href"].endswith(
        "/api/versions/10/tags/prod"
    )


def test_an_earlier_revision_is_not_shown(client: ApiClient, story: Story) -> None:
    """Of a contract that interactions were added to, only what is in effect counts."""
    story.publish("web", "1", "api")
    client.patch(
        "/pacts/provider/api/consumer/web/version/1",
        json={"interactions": [{"description": "another", "request": {}, "response": {}}]},
    )
    assert numbers(client) == ["1"]


def test_everybodys_dashboard_has_pages_of_thirty(client: ApiClient, story: Story) -> None:
    """Without a wish a page has thirty items, as on the Pact Broker."""
    for number in range(31):
        story.publish(f"c{number}", "1", "api")
    answer = client.get("/dashboard").json
    assert len(answer["items"]) == 30
    assert answer["page"] == {"number": 1, "size": 30, "totalElements": 31, "totalPages": 2}
    assert len(client.get(answer["_links"]["next"]["href"]).json["items"]) == 1
    assert client.get("/dashboard?pageSize=x").status_code == 400


def test_the_dashboard_costs_the_same_however_long_it_is(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """Whatever is shown of a contract is read for all of them at once."""

    def count() -> int:
        statements.clear()
        items(client, "/dashboard?size=100")
        return len(statements)

    story.publish("web", "1", "api", branch="main", tags=["dev"]).verify("api", "1", ("web", "1"))
    before = count()
    for number in range(20):
        story.publish(f"c{number}", "1", f"p{number}", branch="main", tags=["dev"])
        story.verify(f"p{number}", "1", (f"c{number}", "1"))
    assert count() == before <= 10


def test_a_pair_without_contracts_has_nothing_to_show(client: ApiClient, story: Story) -> None:
    """Known participants without a contract are an empty dashboard; unknown ones are not found."""
    story.publish("web", "1", "api")
    assert items(client, "/dashboard/provider/web/consumer/api") == []
    assert client.get("/dashboard/provider/none/consumer/web").status_code == 404


def test_the_dashboard_is_a_table_in_plain_text(client: ApiClient, story: Story) -> None:
    """A person at a terminal reads one line for each contract."""
    story.publish("web", "1", "api", tags=["dev"]).verify("api", "10", ("web", "1"))
    answer = client.get(PAIR, headers={"Accept": "text/plain"})
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines()[2].split() == [
        "web",
        "|",
        "1",
        "|",
        "dev",
        "|",
        "api",
        "|",
        "10",
        "|",
        "|",
        "success",
    ]
