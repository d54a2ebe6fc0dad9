"""Verification results over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

PAIR = "/pacts/provider/api/consumer/web"
RESULT = {
    "success": True,
    "providerApplicationVersion": "10",
    "buildUrl": "https://ci.example/10",
    "testResults": [{"interactionDescription": "a request for a", "success": True}],
    "verifiedBy": {
        "implementation": "Pact-Rust",
        "version": "1.2.3",
        "clientLanguage": {"name": "python", "version": "4", "testFramework": "pytest"},
    },
}


@pytest.fixture
def results(client: ApiClient, story: Story) -> str:
    """Where the results of web 1's pact are published."""
    story.publish("web", "1", "api")
    link: str = client.get(f"{PAIR}/version/1").json["_links"]["pb:publish-verification-results"]["href"]
    return link


def test_a_result_is_recorded(client: ApiClient, results: str) -> None:
    """A result is answered with its address, and read from there as it was sent."""
    answer = client.post(results, json=RESULT)
    assert answer.status_code == 201
    shown = client.get(answer.headers["Location"]).json
    assert shown == answer.json
    assert shown["providerName"] == "api"
    assert {key: shown[key] for key in RESULT if key != "verifiedBy"} == {
        key: value for key, value in RESULT.items() if key != "verifiedBy"
    }
    assert shown["verifiedBy"] == {
        "implementation": "Pact-Rust",
        "version": "1.2.3",
        "client_implementation": "python",
        "client_test_framework": "pytest",
        "client_version": "4",
    }


def test_a_result_makes_its_provider_version(client: ApiClient, results: str) -> None:
    """The provider's version is made when it is new, without any branch."""
    client.post(results, json=RESULT)
    version = client.get("/pacticipants/api/versions/10").json
    assert version["_embedded"]["branches"] == []


def test_the_newest_result_counts(client: ApiClient, results: str, story: Story) -> None:
    """A later result of the same provider version takes the place of the earlier, for each equal content."""
    story.publish("web", "2", "api")
    client.post(results, json=RESULT)
    client.post(results, json=RESULT | {"success": False})
    for path in ("version/1", "version/2", "latest"):
        assert client.get(f"{PAIR}/{path}/verification-results/latest").json["success"] is False
    assert client.get(f"{results}/latest").json["success"] is False


def test_a_consumer_version_has_a_summary(client: ApiClient, results: str, story: Story) -> None:
    """All pacts of a version have to be verified for its summary to be a success."""
    story.publish("web", "1", "mail")
    client.post(results, json=RESULT)
    summary = client.get("/verification-results/consumer/web/version/1/latest").json
    assert summary["success"] is False
    assert summary["providerSummary"] == {"successful": ["api"], "failed": [], "unknown": ["mail"]}
    story.verify("mail", "1", of=("web", "1"))
    assert client.get("/verification-results/consumer/web/version/1/latest").json["success"] is True


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, {"success", "providerApplicationVersion"}),
        (RESULT | {"success": "yes"}, {"success"}),
        (RESULT | {"success": None}, {"success"}),
        (RESULT | {"providerApplicationVersion": " "}, {"providerApplicationVersion"}),
        (RESULT | {"providerApplicationVersion": 10}, {"providerApplicationVersion"}),
        (RESULT | {"buildUrl": "ci"}, {"buildUrl"}),
        (RESULT | {"verifiedBy": {"clientLanguage": "python"}}, {"verifiedBy.clientLanguage"}),
    ],
)
def test_bad_results_are_refused(client: ApiClient, results: str, sent: Any, fields: set[str]) -> None:
    """A result with anything wrong in it is refused, and no version is made of it."""
    answer = client.post(results, json=sent)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields
    assert client.get("/pacticipants/api/versions/10").status_code == 404


@pytest.mark.parametrize("path", ["99999", "9" * 30, "all", "-1", "latest"])
def test_a_result_that_is_not_there_is_not_found(client: ApiClient, results: str, path: str) -> None:
    """Numbers that do not exist, words and the latest of none are answered with 404."""
    assert client.get(f"{results}/{path}").status_code == 404


def test_a_result_of_unknown_content_is_refused(client: ApiClient, story: Story) -> None:
    """A result has to be about a content that was published."""
    story.publish("web", "1", "api")
    answer = client.post(f"{PAIR}/pact-version/{'0' * 40}/verification-results", json=RESULT)
    assert answer.status_code == 404


def test_a_result_of_a_deleted_pact_is_refused(client: ApiClient, results: str, story: Story) -> None:
    """Nobody expects anything any more; once the content is published again, its results count again."""
    client.post(results, json=RESULT)
    client.delete(f"{PAIR}/version/1")
    assert client.post(results, json=RESULT | {"success": False}).status_code == 404
    story.publish("web", "2", "api")
    assert client.get(f"{PAIR}/version/2/verification-results/latest").json["success"] is True


def test_a_result_can_be_deleted(client: ApiClient, results: str) -> None:
    """A deleted result is gone, and can't be deleted twice; which one is meant takes its number."""
    address = client.post(results, json=RESULT).headers["Location"]
    assert client.delete(f"{results}/latest").status_code == 404
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert client.get(f"{results}/latest").status_code == 404


@pytest.mark.parametrize(
    ("deleted", "deployable"), [((), True), ((2,), False), ((1, 2), True), ((0, 2), False), ((0, 1, 2), None)]
)
def test_after_a_deletion_the_result_before_counts(
    client: ApiClient, results: str, deleted: tuple[int, ...], deployable: bool | None
) -> None:
    """The gate judges by the newest result of a provider version that is left."""
    addresses = [
        client.post(results, json=RESULT | {"success": success}).headers["Location"]
        for success in (True, False, True)
    ]
    for index in deleted:
        assert client.delete(addresses[index]).status_code == 204
    asked = client.get(
        "/matrix?q[][pacticipant]=web&q[][version]=1&q[][pacticipant]=api&q[][version]=10&latestby=cvpv"
    )
    assert asked.json["summary"]["deployable"] is deployable


def test_the_latest_result_of_the_latest_pact_heeds_the_tag(
    client: ApiClient, results: str, story: Story
) -> None:
    """With a tag in the address it is the newest pact with the tag whose result is answered."""
    story.tag("web", "1", "prod").publish("web", "2", "api", content="b")
    client.post(results, json=RESULT)
    assert client.get(f"{PAIR}/latest/prod/verification-results/latest").json["success"] is True
    assert client.get(f"{PAIR}/latest/verification-results/latest").status_code == 404
    assert client.get(f"{PAIR}/latest/none/verification-results/latest").status_code == 404


def test_a_summary_lists_a_result_for_each_version_with_the_content(
    client: ApiClient, results: str, story: Story
) -> None:
    """As clients know it, and to a limit, since it is the same result each time."""
    client.post(results, json=RESULT)
    for count in (2, 40):
        for number in range(2, count + 1):
            story.publish("web", str(number), "api")
        summary = client.get("/verification-results/consumer/web/version/1/latest").json
        listed = summary["_embedded"]["verificationResults"]
        assert len(listed) == min(count, 20)
        assert summary["providerSummary"]["successful"] == ["api"] * len(listed)
        assert listed[0]["_links"]["pb:pact-version"]["name"] == f"Pact between web ({count}) and api"


def test_a_summary_of_many_pacts_costs_no_more_statements(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """However many providers a version has pacts with, its summary takes the same few statements."""
    counts = []
    for number in range(4):
        story.publish("web", "1", f"api {number}").verify(f"api {number}", "1", of=("web", "1"))
        statements.clear()
        summary = client.get("/verification-results/consumer/web/version/1/latest").json
        assert len(summary["_embedded"]["verificationResults"]) == number + 1
        counts.append(len(statements))
    assert max(counts) <= 4
