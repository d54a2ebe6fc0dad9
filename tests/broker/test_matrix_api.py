"""GET /matrix: the rows, the verdict and its reasons over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story
from tallystick_broker.api.metadata import decode
from tallystick_client import Verdict

WEB = "/matrix?q[][pacticipant]=web&q[][version]=1"
MISMATCH = [
    {
        "interactionId": "1",
        "interactionDescription": "an order",
        "success": False,
        "mismatches": [{"attribute": "body", "identifier": "$.id", "description": "Expected 1 but got 2"}],
    }
]


def fail(story: Story) -> None:
    """Have web 1 go to production, where api 10 does not do what it expects."""
    story.publish("web", "1", "api", branch="main", tags=["dev"]).version("api", "10", branch="main")
    story.verify("api", "10", of=("web", "1"), success=False, test_results=MISMATCH)
    story.deploy("api", "10", "production")


def test_a_row_tells_of_both_versions_and_their_result(client: ApiClient, story: Story) -> None:
    """Each version comes with its branches, tags and environments, and links lead to contract and result."""
    fail(story)
    (row,) = client.get(f"{WEB}&environment=production&latestby=cvpv").json["matrix"]
    consumer, provider = row["consumer"]["version"], row["provider"]["version"]
    assert (consumer["number"], consumer["branch"], provider["branch"]) == ("1", "main", "main")
    assert [(tag["name"], tag["latest"]) for tag in consumer["tags"]] == [("dev", True)]
    assert [(branch["name"], branch["latest"]) for branch in provider["branches"]] == [("main", True)]
    assert [place["name"] for place in provider["environments"]] == ["production"]
    assert consumer["environments"] == provider["tags"] == []
    for address in (
        row["pact"],
        row["verificationResult"],
        row["consumer"],
        consumer,
        provider["branches"][0],
    ):
        assert client.get(address["_links"]["self"]["href"]).status_code == 200
    address = row["verificationResult"]["_links"]["self"]["href"]
    assert decode(address.split("/metadata/")[1].split("/")[0]).consumer_version_numbers == ("1",)


def test_the_latest_tag_moves_on(client: ApiClient, story: Story) -> None:
    """A tag is the latest one on the newest version that has it."""
    story.publish("web", "1", "api", tags=["dev"]).publish("web", "2", "api", tags=["dev"])
    rows = client.get("/matrix?q[][pacticipant]=web&latestby=cvpv").json["matrix"]
    tags = {row["consumer"]["version"]["number"]: row["consumer"]["version"]["tags"] for row in rows}
    assert {number: [tag["latest"] for tag in each] for number, each in tags.items()} == {
        "1": [False],
        "2": [True],
    }


def test_a_failure_is_explained(client: ApiClient, story: Story) -> None:
    """A reason has both versions, the interaction with its mismatches, what to do, and the way to the result."""
    fail(story)
    body = client.get(f"{WEB}&environment=production").json
    (reason,) = body["reasons"]
    assert {name: reason[name] for name in ("code", "type", "consumer", "provider", "interactions")} == {
        "code": "FAILED",
        "type": "error",
        "consumer": {"name": "web", "version": "1"},
        "provider": {"name": "api", "version": "10"},
        "interactions": [{"description": "an order", "mismatches": ["$.id: Expected 1 but got 2"]}],
    }
    assert reason["next"]
    assert client.get(reason["link"]).json["success"] is False
    notice = f"{reason['text']}\nNext: {reason['next']}"
    assert body["notices"] == [{"type": "error", "text": notice}]
    assert body["summary"] == {
        "deployable": False,
        "reason": notice,
        "success": 0,
        "failed": 1,
        "unknown": 0,
        "verdict": "no",
    }


def test_our_client_reads_the_answer(client: ApiClient, story: Story) -> None:
    """What the command line shows is what the broker says."""
    fail(story)
    verdict = Verdict.read(client.get(f"{WEB}&environment=production").json)
    (reason,) = verdict.reasons
    assert reason.blocks
    assert reason.interactions[0].mismatches == ("$.id: Expected 1 but got 2",)
    assert [row.success for row in verdict.rows] == [False]


def test_an_unverified_row_has_no_provider_version(client: ApiClient, story: Story) -> None:
    """Clients know an unverified contract by its nulls; the reason names the version that should verify it."""
    story.publish("web", "1", "api", branch="main").deploy("api", "10", "production")
    body = client.get(f"{WEB}&environment=production").json
    (row,), (reason,) = body["matrix"], body["reasons"]
    assert (row["provider"]["version"], row["verificationResult"]) == (None, None)
    assert (reason["code"], reason["provider"]) == ("NEVER_VERIFIED", {"name": "api", "version": "10"})
    assert client.get(reason["link"]).json["consumer"] == {"name": "web"}


def test_a_note_is_no_notice(client: ApiClient, story: Story) -> None:
    """What was ignored is counted, marked and noted; notices are the ones that clients of the Pact Broker know."""
    fail(story)
    body = client.get(f"{WEB}&environment=production&ignore[][pacticipant]=api").json
    assert (body["summary"]["deployable"], body["summary"]["ignored"]) == (True, 1)
    assert [row["ignored"] for row in body["matrix"]] == [True]
    assert [reason["code"] for reason in body["reasons"]] == ["NO_CONTRACTS", "IGNORED"]
    assert [notice["type"] for notice in body["notices"]] == ["success"]


@pytest.mark.parametrize("query", ["", "&limit=1", "&limit=1&latestby=cvp", "&latestby=cp", "&success=true"])
def test_the_verdict_is_about_all_rows(client: ApiClient, story: Story, query: str) -> None:
    """What is listed is one thing and what is judged another; a list that is cut says so in the summary."""
    for index in range(3):
        story.publish(f"web {index}", "1", "api").deploy(f"web {index}", "1", "production")
        story.verify("api", "10", of=(f"web {index}", "1"), success=index != 1)
    path = "/matrix?q[][pacticipant]=api&q[][version]=10&environment=production"
    body = client.get(path + query).json
    summary, listed = body["summary"], len(body["matrix"])
    assert [summary[name] for name in ("deployable", "success", "failed", "unknown")] == [False, 2, 1, 0]
    assert (summary.get("listed", 3), summary.get("rows", 3)) == (listed, 3)
    if "limit" in query:
        assert [row["consumer"]["name"] for row in body["matrix"]] == ["web 1"]


def test_many_rows_are_described_in_few_statements(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """Branches, tags and environments of all listed versions are read at once."""
    counts = []
    for size in (2, 12):
        for index in range(size):
            story.publish(
                "web", f"{size}.{index}", "api", branch=f"b{index}", tags=["dev"], content=str(index)
            )
            story.deploy("web", f"{size}.{index}", "production", str(index))
        statements.clear()
        client.get("/matrix?q[][pacticipant]=web&q[][pacticipant]=api&latestby=cvpv")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_the_matrix_as_text(client: ApiClient, story: Story) -> None:
    """Asked for text/plain, the matrix is a table for people with the answer beneath."""
    fail(story)
    answer = client.get(f"{WEB}&environment=production", headers={"Accept": "text/plain"})
    assert answer.mimetype == "text/plain"
    header, rule, row, blank, deployable, reason, *_ = answer.text.split("\n")
    names = ["CONSUMER", "C_VERSION", "REVISION", "PROVIDER", "P_VERSION", "NUMBER", "SUCCESS"]
    assert header.split(" | ") == [name.ljust(len(name)) for name in names]
    assert set(rule) == {"-", "|", " "}
    cells = [cell.strip() for cell in row.split("|")]
    assert (cells[:5], cells[6]) == (["web", "1", "1", "api", "10"], "false")
    assert (blank, deployable) == ("", "Deployable: false")
    assert reason.startswith("Reason: api 10 (live in production) does not do what web 1 expects")


def test_an_unknown_answer_as_text(client: ApiClient, story: Story) -> None:
    """Unknown is written as the Pact Broker does."""
    story.publish("web", "1", "api")
    assert "Deployable: nil\n" in client.get(WEB, headers={"Accept": "text/plain"}).text


def test_the_matrix_of_a_pair(client: ApiClient, story: Story) -> None:
    """The address of a pair is the matrix of both names, with the same options."""
    fail(story)
    by_path = client.get("/matrix/provider/api/consumer/web?latestby=cvpv").json
    by_query = client.get("/matrix?q[][pacticipant]=web&q[][pacticipant]=api&latestby=cvpv").json
    assert by_path == by_query
    assert len(by_path["matrix"]) == 1
    answer = client.get("/matrix/provider/api/consumer/none")
    assert (answer.status_code, answer.json) == (404, {"error": "No consumer with name 'none' found"})


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Select at least one version"),
        ("q=x", "must have members"),
        ("q[]=x", "must have members"),
        ("q[][version]=1", "name the pacticipant"),
        ("q[][pacticipant]=&q[][version]=1", "name the pacticipant"),
        ("q[][pacticipant]=web&q[][version]=1&q[][latest]=true", "can't be the latest"),
        ("q[][pacticipant]=web&q[][enviroment]=production", "q[][enviroment] is unknown"),
        ("q[][pacticipant]=web&q[][latest]=yes", "latest must be true"),
        ("q[][pacticipant]=none", "Pacticipant none not found"),
        ("q[][pacticipant]=web&tag=a&mainBranch=true", "Name one of tag, mainBranch and environment"),
        ("q[][pacticipant]=web&latest=true&environment=production", "latest can't be asked for"),
        ("q[][pacticipant]=web&environment=none", "Environment with name 'none' does not exist"),
        ("q[][pacticipant]=web&latestby=all", "latestby must be one of cvp, cvpv, cp"),
        ("q[][pacticipant]=web&success=maybe", "success must be"),
        ("q[][pacticipant]=web&limit=0", "limit must be a number"),
        ("q[][pacticipant]=web&limit=x", "limit must be a number"),
        ("q[][pacticipant]=web&limit=-5", "limit must be a number"),
        ("q[][pacticipant]=web&ignore[][version]=1", "name the pacticipant"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    client: ApiClient, story: Story, query: str, text: str
) -> None:
    """What can't be understood is refused with every fault, never answered as another question."""
    story.publish("web", "1", "api").environment("production")
    answer = client.get(f"/matrix?{query}")
    assert answer.status_code == 400
    errors: list[Any] = answer.json["errors"]
    assert any(text in error for error in errors), errors


def test_a_refusal_as_a_problem_document(client: ApiClient) -> None:
    """Clients that ask for problem+json (RFC 9457) get each fault with its kind."""
    answer = client.get("/matrix?limit=0", headers={"Accept": "application/problem+json"})
    assert answer.mimetype == "application/problem+json"
    assert len(answer.json["errors"]) == 2
    assert {error["type"].rpartition("/")[2] for error in answer.json["errors"]} == {
        "invalid-body-property-value"
    }
