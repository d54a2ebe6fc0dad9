"""The gate by address: GET /can-i-deploy, of a branch's head, and from tag to tag."""

import pytest

from api_client import ApiClient
from story import Story

ASK = "/can-i-deploy?pacticipant=web&version=1"
HEAD = "/pacticipants/web/branches/feat%2Fx/latest-version/can-i-deploy/to-environment/production"


def verified(story: Story) -> None:
    """A world in which web 1 gets on with api 10, which is live and tagged prod; api 9 runs beside it."""
    story.publish("web", "1", "api", branch="feat/x", tags=["dev"]).verify("api", "10", of=("web", "1"))
    story.tag("api", "10", "prod").deploy("api", "10", "production")


@pytest.mark.parametrize("path", [f"{ASK}&environment=production", f"{ASK}&to=prod"])
@pytest.mark.background(tell=verified)
def test_a_version_may_go(client: ApiClient, story: Story, path: str) -> None:
    """To an environment, or beside the newest versions of a tag."""
    body = client.get(path).json
    assert body["summary"] == {
        "deployable": True,
        "reason": verdict_text(body),
        "success": 1,
        "failed": 0,
        "unknown": 0,
        "verdict": "yes",
    }
    assert [reason["code"] for reason in body["reasons"]] == ["VERIFIED"]
    story.deploy("api", "9", "production", "green")
    story.tag("api", "11", "prod")
    assert client.get(path).json["summary"]["deployable"] is None


@pytest.mark.parametrize("path", [HEAD, "/pacticipants/web/latest-version/dev/can-i-deploy/to/prod"])
@pytest.mark.background(tell=verified)
def test_the_newest_of_a_branch_or_tag_may_go(client: ApiClient, story: Story, path: str) -> None:
    """The head of a branch to an environment, the newest with a tag beside another tag; with a warning."""
    body = client.get(path).json
    assert body["summary"]["deployable"] is True
    assert [reason["code"] for reason in body["reasons"]] == ["NO_NUMBER", "VERIFIED"]
    story.publish("web", "2", "api", content="b", branch="feat/x", tags=["dev"])
    assert client.get(path).json["summary"]["deployable"] is None


@pytest.mark.parametrize(
    "ignored", ["ignore[]=api", "ignore[][pacticipant]=api", "ignore[][pacticipant]=api&ignore[][version]=10"]
)
@pytest.mark.background(tell=verified)
def test_what_is_ignored(client: ApiClient, story: Story, ignored: str) -> None:
    """A name or a version may be ignored, and both spellings are read."""
    story.verify("api", "10", of=("web", "1"), success=False)
    summary = client.get(f"{ASK}&environment=production&{ignored}").json["summary"]
    assert (summary["deployable"], summary["ignored"]) == (True, 1)


@pytest.mark.background(tell=verified)
def test_an_unknown_version_is_a_no(client: ApiClient, story: Story) -> None:
    """A version that nobody published is answered, not refused: pipelines ask about it."""
    story.version("web", "1")
    body = client.get("/can-i-deploy?pacticipant=web&version=99&environment=production").json
    assert body["summary"]["deployable"] is False
    assert [reason["code"] for reason in body["reasons"]] == ["UNKNOWN_VERSION"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"pacticipant", "version", ""}),
        ("version=1&environment=production", {"pacticipant"}),
        ("pacticipant=web&environment=production", {"version"}),
        ("pacticipant=web&version=1", {""}),
        ("pacticipant=web&version=1&environment=production&to=prod", {""}),
        ("pacticipant=none&version=1&environment=production", {"pacticipant"}),
        ("pacticipant=web&version=1&environment=none", {"environment"}),
        ("pacticipant=web&version=1&environment=production&ignore[][version]=1", {"ignore"}),
    ],
)
@pytest.mark.background(tell=verified)
def test_what_is_missing_is_named(client: ApiClient, story: Story, query: str, fields: set[str]) -> None:
    """A question that lacks something is refused with the names of the parameters at fault."""
    story.version("web", "1")
    answer = client.get(f"/can-i-deploy?{query}")
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields


@pytest.mark.parametrize(
    "path",
    [
        HEAD.replace("web", "none"),
        HEAD.replace("feat%2Fx", "none"),
        HEAD.replace("production", "none"),
        "/pacticipants/web/latest-version/none/can-i-deploy/to/prod",
        "/pacticipants/none/latest-version/dev/can-i-deploy/to/prod",
    ],
)
@pytest.mark.background(tell=verified)
def test_an_address_of_nothing_is_not_found(client: ApiClient, story: Story, path: str) -> None:
    """A pacticipant, branch, tag or environment in the path that does not exist is a 404."""
    story.version("web", "1")
    answer = client.get(path)
    assert answer.status_code == 404
    assert "none" in answer.json["error"]


def verdict_text(body: dict[str, list[dict[str, str]]]) -> str:
    """Return the texts of all notices as the summary joins them."""
    return "\n".join(notice["text"] for notice in body["notices"])


@pytest.mark.background(tell=verified)
def test_several_go_together(client: ApiClient, story: Story) -> None:
    """What is named by `with` is judged with the version, and in place of what is live of it."""
    story.publish("web", "2", "api", content="b").verify("api", "11", of=("web", "2"))
    path = "/can-i-deploy?pacticipant=web&version=2&environment=production"
    assert client.get(path).json["summary"]["deployable"] is None
    together = client.get(f"{path}&with[][pacticipant]=api&with[][version]=11").json
    assert (together["summary"]["deployable"], together["summary"]["success"]) == (True, 1)
    answer = client.get(f"{path}&with[][pacticipant]=api")
    assert (answer.status_code, set(answer.json["errors"])) == (400, {"with"})


def test_contracts_can_be_required(client: ApiClient, story: Story) -> None:
    """Nothing to judge is a yes, unless that is not good enough."""
    story.version("lonely", "1")
    story.environment("production")
    path = "/can-i-deploy?pacticipant=lonely&version=1&environment=production"
    summaries = [client.get(path + more).json["summary"] for more in ("", "&requireContracts=true")]
    assert [(each["deployable"], each["verdict"]) for each in summaries] == [
        (True, "no_contracts"),
        (False, "no_contracts"),
    ]
