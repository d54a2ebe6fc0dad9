"""Going back and taking away, asked at a real broker."""

import json

import pytest

from command import Run
from scripted_server import ScriptedServer
from story import contract
from tallystick_client import Broker, InvalidInput


@pytest.fixture
def mill(broker: Broker) -> Broker:
    """A broker at which Mill 3 is live and consumed by Farm 1; Mill 2 fails it, Mill 1 does not; both were live."""
    if any(each.name == "fields" for each in broker.environments()):
        return broker
    broker.create_environment("fields")
    broker.publish_contracts("Farm", "1", [contract("Farm", "Mill")])
    url = f"{broker.url}/pacts/provider/Mill/consumer/Farm/version/1"
    results_url = broker.contract_to_verify(url).results_url
    for version, success in (("1", True), ("2", False), ("3", True)):
        broker.publish_result(results_url, provider_version=version, success=success, test_results=[])
        broker.record_deployment("Mill", version, "fields")
    broker.record_deployment("Farm", "1", "fields")
    return broker


BACK = ("can-i-rollback", "-a", "Mill", "--to-environment", "fields")


@pytest.mark.usefixtures("mill")
def test_the_newest_version_that_is_safe_is_named(tallystick: Run) -> None:
    """Each version that was live before has its answer and reasons, the newest first; one safe one is exit code 0."""
    result = tallystick(*BACK)
    assert (result.exit_code, result.stderr) == (0, "")
    answer, *rest = result.stdout.splitlines()
    assert answer == "YES: Mill can go back to 1 in fields."
    second, first = [line for line in rest if "live until" in line]
    assert (second[:19], second[-4:]) == ("Mill 2, live until ", ": no")
    assert (first[:19], first[-5:]) == ("Mill 1, live until ", ": yes")
    assert "1. Mill 2 does not do what Farm 1 (live in fields) expects" in result.stdout


@pytest.mark.usefixtures("mill")
def test_no_safe_version_is_a_no(tallystick: Run) -> None:
    """When none of the last ones is safe, or none was live before, the exit code is 1, in words as in JSON."""
    result = tallystick(*BACK, "--last", "1")
    assert result.exit_code == 1
    assert result.stdout.startswith("NO: Mill cannot go back in fields to any version that was asked about.")
    never = tallystick("can-i-rollback", "-a", "Farm", "--to-environment", "fields")
    assert (never.exit_code, never.stdout) == (1, "NO: no version of Farm was live in fields before.\n")
    document = tallystick(*BACK, "--last", "1", "-o", "json")
    assert document.exit_code == 1
    assert json.loads(document.stdout)["summary"] == {"deployable": False, "version": None}
    assert tallystick(*BACK, "--last", "1", "--ignore", "Farm").exit_code == 0


@pytest.mark.usefixtures("mill")
def test_who_would_be_left_behind_is_named(tallystick: Run) -> None:
    """A provider can't be taken away from its live consumers; a consumer that nobody needs can."""
    take = ("can-i-undeploy", "--environment", "fields")
    result = tallystick(*take, "-a", "Mill", "-e", "3")
    assert result.exit_code == 1
    assert "NOT YET: Mill 3 cannot be removed from fields as things are." in result.stdout
    assert (
        "1. Farm 1 (live in fields) needs Mill, of which no other version is live in fields." in result.stdout
    )
    assert "Next: Deploy another version of Mill to fields first" in result.stdout
    gone = tallystick(*take, "-a", "Farm")
    assert gone.exit_code == 0
    assert "YES: every version of Farm can be removed from fields." in gone.stdout
    assert tallystick(*take, "-a", "Mill", "--ignore", "Farm").exit_code == 0
    nothing = tallystick(*take, "-a", "Mill", "-e", "1", "-o", "json")
    assert (nothing.exit_code, json.loads(nothing.stdout)["reasons"][0]["code"]) == (1, "NOT_LIVE")


@pytest.mark.usefixtures("mill")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("can-i-rollback", "-a", "Mill", "--to-environment", "feilds"), "feilds"),
        (("can-i-rollback", "-a", "Mlil", "--to-environment", "fields"), "Mlil"),
        (("can-i-undeploy", "-a", "Mlil", "--environment", "fields"), "Mlil"),
    ],
)
def test_names_that_are_unknown_are_no_answer(tallystick: Run, words: tuple[str, ...], name: str) -> None:
    """A mistyped environment or service is exit code 2, and is named."""
    result = tallystick(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert name in result.stderr


@pytest.mark.parametrize(
    ("command", "place"), [("can-i-rollback", "--to-environment"), ("can-i-undeploy", "--environment")]
)
def test_another_broker_cannot_tell(
    tallystick: Run, server: ScriptedServer, command: str, place: str
) -> None:
    """Where the address does not exist the message says whose broker has it."""
    server.answer_json({"error": "not found"}, 404)
    result = tallystick(command, "-a", "Mill", place, "fields", "-b", server.url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"has no /{command}; Tallystick's has" in result.stderr


def test_a_blank_environment_is_refused(broker: Broker) -> None:
    """It must not turn into another question."""
    with pytest.raises(InvalidInput):
        broker.can_i_rollback("Mill", environment=" ")
