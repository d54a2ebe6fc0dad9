"""Brokers that do not answer as they should."""

import json
from datetime import date

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, Suite, contract
from scripted_server import Answer, ScriptedServer

LINKS = {
    "pb:provider-pacts-for-verification": {"href": "/for/{provider}", "templated": True},
    "pb:pacticipant-branch-version": {
        "href": "/branches/{pacticipant}/{branch}/{version}",
        "templated": True,
    },
    "pb:pacticipant-version-tag": {"href": "/tags/{pacticipant}/{version}/{tag}", "templated": True},
}
INDEX = Answer(200, json.dumps({"_links": LINKS}))
PACT = {"_links": {"self": {"href": "/pact"}}, "verificationProperties": {"pending": True}}
LIST = Answer(200, json.dumps({"_embedded": {"pacts": [PACT]}}))
RESULTS = {"_links": {"pb:publish-verification-results": {"href": "/results"}}}
DOCUMENT = Answer(200, json.dumps(contract(ASKS_FOR_TEA) | RESULTS))
DONE = Answer()
PUBLISHED = Answer(201, "{}", {"Location": "/results/1"})
PUBLISH = ("--contracts-publish", "--contracts-version=2", "--contracts-branch=main", "--contracts-tag=a")


@pytest.fixture
def broker(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """The broker that the environment names, and that gets no second chance."""
    monkeypatch.setenv("PACT_BROKER_BASE_URL", server.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "t0p-s3cr3t")
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")
    return server


def test_the_version_is_recorded_before_its_results(suite: Suite, broker: ScriptedServer) -> None:
    """Branch and tags decide what a result is good for, so the broker has them first."""
    broker.answer(INDEX, LIST, DOCUMENT, INDEX, DONE, DONE, PUBLISHED)
    result = suite.run(*PUBLISH)
    assert result.ret == 0, str(result.stdout)
    assert [f"{asked.method} {asked.target}" for asked in broker.asked if asked.target != "/"] == [
        "POST /for/inventory",
        "GET /pact",
        "PUT /branches/inventory/main/2",
        "PUT /tags/inventory/2/a",
        "POST /results",
    ]
    body = json.loads(broker.asked[1].body)
    assert date.fromisoformat(body.pop("includeWipPactsSince"))
    assert body == {"includePendingStatus": True, "providerVersionBranch": "main"}
    assert {asked.headers["Authorization"] for asked in broker.asked} == {"Bearer t0p-s3cr3t"}
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured  published success -> /results/1"
    ]


def test_pending_contracts_may_be_asked_for(suite: Suite, broker: ScriptedServer) -> None:
    """Without a branch nothing is pending, unless `--contracts-pending` says so; work in progress needs a branch."""
    broker.answer(*(INDEX, LIST, DOCUMENT) * 2)
    for option in ("-q", "--contracts-pending"):
        suite.run(option).assert_outcomes(passed=1)
    bodies = [json.loads(asked.body) for asked in broker.asked if asked.method == "POST"]
    assert bodies == [{"includePendingStatus": False}, {"includePendingStatus": True}]


@pytest.mark.parametrize(
    ("refused", "request_line"), [(4, "PUT {}/branches/inventory/main/2"), (6, "POST {}/results")]
)
def test_a_failed_publication_fails_the_run(
    suite: Suite, broker: ScriptedServer, refused: int, request_line: str
) -> None:
    """Results that were to be published and were not fail a run that passed, with the broker's answer."""
    answers = [INDEX, LIST, DOCUMENT, INDEX, DONE, DONE, PUBLISHED]
    answers[refused] = Answer(500, '{"error": "the disk is full"}')
    broker.answer(*answers)
    result = suite.run(*PUBLISH)
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured  NOT PUBLISHED: "
        f"The broker could not answer {request_line.format(broker.url)} (500 Internal Server Error).",
        "          the disk is full",
        "          Try again later; the broker's log says more.",
    ]
    assert "t0p-s3cr3t" not in str(result.stdout)


def test_a_broker_that_fails_is_asked_three_times(
    suite: Suite, broker: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result may be published again; of a broker that goes on failing the other results are not tried."""
    other = {"_links": {"self": {"href": "/other"}}}
    two = Answer(200, json.dumps({"_embedded": {"pacts": [PACT, other]}}))
    more = Answer(200, json.dumps(contract(ASKS_FOR_TEA, consumer="mobile") | RESULTS))
    broker.answer(INDEX, two, DOCUMENT, more, INDEX, DONE, DONE, Answer(503))
    monkeypatch.delenv("PACT_BROKER_HTTP_RETRIES")
    result = suite.run(*PUBLISH)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.duration < 10
    assert [asked.method for asked in broker.asked].count("POST") - 1 == 3
    refused = f"The broker could not answer POST {broker.url}/results (503 Service Unavailable)."
    later = "          Try again later; the broker's log says more."
    assert summary(result) == [
        f"verified inventory for checkout  1/1 honoured  NOT PUBLISHED: {refused}",
        later,
        f"verified inventory for mobile    1/1 honoured  NOT PUBLISHED: {refused}",
        later,
    ]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (
            [Answer(401)],
            "The broker does not accept the token that it was given: GET http://*/ (401 Unauthorized).",
        ),
        (
            [INDEX, Answer(500, "{}")],
            "The broker could not answer POST http://*/for/inventory (500 Internal Server Error).",
        ),
        (
            [INDEX, LIST, Answer(200, '{"consumer": {}}')],
            "The broker's answer has an unexpected shape (KeyError: 'name'). *",
        ),
        (
            [INDEX, LIST, Answer(200, json.dumps(contract({"a": 1}) | RESULTS))],
            "/pact is not a contract: interactions[[]0].description must be a string",
        ),
        (
            [Answer(200, "<html>", {"Content-Type": "text/html"})],
            "GET http://*/ answered with text/html instead of a JSON object. Is http://* really the URL of a broker?",
        ),
    ],
)
def test_a_broker_that_hands_out_no_contracts_stops_the_run(
    suite: Suite, broker: ScriptedServer, answers: list[Answer], reason: str
) -> None:
    """Nothing is verified of a broker that refuses or makes no sense; the message says what it said."""
    broker.answer(*answers)
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {reason}"])
    assert "INTERNALERROR" not in str(result.stdout)
    assert "t0p-s3cr3t" not in str(result.stderr)


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_broker_that_is_not_there_stops_the_run(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, closed_url: str, processes: str
) -> None:
    """Whether tests run in this process or in a worker, the run ends before the first test, and names the URL."""
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")
    result = suite.run("--contracts-broker", closed_url, "-n", processes)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == (
        f"ERROR: No broker could be reached at {closed_url}. Is the URL right (PACT_BROKER_BASE_URL), "
        "is the broker running, and may this machine reach it?"
    )
    assert "INTERNALERROR" not in str(result.stdout)


@pytest.mark.parametrize("select", ["production", '["main"]', '{"mainBranch": tru}'])
def test_a_selector_that_is_none_stops_the_run(suite: Suite, broker: ScriptedServer, select: str) -> None:
    """A word that means nothing is not left out, since that would select something else."""
    suite.configure(f"contracts_select = '''{select}'''")
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == (
        f"ERROR: contracts_select: {select!r} is none of main, deployed, matching-branch, and not a JSON object"
    )
    assert broker.asked == []


def test_publishing_needs_a_broker(suite: Suite) -> None:
    """A run that could not publish is refused before its first test."""
    suite.add_contract(ASKS_FOR_TEA)
    result = suite.run(*PUBLISH)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --contracts-publish needs a broker: *"])


def test_a_contract_of_no_broker_has_no_result(suite: Suite, broker: ScriptedServer) -> None:
    """A file cannot be published a result for, and a run that was to do so fails."""
    suite.add_contract(ASKS_FOR_TEA)
    result = suite.run(*PUBLISH, "--contracts-from=contracts")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured  not published: "
        "contracts/checkout-inventory.json is not from the broker"
    ]
    assert broker.asked == []
