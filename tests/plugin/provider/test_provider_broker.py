"""Contracts from a real broker, and results published to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import requests

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import (
    ASKS_FOR_NONE,
    ASKS_FOR_TEA,
    ASKS_TOO_MUCH,
    CONFTEST,
    Suite,
    contract,
)
from tallystick_client import Broker

ON_MAIN = ("--contracts-branch=main", "--contracts-publish")


@dataclass(frozen=True)
class Shop:
    """The provider's suite beside a broker; consumer and provider have names that no other test uses."""

    suite: Suite
    broker: Broker
    consumer: str
    provider: str

    def publish(self, *interactions: Mapping[str, Any], version: str = "1", branch: str = "main") -> None:
        """Publish the consumer's contract."""
        document = contract(*interactions, consumer=self.consumer, provider=self.provider)
        self.broker.publish_contracts(self.consumer, version, [document], branch=branch)

    def run(self, version: str, *arguments: str) -> pytest.RunResult:
        """Verify as this version of the provider."""
        settings = ["-o", f"contracts_name={self.provider}", "--contracts-broker", self.broker.url]
        return self.suite.run(*settings, f"--contracts-version={version}", *arguments)

    def results(self, result: pytest.RunResult) -> list[dict[str, Any]]:
        """Return what the run has published, as the broker has it."""
        urls = re.findall(r"published \w+ -> (\S+)", str(result.stdout))
        return [requests.get(url, timeout=10).json() for url in urls]


@pytest.fixture
def shop(suite: Suite, live_broker: str) -> Shop:
    """A shop whose contract has not been published yet."""
    unique = uuid4().hex[:8]
    return Shop(suite, Broker(live_broker), f"checkout-{unique}", f"inventory-{unique}")


def test_results_are_published_interaction_by_interaction(shop: Shop) -> None:
    """The broker learns of this version its branch, its tags, its build, and what became of each interaction."""
    shop.publish(ASKS_FOR_TEA, ASKS_TOO_MUCH)
    result = shop.run("2.0", *ON_MAIN, "--contracts-tag=nightly", "--contracts-build-url=https://ci.test/7")
    assert result.ret == 0, str(result.stdout)
    result.assert_outcomes(passed=1, xfailed=1)
    line, *said = summary(result)
    assert said[0] == (
        f"          This pact is still pending: no version of {shop.provider} on branch 'main' has honoured it yet."
    )
    assert line.startswith(
        f"verified {shop.provider} for {shop.consumer}  1/2 honoured (pending: does not fail this run)  "
        f"published failure -> {shop.broker.url}/"
    )
    (published,) = shop.results(result)
    assert (published["success"], published["providerApplicationVersion"]) == (False, "2.0")
    assert published["buildUrl"] == "https://ci.test/7"
    assert published["verifiedBy"]["implementation"] == "tallystick"
    good, bad = sorted(published["testResults"], key=lambda each: not each["success"])
    assert (good["interactionDescription"], good["success"]) == ("ask for tea", True)
    assert (bad["interactionDescription"], bad["success"]) == ("ask for the price of tea", False)
    assert good["interactionId"] != bad["interactionId"]
    assert bad["mismatches"] == [
        {"attribute": "body", "description": "$: Actual map is missing the following keys: price"}
    ]
    version = requests.get(f"{shop.broker.url}/pacticipants/{shop.provider}/versions/2.0", timeout=10).json()
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["nightly"]
    assert [branch["name"] for branch in version["_embedded"]["branchVersions"]] == ["main"]


def test_a_contract_that_was_honoured_once_has_to_be(shop: Shop) -> None:
    """What nobody has honoured yet is expected to fail; after a success, a failure fails the run and says why."""
    shop.publish(ASKS_FOR_TEA)
    assert shop.run("1.0", *ON_MAIN).ret == 0
    result = shop.run("1.1", *ON_MAIN)
    result.assert_outcomes(passed=1)
    assert "pending" not in str(result.stdout)
    shop.suite.write("conftest.py", CONFTEST.replace('"available":', '"left":'))
    result = shop.run("1.2", *ON_MAIN)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "    Actual map is missing the following keys: available",
            f"  contract    {shop.broker.url}/pacts/provider/*",
            "  why this contract is here",
            f"    The pact at {shop.broker.url}/pacts/provider/* is verified because *",
            f"    [*] latest version of {shop.consumer} * (1)",
        ]
    )
    assert [each["success"] for each in shop.results(result)] == [False]


def test_settings_select_the_consumers_versions(shop: Shop) -> None:
    """Words and JSON choose, work in progress is added; a test is named after its version where that matters."""
    shop.publish(ASKS_FOR_TEA)
    shop.publish(ASKS_TOO_MUCH, version="2", branch="feature")
    select = 'contracts_select = ["main", "deployed", "matching-branch"]'
    shop.suite.configure(select)
    result = shop.run("1.0", "--contracts-branch=main", "--contracts-no-pending")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*from {shop.broker.url} (main, deployed, matching-branch)"])
    shop.run("1.0", "--contracts-branch=main").assert_outcomes(passed=1, xfailed=1)
    later = "--contracts-wip-since=2999-01-01"
    shop.run("1.0", "--contracts-branch=main", later).assert_outcomes(passed=1)
    result = shop.run("1.0", "--contracts-branch=feature", "-v", later)
    result.assert_outcomes(passed=1, xfailed=1)
    result.stdout.fnmatch_lines([f"*[[]{shop.consumer} (*feature*): ask for the price of tea (given *"])
    shop.suite.configure(f"""contracts_select = ['{{"branch": "feature", "consumer": "{shop.consumer}"}}']""")
    shop.run("1.0", "--contracts-branch=main", later).assert_outcomes(xfailed=1)
    chosen = ("--contracts-select=main", "--contracts-no-pending")
    shop.run("1.0", "--contracts-branch=main", *chosen).assert_outcomes(passed=1)


def test_workers_verify_and_the_controller_publishes(shop: Shop) -> None:
    """With several processes there is one result, of all that they verified."""
    shop.publish(ASKS_FOR_TEA, ASKS_TOO_MUCH)
    result = shop.run("1.0", "-n", "2", *ON_MAIN)
    assert result.ret == 0, str(result.stdout)
    result.assert_outcomes(passed=1, xfailed=1)
    (published,) = shop.results(result)
    assert len(published["testResults"]) == 2


def test_a_part_of_a_contract_has_no_result(shop: Shop) -> None:
    """A contract that was not verified whole is not published; that fails the run, unless it is pending."""
    shop.publish(ASKS_FOR_TEA, ASKS_FOR_NONE)
    result = shop.run("1.0", *ON_MAIN, "-k", "none")
    assert (result.ret, shop.results(result)) == (0, [])
    assert summary(result) == [
        f"verified {shop.provider} for {shop.consumer}  1/2 honoured, 1 did not run  "
        "not published: 1 of 2 interactions did not run"
    ]
    assert shop.run("1.0", *ON_MAIN).ret == 0
    result = shop.run("1.0", *ON_MAIN, "--contracts-only=none")
    result.assert_outcomes(passed=1)
    assert (result.ret, shop.results(result)) == (pytest.ExitCode.TESTS_FAILED, [])


def test_a_failed_test_is_published_as_a_failure(shop: Shop) -> None:
    """What the app or a state raises, and a failure after the verification, reach the broker as such."""
    shop.publish(ASKS_FOR_TEA)
    shop.suite.write(
        "test_contracts.py",
        """
        def test_honours_its_contracts(contract, app):
            contract.verify(app)
            assert not "my own"
        """,
    )
    result = shop.run("1.0", *ON_MAIN)
    result.assert_outcomes(failed=1)
    (published,) = shop.results(result)
    assert published["success"] is False
    assert published["testResults"][0]["exceptions"] == [
        {"message": "the test did not pass after the verification"}
    ]


def test_a_provider_without_contracts_has_nothing_to_verify(shop: Shop) -> None:
    """A provider that the broker has never heard of fails as one without contracts, and says why."""
    result = shop.run("1.0")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"no contracts for {shop.provider}: looked in {shop.broker.url}, which does not know {shop.provider}.*"
        ]
    )


def test_a_contract_is_named_by_its_url(shop: Shop) -> None:
    """The address of a contract on the broker is verified and has a result, as for a webhook's build."""
    shop.publish(ASKS_FOR_TEA)
    url = f"{shop.broker.url}/pacts/provider/{shop.provider}/consumer/{shop.consumer}/latest"
    result = shop.run("1.0", *ON_MAIN, "--contracts-from", url)
    result.assert_outcomes(passed=1)
    assert [each["success"] for each in shop.results(result)] == [True]
