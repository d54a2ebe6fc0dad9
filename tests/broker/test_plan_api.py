"""GET /plan: in which order can these versions go to an environment?"""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

ASK = "/plan?environment=production"
NEW = "".join(f"&q[][pacticipant]={name}&q[][version]=2" for name in ("api", "db", "web"))


def shop(story: Story) -> None:
    """A world in which web 2 needs api 2, which needs db 2, while each old version gets on with each new provider."""
    for consumer, provider in (("web", "api"), ("api", "db")):
        story.publish(consumer, "1", provider, content="a").publish(consumer, "2", provider, content="b")
        for number in ("1", "2"):
            story.verify(provider, number, of=(consumer, "1"))
            story.verify(provider, number, of=(consumer, "2"), success=number == "2")
    for name in ("web", "api", "db"):
        story.participant(name, main_branch="main")
        story.branch(name, "2", "main").deploy(name, "1", "production")


def waves(body: Any) -> list[list[list[str]]]:
    """Return who goes in each step of each wave."""
    return [
        [[each["name"] for each in step["candidates"]] for step in wave["steps"]] for wave in body["waves"]
    ]


@pytest.mark.background(tell=shop)
def test_what_is_needed_goes_first(client: ApiClient) -> None:
    """Each step names what has to go before it, and why; the links lead to the versions."""
    body = client.get(ASK + NEW).json
    assert body["summary"] == {"complete": True, "waves": 3, "planned": 3, "blocked": 0, "live": 0}
    assert waves(body) == [[["db"]], [["api"]], [["web"]]]
    (step,) = body["waves"][1]["steps"]
    (need,) = step["after"]
    assert (need["candidate"]["name"], need["needs"]["name"], need["needs"]["version"]) == ("api", "db", "2")
    assert (need["reason"]["code"], need["reason"]["provider"]["version"]) == ("FAILED", "1")
    assert client.get(need["needs"]["_links"]["self"]["href"]).json["number"] == "2"


@pytest.mark.background(tell=shop)
def test_the_heads_of_main_branches_are_planned_by_themselves(client: ApiClient) -> None:
    """Without any versions it is about what every main branch has at its head."""
    body = client.get(ASK).json
    assert [each["code"] for each in body.pop("reasons")] == ["NO_NUMBER"]
    assert {**client.get(ASK + NEW).json, "reasons": [], "_links": body["_links"]} == {**body, "reasons": []}
    heads = "".join(f"&q[][pacticipant]={name}&q[][branch]=main&q[][latest]=true" for name in ("api", "web"))
    body = client.get(ASK + heads).json
    assert [each["candidate"]["name"] for each in body["blocked"]] == ["api", "web"]
    assert [each["reasons"][0]["code"] for each in body["blocked"]] == ["FAILED", "NEEDS_BLOCKED"]


@pytest.mark.background(tell=shop)
def test_who_needs_each_other_goes_together(client: ApiClient, story: Story) -> None:
    """The ring says which pairs forbid each order."""
    story.publish("db", "2", "web").verify("web", "1", of=("db", "2"), success=False)
    story.verify("web", "2", of=("db", "2"))
    body = client.get(ASK + NEW).json
    assert waves(body) == [[["api", "db", "web"]]]
    (step,) = body["waves"][0]["steps"]
    ring = [(each["candidate"]["name"], each["needs"]["name"]) for each in step["ring"]]
    assert ring == [("api", "db"), ("db", "web"), ("web", "api")]


@pytest.mark.background(tell=shop)
def test_what_is_live_needs_no_step(client: ApiClient, story: Story) -> None:
    """A version that is there already is told as such."""
    story.deploy("db", "2", "production")
    body = client.get(ASK + NEW).json
    assert waves(body) == [[["api"]], [["web"]]]
    assert [(each["name"], each["version"]) for each in body["live"]] == [("db", "2")]


@pytest.mark.background(tell=shop)
def test_what_does_not_count_is_told(client: ApiClient) -> None:
    """What is ignored forbids no order, and the answer says that it was ignored."""
    body = client.get(f"{ASK}{NEW}&ignore[]=db&ignore[]=none").json
    assert waves(body) == [[["api"], ["db"]], [["web"]]]
    assert {each["code"] for each in body["reasons"]} == {"IGNORED", "CANNOT_IGNORE"}
    one = client.get(f"{ASK}{NEW}&ignore[][pacticipant]=db&ignore[][version]=2").json
    assert waves(one) != waves(body)


@pytest.mark.background(tell=shop)
def test_a_version_that_does_not_exist_is_blocked(client: ApiClient) -> None:
    """The others are planned without it."""
    (blocked,) = client.get(f"{ASK}&q[][pacticipant]=web&q[][version]=9").json["blocked"]
    assert blocked["candidate"]["version"] == "9"
    assert [each["code"] for each in blocked["reasons"]] == ["UNKNOWN_VERSION"]


@pytest.mark.background(tell=shop)
def test_the_number_of_statements_does_not_grow(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """More versions are planned with as many statements as a few."""
    counts = []
    for size in (1, 12):
        for number in range(size):
            name = f"web {number}"
            story.publish(name, "1", "api").publish(name, "2", "api", content="b", branch="main")
            story.participant(name, main_branch="main")
            story.deploy(name, "1", "production")
        statements.clear()
        assert client.get(ASK).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


@pytest.mark.background(tell=shop)
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"environment"}),
        ("environment=none", {"environment"}),
        ("environment=production&q[][pacticipant]=none&q[][version]=1", {"pacticipant"}),
        ("environment=production&q[][pacticipant]=web", {"q"}),
        ("environment=production&q[][pacticipant]=web&q[][branch]=main", {"q"}),
        (f"environment=production{NEW}&q[][pacticipant]=web&q[][version]=1", {"q"}),
        ("environment=production&q[][version]=1", {"q"}),
    ],
)
def test_what_is_wrong_is_named(client: ApiClient, query: str, fields: set[str]) -> None:
    """A question that lacks something, or names two versions of one pacticipant, is refused."""
    answer = client.get(f"/plan?{query}")
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields


def test_nothing_to_plan_is_refused(client: ApiClient, story: Story) -> None:
    """Without versions and without main branches there is nothing to answer."""
    story.environment("production")
    assert set(client.get(ASK).json["errors"]) == {"q"}
    assert set(client.get("/plan").json["errors"]) == {"q", "environment"}


@pytest.mark.background(tell=shop)
def test_too_many_candidates_are_refused(client: ApiClient) -> None:
    """More than a thousand versions are not planned at once, and the answer says so."""
    many = "".join(f"&q[][pacticipant]=web {number}&q[][version]=1" for number in range(1001))
    answer = client.get(ASK + many)
    assert answer.status_code == 400
    (error,) = answer.json["errors"]["q"]
    assert error.startswith("asks for 1,001 versions, but at most 1,000 can be planned at once")
