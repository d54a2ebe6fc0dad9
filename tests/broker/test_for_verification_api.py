"""The pacts that a provider should verify, over HTTP."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from api_client import ApiClient
from story import Story

URL = "/pacts/provider/api/for-verification"
MAIN = {"mainBranch": True}
SINCE = {"includeWipPactsSince": "2020-01-01"}


def ask(client: ApiClient, *selectors: Any, **members: Any) -> list[Any]:
    """The entries of the list for a version of api, on main unless something else is said."""
    body = {"providerVersionBranch": "main", "consumerVersionSelectors": selectors, **members}
    answer = client.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    entries: list[Any] = answer.json["_embedded"]["pacts"]
    return entries


def names(entries: list[Any]) -> list[str]:
    """The consumers and versions of the entries: `web 1`."""
    shown = [entry["_links"]["self"]["name"] for entry in entries]
    return [name.removeprefix("Pact between ").replace("(", "").partition(")")[0] for name in shown]


def world(story: Story) -> None:
    """Two consumers of api with versions on branches, with tags, deployed and released."""
    story.environment("prod", production=True)
    story.environment("test")
    story.publish("web", "1", "api", content="w1", branch="main", tags=["prod"])
    story.publish("web", "2", "api", content="w2", branch="feat/x", tags=["dev"])
    story.publish("web", "3", "api", content="w3", branch="main", tags=["dev"])
    story.publish("app", "1", "api", content="a1", branch="main", tags=["prod", "dev"])
    story.publish("app", "2", "api", content="a2", branch="feat/x")
    story.publish("app", "3", "api", content="a2")
    story.deploy("web", "1", "prod")
    story.deploy("web", "3", "test")
    story.release("app", "1", "prod")


@pytest.mark.parametrize(
    ("selectors", "found"),
    [
        ([MAIN], ["app 1", "web 3"]),
        ([{"branch": "feat/x"}], ["app 2", "web 2"]),
        ([{"branch": True}], ["app 1", "app 2", "web 2", "web 3"]),
        ([{"branch": "none"}], []),
        ([{"tag": "dev", "latest": True}], ["app 1", "web 3"]),
        ([{"tag": "dev"}], ["app 1", "web 2", "web 3"]),
        ([{"latest": True}], ["app 3", "web 3"]),
        ([{"deployed": True}], ["web 1", "web 3"]),
        ([{"deployed": True, "environment": "prod"}], ["web 1"]),
        ([{"released": True}], ["app 1"]),
        ([{"environment": "prod"}], ["app 1", "web 1"]),
        ([{"deployedOrReleased": True, "environment": "test"}], ["web 3"]),
        ([{"latest": True, "consumer": "web"}], ["web 3"]),
        ([{"tag": "none", "latest": True, "fallbackTag": "prod"}], ["app 1", "web 1"]),
        ([{"branch": "none", "fallbackBranch": "feat/x"}], ["app 2", "web 2"]),
        ([MAIN, {"deployed": True}], ["app 1", "web 1", "web 3"]),
        ([], ["app 1", "web 1", "web 3"]),
    ],
)
@pytest.mark.background(tell=world)
def test_selectors_find_contracts(client: ApiClient, selectors: list[Any], found: list[str]) -> None:
    """Each selector finds the contracts of the consumer versions that it means; none means main and what is live."""
    assert names(ask(client, *selectors)) == found


@pytest.mark.background(tell=world)
def test_the_providers_branch_can_be_matched(client: ApiClient) -> None:
    """`matchingBranch` finds the heads of the consumers' branches of the provider's branch name."""
    found = ask(client, {"matchingBranch": True}, providerVersionBranch="feat/x")
    assert names(found) == ["app 2", "web 2"]


def test_a_main_branch_without_a_pact_gives_none(client: ApiClient, story: Story) -> None:
    """A consumer whose head has dropped its contract expects nothing of the provider any more."""
    story.publish("web", "1", "api", branch="main")
    story.version("web", "2", branch="main")
    assert ask(client, MAIN) == []


def test_a_consumer_without_a_main_branch_gives_its_latest(client: ApiClient, story: Story) -> None:
    """Without selectors the newest version tagged like the main branch counts, or else the newest of all."""
    story.publish("web", "1", "api", content="a").publish("web", "2", "api", content="b")
    assert names(ask(client)) == ["web 2"]
    story.participant("web", main_branch="trunk")
    story.tag("web", "1", "trunk")
    assert names(ask(client)) == ["web 1"]


@pytest.mark.background(tell=world)
def test_equal_contents_are_listed_once(client: ApiClient) -> None:
    """One entry has all the reasons of the versions that share a content, and the newest of them is shown."""
    found = ask(client, {"branch": "feat/x", "consumer": "app"}, {"latest": True, "consumer": "app"})
    assert names(found) == ["app 3"]
    assert found[0]["shortDescription"] == "latest, latest from branch feat/x"


def test_an_entry_leads_to_its_document_and_results(client: ApiClient, story: Story) -> None:
    """A client follows the entry to the pact, and the pact to the place for its results."""
    story.publish("web", "1", "api", branch="main")
    (entry,) = ask(client, MAIN)
    pact = client.get(entry["_links"]["self"]["href"]).json
    assert pact["interactions"][0]["description"] == "a request for a"
    results = pact["_links"]["pb:publish-verification-results"]["href"]
    assert client.post(results, json={"success": True, "providerApplicationVersion": "10"}).status_code == 201


def test_what_was_never_honoured_is_pending(client: ApiClient, story: Story) -> None:
    """A contract is pending for a branch until a version on it has honoured its content; failures change nothing."""
    story.publish("web", "1", "api", branch="main")
    assert ask(client, MAIN)[0]["verificationProperties"]["pending"] is True
    story.verify("api", "9", of=("web", "1"), success=False).branch("api", "9", "main")
    assert ask(client, MAIN)[0]["verificationProperties"]["pending"] is True
    story.verify("api", "10", of=("web", "1")).branch("api", "10", "main")
    assert ask(client, MAIN)[0]["verificationProperties"]["pending"] is False
    story.verify("api", "11", of=("web", "1"), success=False).branch("api", "11", "main")
    assert ask(client, MAIN)[0]["verificationProperties"]["pending"] is False


def test_a_new_branch_inherits_what_others_honoured(client: ApiClient, story: Story) -> None:
    """What was honoured on another branch before this one began is not pending on it."""
    story.publish("web", "1", "api", branch="main")
    story.verify("api", "10", of=("web", "1")).branch("api", "10", "main")
    (entry,) = ask(client, MAIN, providerVersionBranch="feat/new")
    assert entry["verificationProperties"]["pending"] is False


def test_pending_counts_by_tags_without_a_branch(client: ApiClient, story: Story) -> None:
    """Builds that know only tags have a contract pending until it is honoured for each of them."""
    story.publish("web", "1", "api", branch="main")
    story.version("api", "9", tags=["dev", "master"])
    asked: Any = {"providerVersionBranch": None, "providerVersionTags": ["dev", "master"]}
    story.version("api", "10", tags=["dev"])
    story.verify("api", "10", of=("web", "1"))
    assert ask(client, MAIN, **asked)[0]["verificationProperties"]["pending"] is True
    story.verify("api", "9", of=("web", "1"))
    assert ask(client, MAIN, **asked)[0]["verificationProperties"]["pending"] is False


def test_work_in_progress_is_added(client: ApiClient, story: Story) -> None:
    """A branch's new contract is verified without breaking the provider's build, until it is on main."""
    story.publish("web", "1", "api", content="old", branch="main")
    story.verify("api", "10", of=("web", "1")).branch("api", "10", "main")
    story.publish("web", "2", "api", content="new", branch="feat")
    main, feat = ask(client, MAIN, **SINCE)
    assert "wip" not in main["verificationProperties"]
    assert feat["verificationProperties"]["wip"] is feat["verificationProperties"]["pending"] is True
    assert feat["shortDescription"] == "latest from branch feat"
    story.publish("web", "3", "api", content="new", branch="main")
    assert names(ask(client, MAIN, **SINCE)) == ["web 3"]


def test_work_in_progress_stays_when_it_succeeds(client: ApiClient, story: Story) -> None:
    """Succeeding as work in progress is not yet a promise: only an explicit success takes it off the list."""
    story.publish("web", "1", "api", content="old", branch="main")
    story.publish("web", "2", "api", content="new", branch="feat")
    story.verify("api", "10", of=("web", "2"), wip=True).branch("api", "10", "main")
    assert names(ask(client, MAIN, **SINCE)) == ["web 1", "web 2"]
    story.verify("api", "11", of=("web", "2")).branch("api", "11", "main")
    assert names(ask(client, MAIN, **SINCE)) == ["web 1"]


def test_work_in_progress_is_only_what_is_recent(client: ApiClient, story: Story) -> None:
    """Contracts published before the date are nobody's work any more."""
    story.publish("web", "1", "api", branch="feat")
    assert ask(client, MAIN, includeWipPactsSince="2999-01-01") == []


def test_work_in_progress_may_begin_at_any_time_of_a_day(client: ApiClient, story: Story) -> None:
    """A time counts, with its offset; where there is none, or none that can be read, the day does."""
    story.publish("web", "1", "api", branch="feat")
    moment = datetime.now(UTC)
    for before in (f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%d}T25:00", "0001-01-01T00:00+14:00"):
        assert names(ask(client, MAIN, includeWipPactsSince=before)) == ["web 1"]
    later = moment + timedelta(minutes=1)
    for after in (later, later.astimezone(timezone(timedelta(hours=-9)))):
        assert ask(client, MAIN, includeWipPactsSince=after.isoformat()) == []


def test_notices_tell_what_will_happen(client: ApiClient, story: Story) -> None:
    """A build is told why each contract is there, and what its failure does."""
    story.publish("web", "1", "api", branch="main")
    (entry,) = ask(client, MAIN)
    notices = entry["verificationProperties"]["notices"]
    assert [notice["when"] for notice in notices] == [
        "before_verification",
        "before_verification",
        "after_verification:success_true_published_false",
        "after_verification:success_false_published_false",
        "after_verification:success_true_published_true",
        "after_verification:success_false_published_true",
    ]
    assert "    * latest version of web from the main branch 'main' (1)" in notices[0]["text"]
    assert "on branch 'main'" in notices[1]["text"]
    story.verify("api", "10", of=("web", "1")).branch("api", "10", "main")
    (entry,) = ask(client, MAIN)
    assert "a failure breaks the build" in entry["verificationProperties"]["notices"][1]["text"]


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"consumer": "web"},
        {"latest": False},
        {"mainBranch": False},
        {"mainBranch": True, "tag": "x"},
        {"mainBranch": True, "latest": False},
        {"matchingBranch": True, "latest": True},
        {"tag": "a", "branch": "b"},
        {"tag": ""},
        {"branch": ""},
        {"branch": 5},
        {"branch": "x", "latest": False},
        {"tag": "a", "fallbackTag": "b"},
        {"fallbackBranch": "b", "deployed": True},
        {"branch": "a", "environment": "prod"},
        {"environment": "nowhere"},
        {"deployed": True, "released": True},
        {"deployed": "yes"},
        "main",
    ],
)
@pytest.mark.background(tell=world)
def test_bad_selectors_are_refused(client: ApiClient, selector: Any) -> None:
    """A selector that means nothing, or two things, is refused with its position."""
    body = {"consumerVersionSelectors": [{"latest": True}, selector], "providerVersionBranch": "main"}
    answer = client.post(URL, json=body)
    assert answer.status_code == 400
    texts = answer.json["errors"]["consumerVersionSelectors"]
    assert texts
    assert all(text.endswith("(at index 1)") for text in texts)


@pytest.mark.background(tell=world)
def test_many_selectors_are_answered_and_too_many_refused(client: ApiClient) -> None:
    """A provider may name each of its consumers, but not more of them than can be worked on."""
    each: Any = [{"tag": "none", "latest": True, "fallbackTag": "prod", "consumer": "web"}] * 50
    assert names(ask(client, *each, {"branch": "feat/x", "consumer": "app"})) == ["app 2", "web 1"]
    answer = client.post(URL, json={"consumerVersionSelectors": [{"latest": True}] * 1001})
    assert answer.json["errors"] == {"consumerVersionSelectors": ["must have at most 1000 elements"]}


@pytest.mark.background(tell=world)
def test_an_unknown_provider_is_not_found(client: ApiClient) -> None:
    """Verifiers read 404 as: nobody expects anything yet."""
    assert client.post("/pacts/provider/none/for-verification", json={}).status_code == 404


@pytest.mark.background(tell=world)
def test_an_empty_body_asks_for_the_defaults(client: ApiClient) -> None:
    """The first thing that some verifiers send is a GET, of which they read the link only."""
    assert names(client.post(URL).json["_embedded"]["pacts"]) == ["app 1", "web 1", "web 3"]
    assert client.get(URL).json["_links"]["self"]["href"] == f"http://localhost{URL}"


@pytest.mark.background(tell=world)
def test_old_clients_ask_with_a_query(client: ApiClient) -> None:
    """Before POST there was GET with selectors by tag; it works, and says that it is old."""
    query = "consumer_version_selectors[][tag]=prod&consumer_version_selectors[][latest]=true"
    entries = client.get(f"{URL}?{query}&provider_version_tags[]=master").json["_embedded"]["pacts"]
    assert names(entries) == ["app 1", "web 1"]
    assert "upgrade" in entries[0]["verificationProperties"]["notices"][0]["text"]
