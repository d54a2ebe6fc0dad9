"""Committed contracts that must not change, contracts that are pruned, and the report for programs."""

import json
from typing import Any

import pytest

from plugin.consumer.consumer_suite import Suite, summary
from plugin.consumer.test_consumer_ownership import suite_of


@pytest.fixture
def fruit(suite: Suite) -> Suite:
    """Two tests in two files, run once."""
    suite.write("test_a.py", suite_of("apple"))
    suite.write("test_b.py", suite_of("banana"))
    assert suite.run().ret == 0
    return suite


def test_committed_contracts_that_are_up_to_date_pass(fruit: Suite) -> None:
    """`--contracts-check` compares and says so; a part of the tests, and other line ends, are fine."""
    path = fruit.pytester.path / "contracts" / "checkout-inventory.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    for arguments, kept in ((["-n1"], ""), (["-k", "apple"], ", 1 kept of tests that did not pass now")):
        result = fruit.run("--contracts-check", *arguments)
        assert result.ret == 0, result.outlines
        assert summary(result) == [
            f"checked   contracts/checkout-inventory.json  2 interactions (+0 -0 ~0){kept}"
        ]
    assert path.read_bytes() == before


def test_committed_contracts_that_would_change_fail(fruit: Suite) -> None:
    """Each difference is named, nothing is written, and nothing is published."""
    before = fruit.text()
    fruit.write("test_a.py", suite_of("apricot", "cherry"))
    fruit.write("test_b.py", suite_of("banana").replace("reply(200", "reply(201"))
    publish = ["--contracts-publish", "--contracts-version=1", "--contracts-broker=http://127.0.0.1:9"]
    result = fruit.run("--contracts-check", *publish)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "differs   contracts/checkout-inventory.json  3 interactions (+2 -1 ~1)",
        '          would add "apricot"',
        '          would add "cherry"',
        '          would change "banana"',
        '          would remove "apple"',
        "          run the tests without --contracts-check, and commit what they record",
    ]
    assert fruit.text() == before
    fruit.remove("contracts/checkout-inventory.json")
    assert fruit.run("--contracts-check").ret == pytest.ExitCode.TESTS_FAILED
    assert not fruit.has_contract()


def test_a_file_that_was_written_by_hand_differs(fruit: Suite) -> None:
    """A contract has one spelling, so that it changes only when its tests do."""
    path = fruit.pytester.path / "contracts" / "checkout-inventory.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    result = fruit.run("--contracts-check")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result)[0].startswith(
        "differs   contracts/checkout-inventory.json  2 interactions (+0 -0 ~0)"
    )


def test_pruning_keeps_what_this_run_collected(fruit: Suite) -> None:
    """Only what no collected test owns goes, also of other providers and of tools; deselected tests keep theirs."""
    folder = fruit.pytester.path / "contracts"
    document: dict[str, Any] = fruit.contract()
    foreign = {**document["interactions"][0], "description": "by hand", "comments": {}}
    document["interactions"].append(foreign)
    (folder / "checkout-inventory.json").write_text(json.dumps(document), encoding="utf-8")
    other = {**document, "provider": {"name": "prices"}, "interactions": [foreign]}
    (folder / "checkout-prices.json").write_text(json.dumps(other), encoding="utf-8")
    theirs = {**other, "consumer": {"name": "till"}}
    (folder / "till-prices.json").write_text(json.dumps(theirs), encoding="utf-8")

    fruit.write("test_a.py", suite_of("apple", "apricot"))
    fruit.run("-k", "apricot")
    assert fruit.descriptions() == ["apple", "apricot", "banana", "by hand"]
    result = fruit.run("test_a.py", "-k", "apricot", "--contracts-prune")
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  2 interactions (+0 -2 ~0), "
        "1 kept of tests that did not pass now",
        '          removed "banana": its test is gone',
        '          removed "by hand": no test is known to own it',
        "recorded  contracts/checkout-prices.json     0 interactions (+0 -1 ~0)",
        '          removed "by hand": no test is known to own it',
        "          removed contracts/checkout-prices.json: nothing is left of it",
    ]
    assert not fruit.has_contract("prices")
    assert (folder / "till-prices.json").exists()


@pytest.mark.parametrize("arguments", [[], ["-n1"]])
def test_pruning_takes_the_last_interaction_too(fruit: Suite, arguments: list[str]) -> None:
    """A suite that declares nothing any more has no contract, once it says that it is the whole suite."""
    for name in ("test_a.py", "test_b.py"):
        fruit.write(name, "def test_nothing():\n    pass\n")
    fruit.run(*arguments)
    assert fruit.has_contract()
    fruit.run("--contracts-prune", "--collect-only")
    assert fruit.has_contract()
    assert fruit.run("--contracts-prune", *arguments).ret == 0
    assert not fruit.has_contract()


def test_the_report_says_what_the_summary_says(fruit: Suite) -> None:
    """`--contracts-report` writes the outcome for programs, relative to where pytest was started."""
    fruit.write("test_b.py", suite_of("blueberry"))
    result = fruit.run("--contracts-report=report.json", "-n1")
    report = json.loads((fruit.pytester.path / "report.json").read_text(encoding="utf-8"))
    assert report == {
        "name": "checkout",
        "version": None,
        "branch": None,
        "exit_code": 0,
        "recorded": [
            {
                "path": "contracts/checkout-inventory.json",
                "consumer": "checkout",
                "provider": "inventory",
                "specification": 4,
                "interactions": 2,
                "added": ["blueberry"],
                "changed": [],
                "removed": ["banana"],
                "kept": [],
            }
        ],
        "verified": [],
        "summary": summary(result),
    }


def test_a_report_needs_a_place(suite: Suite) -> None:
    """A report that could not be written is refused before the first test."""
    for place in ("no/such/folder.json", "."):
        result = suite.run(f"--contracts-report={place}")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["*--contracts-report *: name a file in a folder that is there"])
