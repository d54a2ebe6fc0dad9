"""Which interactions a contract keeps: each belongs to the test that declared it."""

import json
from textwrap import dedent

import pytest

from plugin.consumer.consumer_suite import Suite, summary

FRUIT = """
def ask(inventory, name):
    inventory.expect(name).get("/" + name).reply(200, json={"name": name})
    assert requests.get(f"{inventory.url}/{name}").json() == {"name": name}
"""


def suite_of(*names: str) -> str:
    """Return a module with a test for each name."""
    return FRUIT + "".join(f"\ndef test_{name}(inventory):\n    ask(inventory, '{name}')\n" for name in names)


@pytest.fixture
def fruit(suite: Suite) -> Suite:
    """Four tests in two files, run once."""
    suite.write("test_a.py", suite_of("apple", "apricot"))
    suite.write("test_b.py", suite_of("banana", "blueberry"))
    assert suite.run().ret == 0
    return suite


def test_a_part_of_the_tests_gives_the_whole_contract(fruit: Suite) -> None:
    """Whichever tests run, and in whatever order, the file is the same to the byte."""
    fruit.add_to_conftest("""
        def pytest_collection_modifyitems(items):
            items.reverse()
    """)
    before = fruit.text()
    for arguments in (
        ["-k", "apple"],
        ["test_a.py"],
        ["test_a.py::test_apple", "test_b.py"],
        ["--deselect", "test_b.py::test_banana"],
        [],
    ):
        result = fruit.run(*arguments)
        assert result.ret == 0, result.outlines
        assert fruit.text() == before, arguments


def test_a_failing_test_keeps_what_it_recorded_before(fruit: Suite) -> None:
    """A test that fails leaves its interaction as it was; run again with --lf, it records the new one."""
    before = fruit.text()
    fruit.write("test_b.py", suite_of("banana", "blueberry").replace("'banana')", "'banana')\n    assert 0"))
    result = fruit.run()
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  4 interactions (+0 -0 ~0), 1 kept of tests that did not pass now"
    ]
    assert fruit.text() == before
    fruit.write("test_b.py", suite_of("banana", "blueberry").replace("'banana')", "'bananas')"))
    assert fruit.run("--lf").ret == 0
    assert fruit.descriptions() == ["apple", "apricot", "bananas", "blueberry"]


def test_what_lost_its_test_is_removed(fruit: Suite) -> None:
    """An interaction goes with its test, once the test's whole file has been collected, or is gone."""
    fruit.write("test_a.py", suite_of("apple"))
    assert fruit.run("test_a.py::test_apple").ret == 0
    assert "apricot" in fruit.descriptions()
    fruit.remove("test_b.py")
    result = fruit.run("-k", "apple")
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  1 interaction (+0 -3 ~0)",
        '          removed "apricot": its test is gone',
        '          removed "banana": its test is gone',
        '          removed "blueberry": its test is gone',
    ]
    assert fruit.descriptions() == ["apple"]


def test_what_a_test_no_longer_declares_is_removed(fruit: Suite) -> None:
    """A test that passed owns what it declares now, and nothing of what it declared earlier."""
    fruit.write("test_a.py", suite_of("apple", "apricot").replace("'apple'", "'cherry'"))
    result = fruit.run()
    assert '          removed "apple": its test no longer declares it' in summary(result)
    assert fruit.descriptions() == ["apricot", "banana", "blueberry", "cherry"]


def test_the_summary_counts_what_changed(fruit: Suite) -> None:
    """What came, what went, and what has other content now."""
    fruit.write("test_a.py", suite_of("apple", "cherry", "citron"))
    fruit.write("test_b.py", suite_of("banana", "blueberry").replace("reply(200", "reply(201"))
    result = fruit.run()
    assert result.ret == 0
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  5 interactions (+2 -1 ~2)",
        '          removed "apricot": its test is gone',
    ]


def test_what_failed_last_does_not_stand_for_its_file(fruit: Suite) -> None:
    """`--lf` collects a part of a file, from which nothing can be known to be gone; a whole run removes it."""
    fruit.write("test_a.py", suite_of("apple").replace("'apple')", "'apple')\n    assert 0"))
    fruit.run("-k", "apple", "--contracts-check")
    fruit.write("test_a.py", suite_of("apple"))
    result = fruit.run("--lf")
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  4 interactions (+0 -0 ~0), 3 kept of tests that did not pass now"
    ]
    result = fruit.run()
    assert summary(result) == [
        "recorded  contracts/checkout-inventory.json  3 interactions (+0 -1 ~0)",
        '          removed "apricot": its test is gone',
    ]


def test_a_file_that_cannot_be_imported_keeps_its_interactions(fruit: Suite) -> None:
    """A test that could not be collected is not known to be gone."""
    before = fruit.text()
    fruit.write("test_b.py", "import no_such_module\n")
    fruit.run("--continue-on-collection-errors")
    assert fruit.text() == before


def test_a_contract_that_nothing_declares_any_more_is_removed(suite: Suite) -> None:
    """The last interaction with a provider takes the file with it, also when only another provider is left."""
    suite.add_to_conftest('prices = tallystick.consumes("prices")\n')
    suite.write("test_a.py", suite_of("apple"))
    suite.write("test_b.py", suite_of("banana").replace("inventory", "prices"))
    assert suite.run().ret == 0
    assert suite.has_contract("prices")
    suite.remove("test_b.py")
    result = suite.run()
    assert not suite.has_contract("prices")
    assert "          removed contracts/checkout-prices.json: nothing is left of it" in summary(result)


CONTRADICTION = """
def ask(inventory, units):
    inventory.given("stock").expect("count").get("/stock").reply(200, json=units)
    assert requests.get(inventory.url + "/stock").json() == units

def test_one(inventory):
    ask(inventory, 1)

def test_two(inventory):
    ask(inventory, 2)
"""


def test_two_tests_that_contradict_each_other_fail_the_run(fruit: Suite) -> None:
    """The same description and states with other content: both tests are named and no file is touched."""
    before = fruit.text()
    fruit.write("test_c.py", CONTRADICTION)
    result = fruit.run()
    assert result.ret == 1
    assert summary(result) == [
        'not recorded  "count" in contracts/checkout-inventory.json is declared differently by '
        "test_c.py::test_one and test_c.py::test_two: let them agree, or give them different words"
    ]
    assert fruit.text() == before


def test_a_contradiction_of_a_test_that_did_not_run_fails_too(suite: Suite) -> None:
    """What another test recorded earlier is not overwritten behind its back."""
    suite.write("test_c.py", CONTRADICTION.replace("def test_two", "def later_two"))
    assert suite.run().ret == 0
    before = suite.text()
    suite.write("test_c.py", CONTRADICTION)
    result = suite.run("-k", "two")
    assert result.ret == 1
    assert summary(result) == [
        'not recorded  "count" in contracts/checkout-inventory.json is declared differently by '
        "test_c.py::test_one and test_c.py::test_two; only the latter passed in this run: run both"
    ]
    assert suite.text() == before


def test_what_another_tool_wrote_is_kept(suite: Suite) -> None:
    """Interactions, members and metadata that no test of ours owns stay as they are."""
    foreign = {
        "type": "Synchronous/HTTP",
        "description": "by hand",
        "comments": {"testname": "some other framework"},
        "request": {"method": "GET", "path": "/"},
        "response": {"status": 200},
    }
    metadata = {"pactSpecification": {"version": "4.0"}, "theirs": {"kept": "yes"}}
    document = {
        "consumer": {"name": "checkout"},
        "provider": {"name": "inventory"},
        "interactions": [foreign],
        "metadata": metadata,
        "more": [1],
    }
    folder = suite.pytester.mkdir("contracts")
    (folder / "checkout-inventory.json").write_text(json.dumps(document), encoding="utf-8")
    suite.write("test_a.py", suite_of("apple"))
    assert suite.run().ret == 0
    assert suite.descriptions() == ["apple", "by hand"]
    assert suite.contract()["interactions"][1] == foreign
    assert suite.contract().items() >= {"metadata": metadata, "more": [1]}.items()


def test_a_broken_file_is_not_overwritten(suite: Suite) -> None:
    """A file that is no contract fails the run, is named, and stays as it is."""
    (suite.pytester.mkdir("contracts") / "checkout-inventory.json").write_text("{", encoding="utf-8")
    suite.write("test_a.py", suite_of("apple"))
    result = suite.run()
    assert result.ret == 1
    assert summary(result) == [
        "not recorded  contracts/checkout-inventory.json is not a contract: "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    ]
    assert suite.text() == "{"


def test_another_specification_needs_all_tests(fruit: Suite) -> None:
    """A contract has one specification: a part of the tests cannot change it, all of them can."""
    fruit.configure('contracts_spec = "3"')
    before = fruit.text()
    result = fruit.run("-k", "apple")
    assert result.ret == 1
    assert summary(result) == [
        "not recorded  contracts/checkout-inventory.json is written in Pact specification 4 and holds interactions "
        "that this run, in specification 3, did not record: run all tests, or remove the file"
    ]
    assert fruit.text() == before
    assert fruit.run().ret == 0
    assert fruit.contract()["metadata"]["pactSpecification"]["version"] == "3.0.0"


def test_an_unwritable_folder_fails_the_run(suite: Suite) -> None:
    """What could not be written is told with its reason."""
    (suite.pytester.path / "contracts").write_text(dedent("a file, not a folder"), encoding="utf-8")
    suite.write("test_a.py", suite_of("apple"))
    result = suite.run()
    assert result.ret == 1
    assert summary(result) == ["not recorded  contracts cannot be written: File exists"]
