"""The gate, asked at a real broker."""

import pytest

from command import Run
from story import contract
from tallystick_client import Broker

MISMATCH = {"attribute": "body", "identifier": "$.price", "description": "Expected a number but got null"}


@pytest.fixture
def shop(broker: Broker) -> Broker:
    """A broker at which Shop 1 is live, whose contract Stock 1 honours and Stock 2 does not."""
    if not any(each.name == "shops" for each in broker.environments()):
        broker.create_environment("shops", production=True)
    broker.publish_contracts("Shop", "1", [contract("Shop", "Stock")], branch="main")
    url = f"{broker.url}/pacts/provider/Stock/consumer/Shop/version/1"
    results_url = broker.contract_to_verify(url).results_url
    failed = {"interactionDescription": "a request for a", "success": False, "mismatches": [MISMATCH]}
    broker.publish_result(results_url, provider_version="1", success=True, test_results=[])
    broker.publish_result(results_url, provider_version="2", success=False, test_results=[failed])
    broker.record_branch_version("Stock", "3", "main")
    broker.record_deployment("Stock", "1", "shops")
    broker.record_deployment("Shop", "1", "shops")
    return broker


def ask(tallystick: Run, version: str, environment: str = "shops") -> tuple[int, str, str]:
    """Return the exit code, stdout and stderr of asking about a version of Stock."""
    result = tallystick("can-i-deploy", "-a", "Stock", "-e", version, "--to-environment", environment)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("shop")
def test_what_everything_live_is_content_with_can_go(tallystick: Run) -> None:
    """Yes is exit code 0, with the results that it rests on."""
    code, said, remarks = ask(tallystick, "1")
    assert (code, remarks) == (0, "")
    assert ["Shop", "1", "Stock", "1", "true", "1"] in [line.split() for line in said.splitlines()]
    assert "YES: Stock 1 can be deployed to shops." in said.splitlines()


@pytest.mark.usefixtures("shop")
def test_a_no_names_what_breaks_and_what_to_do(tallystick: Run) -> None:
    """No names the live consumer and its version, the interaction, the mismatch, and the next step."""
    code, said, _ = ask(tallystick, "2")
    assert code == 1
    answer = said[said.index("NO: Stock 2 cannot be deployed to shops.") :]
    assert "Shop 1 (live in shops)" in answer
    assert 'Interaction "a request for a":' in answer
    assert "- $.price: Expected a number but got null" in answer
    assert "Next: Fix Stock" in answer
    assert "/verification-results/" in answer


@pytest.mark.usefixtures("shop")
def test_what_was_not_verified_is_not_known(tallystick: Run) -> None:
    """A version that never verified a live contract cannot go; the answer says how to verify it."""
    code, said, _ = ask(tallystick, "3")
    assert code == 1
    assert "NOT YET: it is not known whether Stock 3 can be deployed to shops." in said
    assert "Next: Verify it in the build of Stock at version 3" in said


@pytest.mark.usefixtures("shop")
def test_an_unknown_version_is_a_no(tallystick: Run) -> None:
    """Of a version that nobody published there is no proof."""
    code, said, _ = ask(tallystick, "0.0.0")
    assert code == 1
    assert "version 0.0.0 of Stock" in said


@pytest.mark.usefixtures("shop")
def test_an_unknown_environment_is_no_answer(tallystick: Run) -> None:
    """A mistyped environment is neither yes nor no; the message names it."""
    code, said, remarks = ask(tallystick, "1", "shoops")
    assert (code, said) == (2, "")
    assert "shoops" in remarks
