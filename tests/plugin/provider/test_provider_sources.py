"""Where contracts come from, and that a run which has nothing to verify never looks like a good one."""

import json
from pathlib import Path

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, ASKS_TOO_MUCH, Suite, contract, interaction
from scripted_server import ScriptedServer


def test_contracts_are_found_in_the_folder(suite: Suite) -> None:
    """Every contract for this provider below `contracts_dir` counts, whoever else has contracts there."""
    suite.configure('contracts_dir = "pacts"')
    for path, document in {
        "pacts/checkout.json": contract(ASKS_FOR_TEA),
        "pacts/deeper/mobile.json": contract(ASKS_FOR_TEA, consumer="mobile"),
        "pacts/inventory-prices.json": contract(ASKS_TOO_MUCH, consumer="inventory", provider="prices"),
        "contracts/elsewhere.json": contract(ASKS_TOO_MUCH),
    }.items():
        suite.write(path, json.dumps(document))
    result = suite.run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["contracts: 2 interactions of 2 consumers from pacts"])
    suite.run("--contracts-dir=pacts/deeper").assert_outcomes(passed=1)


@pytest.mark.parametrize("place", ["elsewhere", "elsewhere/checkout.json"])
def test_an_option_names_another_place(suite: Suite, place: str) -> None:
    """`--contracts-from` takes a folder or a file, and wins over everything that is set."""
    suite.add_contract(ASKS_TOO_MUCH)
    suite.write("elsewhere/checkout.json", json.dumps(contract(ASKS_FOR_TEA)))
    result = suite.run("--contracts-from", place, "--contracts-broker=http://127.0.0.1:1")
    result.assert_outcomes(passed=1)


def test_a_contract_is_read_from_a_url(suite: Suite, server: ScriptedServer) -> None:
    """`--contracts-from` takes the address of a contract; no credentials go to where the broker is not."""
    server.answer_json(contract(ASKS_FOR_TEA))
    result = suite.run("--contracts-from", f"{server.url}/pact.json")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"contracts: 1 interaction of 1 consumer from {server.url}/pact.json"])
    (asked,) = server.asked
    assert (asked.target, asked.headers.get("Authorization")) == ("/pact.json", None)
    server.answer_json({}, status=404)
    result = suite.run("--contracts-from", f"{server.url}/pact.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: no contract from {server.url}/pact.json: HTTP Error 404: Not Found"]
    )


@pytest.mark.parametrize("option", [[], ["--contracts-from=empty"], ["--contracts-dir=empty"]])
def test_nothing_to_verify_is_a_failure(suite: Suite, option: list[str]) -> None:
    """A test that asks for contracts when there are none fails, and says where they were looked for."""
    suite.pytester.mkdir("empty")
    result = suite.run("-v", *option)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    place = "empty" if option else "contracts"
    result.stdout.fnmatch_lines(
        [
            "test_contracts.py::test_honours_its_contracts[[]no contracts for inventory] FAILED *",
            f"no contracts for inventory: looked in {place}. Nothing was verified.",
        ]
    )
    assert summary(result) == []


def test_a_pattern_narrows_what_is_verified(suite: Suite) -> None:
    """`--contracts-only` takes a regular expression of descriptions; one that fits none is a failure."""
    suite.add_contract(ASKS_FOR_TEA, ASKS_TOO_MUCH)
    result = suite.run("--contracts-only=for tea$")
    result.assert_outcomes(passed=1)
    assert summary(result) == ["verified inventory for checkout  1/2 honoured, 1 did not run"]
    result = suite.run("--contracts-only=coffee")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "no contracts for inventory: --contracts-only 'coffee' fits none of 2 interactions of 1 consumer "
            "from contracts. Nothing was verified."
        ]
    )
    result = suite.run("--contracts-only=[")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --contracts-only '[[]' is not a regular expression: *"])


def test_a_contract_without_interactions_is_a_failure(suite: Suite) -> None:
    """Whoever has recorded nothing has not been honoured."""
    suite.add_contract()
    suite.add_contract(ASKS_FOR_TEA, consumer="mobile")
    result = suite.run()
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        ["the contract of checkout (contracts/checkout-inventory.json) has no interactions"]
    )


UNREADABLE = {
    "{": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    "[]": "a contract is a JSON object",
    '{"consumer": {"name": "a"}}': "provider.name is missing: this is not a contract",
    json.dumps(contract({"providerStates": [1]})): "interactions[0].description must be a string",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_contract_stops_the_run(suite: Suite, text: str) -> None:
    """A file that cannot be read is named before the first test, since it could be anybody's contract."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.write("contracts/odd.json", text)
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == f"ERROR: contracts/odd.json is not a contract: {UNREADABLE[text]}"
    result.assert_outcomes()


def test_other_suites_do_not_care(suite: Suite, closed_url: str) -> None:
    """A run in which no test asks for `contract` looks nothing up: not the files, not the broker."""
    suite.write("contracts/odd.json", "{")
    suite.write("test_contracts.py", "def test_something():\n    pass\n")
    for place in (
        ["--contracts-from=contracts"],
        ["--contracts-from=broker", "--contracts-broker", closed_url, "-n1"],
    ):
        result = suite.run(*place)
        result.assert_outcomes(passed=1)
        assert summary(result) == []


def test_a_wrong_place_stops_the_run(suite: Suite, tmp_path: Path) -> None:
    """A place that is not there, or holds the contract of others, is refused by name; so is a missing name."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps(contract(interaction("ask"), provider="prices")))
    for arguments, message in (
        (["--contracts-from=nowhere"], "--contracts-from nowhere: there is no such file or folder"),
        (
            [f"--contracts-from={other}"],
            f"{other} is the contract of checkout with prices, but this service is inventory (contracts_name)",
        ),
        (
            ["--contracts-from=broker"],
            "--contracts-from broker needs a broker: "
            "set contracts_broker, --contracts-broker or PACT_BROKER_BASE_URL",
        ),
        (
            ["-o", "contracts_name="],
            "a test asks for `contract`, but this service has no name: set contracts_name",
        ),
    ):
        result = suite.run(*arguments)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert result.errlines[0] == f"ERROR: {message}"


def test_options_narrow_by_consumer_and_state(suite: Suite) -> None:
    """Consumers are named whole, states by an expression; what fits none is a failure with both said."""
    suite.add_contract(ASKS_FOR_TEA, interaction("ask for none", path="/none", status=404))
    suite.add_contract(ASKS_FOR_TEA, consumer="mobile")
    result = suite.run("--contracts-consumer=checkout", "--contracts-state=stock$")
    result.assert_outcomes(passed=1)
    assert summary(result) == ["verified inventory for checkout  1/2 honoured, 1 did not run"]
    result = suite.run("--contracts-consumer=check", "--contracts-state=stock")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*--contracts-consumer 'check' --contracts-state 'stock' fits none of 3 interactions *"]
    )
    for option, reason in (
        ("--contracts-state=(", "--contracts-state '(' is not a regular expression: *"),
        ("--contracts-wip-since=may", "--contracts-wip-since 'may' is not a day such as 2026-11-24"),
    ):
        result = suite.run(option)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: {reason}"])


MARKED = """
import pytest
import tallystick

def test_honours_its_contracts(contract, app):
    contract.verify(app)

@tallystick.only(consumer="checkout", description="^staff ")
def test_honours_staff(contract, app):
    contract.verify(app)

@tallystick.source("elsewhere")
@tallystick.timeout(5)
class TestElsewhere:
    def test_other(self, contract, app):
        contract.verify(app)
"""


def test_tests_may_share_the_work(suite: Suite) -> None:
    """A marked test takes its interactions from the others, or contracts from its own source; all are counted."""
    suite.add_contract(ASKS_FOR_TEA, ASKS_FOR_TEA | {"description": "staff asks"})
    suite.add_contract(ASKS_FOR_TEA | {"description": "staff asks"}, consumer="mobile")
    suite.write("elsewhere/prices.json", json.dumps(contract(ASKS_FOR_TEA, consumer="prices")))
    suite.write("test_contracts.py", MARKED)
    for workers in ("0", "1"):
        result = suite.run("-v", "--strict-markers", "-n", workers)
        result.assert_outcomes(passed=4)
        given = "(given there is stock)"
        for name in (
            f"test_honours_its_contracts[checkout: ask for tea {given}]",
            f"test_honours_staff[checkout: staff asks {given}]",
            f"test_honours_its_contracts[mobile: staff asks {given}]",
            f"TestElsewhere::test_other[prices: ask for tea {given}]",
        ):
            assert name in str(result.stdout)
        assert summary(result) == [
            "verified inventory for checkout  2/2 honoured",
            "verified inventory for mobile    1/1 honoured",
            "verified inventory for prices    1/1 honoured",
        ]
    suite.run("--contracts-only=tea").assert_outcomes(passed=2)
    suite.run("--contracts-from=elsewhere").assert_outcomes(passed=2, failed=1)
    result = suite.run("--contracts-consumer=mobile", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*--contracts-consumer 'mobile' fits none of 1 interaction of 1 consumer*"])


def test_a_mark_that_fits_nothing_is_a_failure(suite: Suite) -> None:
    """A test whose mark selects nothing verifies nothing, and says so; a mark without a word is refused."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.write(
        "test_contracts.py",
        """
        import pytest
        import tallystick

        @tallystick.only(state="unheard of")
        def test_honours_nothing(contract, app):
            contract.verify(app)

        def test_wrong_marks():
            with pytest.raises(TypeError, match="needs a consumer, a description or a state"):
                tallystick.only()
            with pytest.raises(ValueError, match="state '\\\\(' is not a regular expression"):
                tallystick.only(state="(")
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["no contracts for *: what this test is marked for fits none of 1 inter*"])
    suite.write("test_contracts.py", MARKED)
    result = suite.run("-k", "TestElsewhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: tallystick.source elsewhere: there is no such file or folder"])


def test_nothing_to_verify_may_be_skipped(suite: Suite) -> None:
    """With `contracts_empty = skip` a service without consumers is no failure; any other word is refused."""
    suite.configure('contracts_empty = "skip"')
    result = suite.run("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED *: no contracts for inventory: looked in contracts*"])
    suite.configure('contracts_empty = "pass"')
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: contracts_empty = 'pass': say fail or skip"])


def test_contracts_are_kept_for_a_run_without_a_network(suite: Suite, server: ScriptedServer) -> None:
    """`--contracts-offline` verifies what the last run had from elsewhere, and publishes nothing."""
    place = f"--contracts-from={server.url}/pact.json"
    result = suite.run(place, "--contracts-offline")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == (
        "ERROR: --contracts-offline: no run has kept these contracts in pytest's cache, run once without it"
    )
    server.answer_json(contract(ASKS_FOR_TEA))
    suite.run(place, "-n", "1").assert_outcomes(passed=1)
    suite.run(place, "--contracts-offline").assert_outcomes(passed=1)
    assert len(server.asked) == 1
    result = suite.run(place, "--contracts-offline", "--contracts-publish")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --contracts-publish needs the broker: leave out --contracts-offline"]
    )
