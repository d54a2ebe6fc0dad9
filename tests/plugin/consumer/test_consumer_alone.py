"""`tallystick.mock`: a mock for a block of code, under pytest, unittest or neither."""

import threading
from pathlib import Path

import pytest
import requests

import pytest_tallystick
from plugin import suites
from plugin.consumer.consumer_suite import Suite, summary
from tallystick import Mock
from tallystick.consumer import alone
from tallystick.errors import DeclarationError, MismatchError

CASES = """
import unittest
import requests
import tallystick

class TestStock(unittest.TestCase):
    def setUp(self):
        self.inventory = self.enterContext(tallystick.mock("inventory", consumer="checkout"))

    def ask(self, words, path):
        self.inventory.expect(words).get(path).reply(200, json=3)
        return requests.get(self.inventory.url + path, timeout=5)

    def test_count(self):
        self.assertEqual(self.ask("count", "/stock").json(), 3)

    def test_fails(self):
        self.ask("fails", "/fails")
        self.fail("mine")

    @unittest.expectedFailure
    def test_expected_to_fail(self):
        self.ask("expected", "/expected")
        self.fail("mine")

    def test_skipped(self):
        self.ask("skipped", "/skipped")
        self.skipTest("later")

    def test_parts(self):
        self.ask("parts", "/parts")
        with self.subTest("one"):
            self.fail("mine")

    def test_mismatch(self):
        self.inventory.expect("mismatch").get("/mismatch").reply(200)

    def test_block(self):
        for provider in ("prices", "users"):
            with tallystick.mock(provider, consumer="checkout") as other:
                other.expect("ask").get("/ask").reply(204)
                requests.get(other.url + "/ask", timeout=5)
        self.ask("last", "/last")
"""


def test_unittest_and_pytest_record_the_same(suite: Suite) -> None:
    """A TestCase records what it records under pytest, to the byte; what failed is not recorded by either."""
    (suite.pytester.path / "test_stock.py").write_text(CASES, encoding="utf-8")
    (suite.pytester.path / "conftest.py").unlink()
    result = suites.run_unittest("test_stock")
    assert result.ret == 1
    errors = "\n".join(result.errlines)
    assert "FAILED (failures=3, skipped=1, expected failures=1)" in errors
    assert "MismatchError: checkout broke its contract with inventory\n" in errors
    assert "    GET /mismatch was never sent\n" in errors
    assert suite.descriptions() == ["count", "last"]
    assert suite.contract()["interactions"][0]["comments"] == {
        "testname": "test_stock.py::TestStock::test_count"
    }
    recorded = [suite.text(provider) for provider in ("inventory", "prices", "users")]

    assert suites.run_unittest("test_stock.TestStock.test_count").ret == 0
    assert suite.text() == recorded[0]

    for provider in ("inventory", "prices", "users"):
        suite.remove(f"contracts/checkout-{provider}.json")
    result = suite.run()
    assert result.ret == 1
    assert [suite.text(provider) for provider in ("inventory", "prices", "users")] == recorded
    result.stdout.fnmatch_lines(["*AssertionError: mine", "checkout broke its contract with inventory"])
    result.stdout.no_fnmatch_line("*pytest_plugin*")


def test_a_block_in_a_test_of_pytest_belongs_to_it(suite: Suite) -> None:
    """It needs no fixture, takes the settings of the run, fails its test, and shows what explains a failure."""
    suite.write(
        "test_client.py",
        """
        import tallystick

        def test_kept():
            with tallystick.mock("inventory") as inventory:
                inventory.expect("count").get("/stock").reply(200, json=3)
                assert requests.get(inventory.url + "/stock").json() == 3

        def test_not_kept():
            with tallystick.mock("inventory") as inventory:
                inventory.expect("never").get("/never").reply(200)

        def test_fails_by_itself():
            with tallystick.mock("inventory") as inventory:
                inventory.expect("post").post("/stock", json=1).reply(200)
                assert requests.post(inventory.url + "/stock", json=2).status_code == 200

        def test_swallows_the_failure():
            try:
                with tallystick.mock("inventory") as inventory:
                    inventory.expect("swallowed").get("/never").reply(200)
            except BaseException:
                pass
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "    GET /never was never sent",
            "E * assert 500 == 200",
            "*- contract mismatches -*",
            "    POST /stock was sent, but not as declared:",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin*")
    assert summary(result) == ["recorded  contracts/checkout-inventory.json  1 interaction (+1 -0 ~0)"]


LATE = """
import pytest
import requests

@pytest.mark.parametrize("words", ["one", "two"])
def test_late(words):
    import tallystick

    with tallystick.mock("inventory", consumer="checkout") as inventory:
        inventory.expect(words).get("/stock").reply(200)
        assert requests.get(inventory.url + "/stock").ok
"""


@pytest.mark.parametrize("first", ["", "import tallystick\n"])
@pytest.mark.parametrize("arguments", [[], ["-n2"]])
def test_a_suite_may_come_to_it_late(suite: Suite, first: str, arguments: list[str]) -> None:
    """A suite that has no settings, and a mock only once its tests run, records all the same."""
    for name in ("conftest.py", "pyproject.toml"):
        suite.remove(name)
    (suite.pytester.path / "test_client.py").write_text(first + LATE, encoding="utf-8")
    result = suite.run(*arguments)
    result.assert_outcomes(passed=2)
    assert summary(result) == ["recorded  contracts/checkout-inventory.json  2 interactions (+2 -0 ~0)"]
    assert suite.descriptions() == ["one", "two"]
    suite.run("-k", "two", *arguments).assert_outcomes(passed=1)
    assert suite.descriptions() == ["one", "two"]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, as in a program that is not pytest."""
    monkeypatch.setattr(pytest_tallystick, "CONFIGS", [])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(mock: Mock, words: str, status: int = 200) -> None:
    """Declare a request and send it."""
    mock.expect(words).get(f"/{words}").reply(status)
    requests.get(f"{mock.url}/{words}", timeout=5)


def test_a_program_records_what_it_did(outside: Path) -> None:
    """Outside of any test the function that uses the mock owns what it declares, and does so each time anew."""
    for words in ("one", "two"):
        with alone.mock("inventory", consumer="checkout", folder="pacts") as inventory:
            ask(inventory, words)
    text = (outside / "pacts" / "checkout-inventory.json").read_text(encoding="utf-8")
    assert text.count("test_a_program_records_what_it_did") == 2


def test_many_writers_lose_nothing(outside: Path) -> None:
    """Whatever writes at the same time, each interaction arrives."""

    def work(number: int) -> None:
        with alone.mock("inventory", consumer="checkout") as inventory:
            ask(inventory, f"number-{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (outside / "contracts" / "checkout-inventory.json").read_text(encoding="utf-8")
    assert text.count('"description"') == 12


def test_a_failure_hears_what_the_mock_saw(outside: Path) -> None:
    """The failure of a block stays what it is, and nothing of it is recorded."""

    def block() -> None:
        with alone.mock("inventory", consumer="checkout") as inventory:
            requests.get(f"{inventory.url}/surprise", timeout=5)
            raise KeyError("mine")

    with pytest.raises(KeyError) as caught:
        block()
    assert caught.value.__notes__ == [
        "checkout broke its contract with inventory\n  GET /surprise was sent, but this test does not declare it"
    ]
    assert list(outside.iterdir()) == []


def test_a_block_that_did_not_keep_to_it_fails(outside: Path) -> None:
    """It raises what unittest and others take for a failed assertion."""
    with pytest.raises(MismatchError, match="GET /x was never sent"), alone.mock("a", consumer="b") as mock:
        mock.expect("x").get("/x").reply(200)
    assert issubclass(MismatchError, AssertionError)
    assert list(outside.iterdir()) == []


def test_a_mock_needs_to_know_whose_it_is(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, outside: Path
) -> None:
    """Outside of pytest the consumer is named; under pytest there must be a test to record for."""
    with pytest.raises(DeclarationError, match="the consumer needs a name"):
        alone.mock("inventory")
    monkeypatch.setattr(pytest_tallystick, "CONFIGS", [request.config])
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    with pytest.raises(DeclarationError, match="no test is running"):
        alone.mock("inventory", folder=outside)
