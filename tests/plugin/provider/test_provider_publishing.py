"""Results that are published: their lines, and that each is published whole and once."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import (
    ASKS_FOR_NONE,
    ASKS_FOR_TEA,
    ASKS_TOO_MUCH,
    Suite,
    contract,
    has_lines,
)
from plugin.provider.test_provider_answers import DONE, INDEX, PUBLISH, broker
from scripted_server import Answer, ScriptedServer

__all__ = ["broker"]

WHY = "The pact is verified because it is\n    the latest of main."


def pact(
    number: int, *interactions: Mapping[str, Any], consumer: str, pending: bool = False
) -> tuple[dict[str, Any], Answer]:
    """Return how the broker lists a contract, and the contract."""
    notice = {"when": "before_verification", "text": WHY}
    listed = {
        "_links": {"self": {"href": f"/pact/{number}"}},
        "verificationProperties": {"pending": pending, "notices": [notice]},
    }
    links = {"_links": {"pb:publish-verification-results": {"href": f"/results-of/{number}"}}}
    return listed, Answer(200, json.dumps(contract(*interactions, consumer=consumer) | links))


def published(number: int) -> Answer:
    """Return the broker's answer to a result."""
    return Answer(201, "{}", {"Location": f"/results/{number}"})


def hand_out(broker: ScriptedServer, *pacts: tuple[dict[str, Any], Answer], then: list[Answer]) -> None:
    """Let the broker have these contracts, and answer so when results are published."""
    listed = Answer(200, json.dumps({"_embedded": {"pacts": [each for each, _ in pacts]}}))
    broker.answer(INDEX, listed, *(document for _, document in pacts), *then)


def results(broker: ScriptedServer) -> list[str]:
    """Return where results were sent to."""
    return [asked.target for asked in broker.asked if asked.target.startswith("/results")]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_each_contract_has_its_line(suite: Suite, broker: ScriptedServer, workers: str) -> None:
    """It says what was honoured, what is pending, what was published and where, and why something was not."""
    hand_out(
        broker,
        pact(1, ASKS_FOR_TEA, ASKS_FOR_NONE, consumer="checkout"),
        pact(2, ASKS_FOR_TEA, ASKS_TOO_MUCH, consumer="mobile", pending=True),
        pact(3, ASKS_TOO_MUCH, consumer="web"),
        pact(4, ASKS_FOR_TEA, ASKS_FOR_NONE, consumer="audit"),
        then=[INDEX, DONE, DONE, published(1), published(2), published(3)],
    )
    suite.add_to_conftest('tallystick.state("user is locked")(lambda: None)')
    result = suite.run(*PUBLISH, "-k", "not (audit and none)", "-n", workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "verified inventory for checkout  2/2 honoured  published success -> /results/1",
        "verified inventory for mobile    1/2 honoured (pending: does not fail this run)  "
        "published failure -> /results/2",
        "verified inventory for web       0/1 honoured  published failure -> /results/3",
        "verified inventory for audit     1/2 honoured, 1 did not run  "
        "not published: 1 of 2 interactions did not run",
        'unused    state "user is locked" (conftest.py:26) is used by no contract',
    ]
    assert results(broker) == ["/results-of/1", "/results-of/2", "/results-of/3"]
    assert [asked.target for asked in broker.asked].count("/for/inventory") == 1


@pytest.mark.parametrize(
    ("option", "line"),
    [
        (
            "--contracts-only=tea",
            "1/2 honoured, 1 did not run  not published: 1 of 2 interactions did not run",
        ),
        (
            "--contracts-state=stock",
            "1/2 honoured, 1 did not run  not published: 1 of 2 interactions did not run",
        ),
        (
            "--contracts-consumer=mobile",
            "0/2 honoured, 2 did not run  not published: 2 of 2 interactions did not run",
        ),
    ],
)
def test_a_narrowed_contract_has_no_result(
    suite: Suite, broker: ScriptedServer, option: str, line: str
) -> None:
    """What an option left out is not known, so that a run which was to publish it fails."""
    hand_out(
        broker,
        pact(1, ASKS_FOR_TEA, ASKS_FOR_NONE, consumer="checkout"),
        pact(2, ASKS_FOR_TEA, consumer="mobile"),
        then=[INDEX, DONE, DONE, published(2)],
    )
    result = suite.run(*PUBLISH, option)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        f"verified inventory for checkout  {line}",
        "verified inventory for mobile    1/1 honoured  published success -> /results/2",
    ]
    assert results(broker) == ["/results-of/2"]


def test_of_a_test_that_is_run_again_the_last_result_is_published(
    suite: Suite, broker: ScriptedServer
) -> None:
    """pytest-rerunfailures gives it another try, and there is one result."""
    hand_out(broker, pact(1, ASKS_FOR_TEA, consumer="checkout"), then=[INDEX, DONE, DONE, published(1)])
    suite.write(
        "test_contracts.py",
        """
        tried = []

        def test_honours_its_contracts(contract, app):
            tried.append(contract)
            contract.verify(app)
            assert len(tried) == 2
        """,
    )
    result = suite.run(*PUBLISH, "--reruns=1", plugins=["rerunfailures"])
    assert (
        f"contracts: inventory 2 (branch main), 1 interaction of 1 consumer from {broker.url} (its default selection)"
        in result.outlines
    )
    result.assert_outcomes(passed=1)
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured  published success -> /results/1"
    ]
    assert results(broker) == ["/results-of/1"]


def test_what_nobody_has_honoured_is_expected_to_fail(
    suite: Suite, broker: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a contract that the broker calls pending, what is honoured has passed, and the rest says why it may fail."""
    hand_out(broker, pact(1, ASKS_FOR_TEA, ASKS_TOO_MUCH, consumer="mobile", pending=True), then=[])
    monkeypatch.setenv("COLUMNS", "200")
    result = suite.run("-v")
    assert result.ret == 0
    test = "test_contracts.py::test_honours_its_contracts"
    assert [re.sub(r" +\[.*%\]$", "", line) for line in result.outlines if line.startswith(test)] == [
        f"{test}[mobile: ask for tea (given there is stock)] PASSED",
        f"{test}[mobile: ask for the price of tea (given there is stock)] "
        "XFAIL (pending: inventory has not honoured this contract yet)",
    ]
    assert summary(result) == [
        "verified inventory for mobile  1/2 honoured (pending: does not fail this run)"
    ]


def test_a_failure_says_why_its_contract_is_here(suite: Suite, broker: ScriptedServer) -> None:
    """The whole report: the broker's reasons and the consumer's test stand before the command that asks again."""
    failing = ASKS_TOO_MUCH | {"comments": {"testname": "tests/test_shop.py::test_price"}}
    hand_out(broker, pact(1, failing, consumer="checkout"), then=[])
    result = suite.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert has_lines(
        str(result.stdout),
        [
            "_ test_honours_its_contracts[checkout: ask for the price of tea (given there is stock)] _",
            "checkout expects of inventory: ask for the price of tea",
            '  given there is stock {"sku": "tea"}',
            "  request   GET /stock/tea",
            '  response  200 {"available":5,"sku":"tea"}',
            "  body $",
            '    - expected  ["price"]',
            '    + actual    ["available","sku"]',
            "    Actual map is missing the following keys: price",
            "  recorded by tests/test_shop.py::test_price",
            "  contract    /pact/1",
            "  why this contract is here",
            "    The pact is verified because it is",
            "    the latest of main.",
            """  reproduce   curl -i "$BASE_URL"/stock/tea""",
            "================================== tallystick ==================================",
        ],
    )
