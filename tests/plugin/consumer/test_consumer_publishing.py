"""Publishing what a run recorded, to a real broker and to one that will not have it."""

import base64
import json
import socket
import subprocess

import pytest
import requests

from plugin.consumer.consumer_suite import Suite, summary
from scripted_server import Answer, ScriptedServer
from tallystick import publisher
from tallystick_client import retries, transport

INDEX: dict[str, object] = {"_links": {"pb:publish-contracts": {"href": "/contracts/publish"}}}
THANKS: dict[str, object] = {"notices": [{"type": "success", "text": "Thanks.\nCome again."}]}
VERSIONED = ("--contracts-publish", "--contracts-version=1.4.0", "--contracts-branch=main")


@pytest.fixture
def pings(suite: Suite) -> Suite:
    """A suite with one interaction."""
    suite.write(
        "test_client.py",
        """
        def test_ping(inventory):
            inventory.expect("ping").get("/ping").reply(204)
            requests.get(inventory.url + "/ping")
        """,
    )
    return suite


@pytest.fixture
def broker(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """A broker that takes contracts, and is the one that the environment names."""
    server.answer_json(INDEX | THANKS)
    monkeypatch.setenv("PACT_BROKER_BASE_URL", server.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "t0p-s3cr3t")
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")
    return server


def test_a_green_run_publishes_what_it_recorded(pings: Suite, live_broker: str) -> None:
    """The broker has the contract under this version and branch, and its answer is in the summary."""
    arguments = ["-o", "contracts_name=till", "--contracts-broker", live_broker, "--contracts-tag=nightly"]
    result = pings.run(*VERSIONED, *arguments)
    assert result.ret == 0, result.outlines
    assert "published till 1.4.0 on branch main with inventory" in summary(result)
    url = f"{live_broker}/pacts/provider/inventory/consumer/till/version/1.4.0"
    (interaction,) = requests.get(url, timeout=10).json()["interactions"]
    assert interaction["description"] == "ping"
    assert interaction["comments"] == {"testname": "test_client.py::test_ping"}


def test_the_request_says_all_that_is_known_of_the_version(pings: Suite, broker: ScriptedServer) -> None:
    """Version, branch, tags and build are taken from options, else from the build system."""
    build = ["--contracts-build-url=https://ci.test/7", "--contracts-tag=a", "--contracts-tag=b"]
    result = pings.run(*VERSIONED, *build)
    assert result.ret == 0
    assert summary(result)[1:] == [
        "published checkout 1.4.0 on branch main with inventory",
        "          Thanks.",
        "          Come again.",
    ]
    body = json.loads(broker.asked[-1].body)
    (contract,) = body.pop("contracts")
    assert body == {
        "pacticipantName": "checkout",
        "pacticipantVersionNumber": "1.4.0",
        "branch": "main",
        "tags": ["a", "b"],
        "buildUrl": "https://ci.test/7",
    }
    assert json.loads(base64.b64decode(contract["content"])) == pings.contract()


def test_workers_leave_publishing_to_the_controller(pings: Suite, broker: ScriptedServer) -> None:
    """A run with several processes publishes once."""
    assert pings.run("-n", "2", *VERSIONED).ret == 0
    assert [asked.target for asked in broker.asked if asked.method == "POST"] == ["/contracts/publish"]


def test_the_build_system_names_the_version(
    pings: Suite, broker: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without options the version and branch are those that the build system says it builds."""
    monkeypatch.setenv("GITHUB_SHA", "5ba93c9")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/feature/x")
    result = pings.run("--contracts-publish")
    assert "published checkout 5ba93c9 on branch feature/x with inventory" in summary(result)
    assert broker.asked[-1].headers["Authorization"] == "Bearer t0p-s3cr3t"


def test_git_names_the_version_of_a_clean_tree(pings: Suite, broker: ScriptedServer) -> None:
    """Outside of a build it is the checked-out commit, unless files differ from it; recorded ones may."""
    folder = pings.pytester.path
    (folder / ".gitignore").write_text("__pycache__\nrunpytest-*\nstdout\nstderr\n")

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.test", "-c", "init.defaultBranch=trunk"]
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()

    for command in (["init"], ["add", "."], ["commit", "-m", "Ping"]):
        git(*command)
    commit = git("rev-parse", "HEAD")
    result = pings.run("--contracts-publish", "-p", "no:cacheprovider")
    assert f"published checkout {commit} on branch trunk with inventory" in summary(result)
    (folder / "conftest.py").write_text((folder / "conftest.py").read_text() + "# changed\n")
    result = pings.run("--contracts-publish")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == (
        "ERROR: git's commit does not name this version, because these files differ from it: conftest.py. "
        "Commit them, or give --contracts-version"
    )
    assert [asked.method for asked in broker.asked].count("POST") == 1


@pytest.mark.parametrize("change", ["assert not 'mine'", "raise KeyboardInterrupt"])
def test_a_red_run_publishes_nothing(pings: Suite, broker: ScriptedServer, change: str) -> None:
    """A consumer whose tests fail has no version worth a contract; the broker is not even asked."""
    pings.write("test_other.py", f"def test_fails():\n    {change}\n")
    result = pings.run(*VERSIONED)
    assert result.ret != 0
    assert broker.asked == []
    assert "not published  the run did not pass" in summary(result)


def test_a_part_of_the_tests_publishes_nothing(pings: Suite, broker: ScriptedServer) -> None:
    """A contract that other tests own a part of, or that no test declared now, is not what this version asks."""
    pings.add_to_conftest('prices = tallystick.consumes("prices")\n')
    pings.write(
        "test_prices.py",
        """
        def test_price(prices):
            prices.expect("price").get("/price").reply(200)
            requests.get(prices.url + "/price")
        """,
    )
    assert pings.run().ret == 0
    result = pings.run("-k", "ping", *VERSIONED)
    assert result.ret == 1
    assert summary(result)[-1] == (
        "not published  contracts hold what did not pass in this run: test_prices.py::test_price"
    )
    assert broker.asked == []


def test_nothing_to_publish_is_said(suite: Suite, broker: ScriptedServer) -> None:
    """A run without contracts is no failure, but does not look as if something had been published."""
    suite.write("test_client.py", "def test_nothing():\n    pass\n")
    result = suite.run(*VERSIONED)
    assert result.ret == 0
    assert summary(result) == ["not published  no test recorded or verified anything"]
    assert broker.asked == []


RECORDED = "recorded  contracts/checkout-inventory.json  1 interaction (+1 -0 ~0)"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            Answer(401),
            [
                "not published  The broker does not accept the token that it was given: "
                "POST BROKER/contracts/publish (401 Unauthorized)."
            ],
        ),
        (
            Answer(409, '{"notices": [{"type": "error", "text": "Version 1.4.0 has another contract."}]}'),
            [
                "not published  The broker refused POST BROKER/contracts/publish (409 Conflict):",
                "  Version 1.4.0 has another contract.",
            ],
        ),
    ],
)
def test_a_broker_that_says_no_fails_the_run(
    pings: Suite, broker: ScriptedServer, answer: Answer, reason: list[str]
) -> None:
    """The run fails with the broker's answer and without the secret; the contract is recorded all the same."""
    broker.answer(Answer(body=json.dumps(INDEX)), answer)
    result = pings.run(*VERSIONED)
    assert result.ret == 1
    assert summary(result) == [RECORDED, *(line.replace("BROKER", broker.url) for line in reason)]
    assert "t0p-s3cr3t" not in str(result.outlines + result.errlines)


def test_a_broker_that_fails_is_asked_three_times(
    pings: Suite, broker: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contracts may be published again; the run fails within ten seconds, with the broker's last answer."""
    monkeypatch.delenv("PACT_BROKER_HTTP_RETRIES")
    broker.answer(Answer(body=json.dumps(INDEX)), Answer(503, '{"error": "the disk is full"}'))
    result = pings.run(*VERSIONED)
    assert result.ret == 1
    assert result.duration < 10
    assert summary(result) == [
        RECORDED,
        f"not published  The broker could not answer POST {broker.url}/contracts/publish (503 Service Unavailable).",
        "  the disk is full",
        "  Try again later; the broker's log says more.",
    ]
    assert [asked.method for asked in broker.asked] == ["GET", "POST", "POST", "POST"]


def test_a_silent_broker_does_not_hold_up_the_end(pings: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not answer is not waited for, whether it takes connections or not."""
    pings.add_to_conftest("from tallystick import publisher\npublisher.PATIENCE = 0.1")
    monkeypatch.delenv("PACT_BROKER_HTTP_RETRIES", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        result = pings.run(*VERSIONED, f"--contracts-broker={url}")
    assert result.ret == 1
    assert summary(result) == [
        RECORDED,
        f"not published  The broker at {url} did not answer within 0.1 seconds.",
    ]
    pauses = retries.FIRST_PAUSE * (1 + 2)
    assert publisher.PATIENCE + pauses < 10
    assert transport.CONNECT_SECONDS * (1 + publisher.RETRIES) + pauses < 10


def test_an_unreachable_broker_fails_the_run(
    pings: Suite, closed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary says where the broker was looked for."""
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")
    result = pings.run(*VERSIONED, f"--contracts-broker={closed_url}")
    assert result.ret == 1
    assert summary(result) == [
        RECORDED,
        f"not published  No broker could be reached at {closed_url}. Is the URL right (PACT_BROKER_BASE_URL), "
        "is the broker running, and may this machine reach it?",
    ]
