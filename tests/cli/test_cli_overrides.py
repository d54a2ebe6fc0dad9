"""Overrides of the gate, made, listed and ended at a real broker."""

import json
import re

import pytest

from command import Run
from story import contract
from tallystick_client import Broker

CREATE = ("create-override", "--environment", "docks", "--consumer", "Boat", "--provider", "Pier")
WHO = ("--reason", "The fix is on its way.", "--created-by", "ada")


@pytest.fixture
def dock(broker: Broker) -> Broker:
    """A broker at which Boat 1 can't go to the docks, because Pier 1 is live there and fails it."""
    if not any(each.name == "docks" for each in broker.environments()):
        broker.create_environment("docks")
        broker.publish_contracts("Boat", "1", [contract("Boat", "Pier")])
        url = f"{broker.url}/pacts/provider/Pier/consumer/Boat/version/1"
        results_url = broker.contract_to_verify(url).results_url
        broker.publish_result(results_url, provider_version="1", success=False, test_results=[])
        broker.record_deployment("Pier", "1", "docks")
    for each in broker.overrides(environment="docks"):
        broker.end_override(each.uuid, ended_by="the test before")
    return broker


@pytest.mark.usefixtures("dock")
def test_an_override_lets_go_and_is_told(tallystick: Run) -> None:
    """While it is in effect the gate says yes and who overrode what, why and until when; ended, it says no again."""
    ask = ("can-i-deploy", "-a", "Boat", "-e", "1", "--to-environment", "docks")
    assert tallystick(*ask).exit_code == 1
    made = tallystick(*CREATE, "--provider-version", "1", *WHO, "--expires", "3d")
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout.startswith("Overridden in docks: any version of Boat with Pier 1, until ")
    uuid = re.findall(r"\((.+)\)", made.stdout)[0]
    allowed = tallystick(*ask)
    assert allowed.exit_code == 0
    assert "Overridden by ada until " in allowed.stdout
    assert "Reason given: The fix is on its way." in allowed.stdout
    assert uuid in tallystick("list-overrides", "--environment", "docks").stdout
    ended = tallystick("end-override", "--uuid", uuid, "--ended-by", "bob")
    assert (ended.exit_code, ended.stdout.endswith(" by bob.\n")) == (0, True)
    assert tallystick(*ask).exit_code == 1
    assert "There is no override." in tallystick("list-overrides", "--environment", "docks").stdout
    assert uuid in tallystick("list-overrides", "-a", "Pier", "--all").stdout


@pytest.mark.usefixtures("dock")
def test_the_same_decision_again_is_no_second_one(tallystick: Run) -> None:
    """Run again with the same end it succeeds; with another one it is refused, and the message names the first."""
    until = "2030-01-31T12:00:00Z"
    first, again = (tallystick(*CREATE, *WHO, "--expires", each, "-o", "json") for each in ("2h", "2d"))
    made = json.loads(first.stdout)
    assert (again.exit_code, again.stdout) == (1, "")
    assert made["uuid"] in again.stderr
    same = tallystick(*CREATE, *WHO, "--expires", made["expiresAt"], "-o", "json")
    assert json.loads(same.stdout) == made
    listed = json.loads(tallystick("list-overrides", "--environment", "docks", "-o", "json").stdout)
    assert listed == {"overrides": [made]}
    far = tallystick(*CREATE, *WHO, "--consumer-version", "1", "--expires", until)
    assert (far.exit_code, far.stdout) == (1, "")
    assert "at most 14 days" in far.stderr


@pytest.mark.parametrize("expires", ["soon", "3", "2030-01-31", "2030-01-31T12:00:00"])
def test_an_end_without_its_zone_is_a_usage_error(tallystick: Run, expires: str) -> None:
    """Nothing is guessed of when an override ends, and nothing is sent."""
    result = tallystick(*CREATE, *WHO, "--expires", expires, "-b", "http://127.0.0.1:9")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "neither like 3d or 12h" in result.stderr


def test_an_override_that_is_not_there_cannot_be_ended(tallystick: Run, broker: Broker) -> None:
    """An unknown UUID ends with 2, and is named."""
    result = tallystick("end-override", "--uuid", "nothing", "--ended-by", "bob", "-b", broker.url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing" in result.stderr
