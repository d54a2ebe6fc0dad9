"""Environments and deployments, told to a real broker."""

import json

from command import Run
from tallystick_client import Broker


def test_an_environment_is_created(tallystick: Run, broker: Broker) -> None:
    """The environment is there as it was described, and the answer says so."""
    result = tallystick("create-environment", "--name", "blue", "--display-name", "Blue", "--production")
    assert result.exit_code == 0
    assert result.stdout.startswith("Created blue, a production environment (")
    (created,) = [each for each in broker.environments() if each.name == "blue"]
    assert (created.display_name, created.production) == ("Blue", True)


def test_the_brokers_document_can_be_had(tallystick: Run, broker: Broker) -> None:
    """With JSON as output stdout is the broker's document and nothing else."""
    contact = ("--contact-name", "Ann", "--contact-email-address", "ann@example.org")
    result = tallystick("create-environment", "--name", "green", *contact, "--output", "json")
    document = json.loads(result.stdout)
    assert (document["name"], document["production"]) == ("green", False)
    assert document["contacts"] == [{"name": "Ann", "details": {"emailAddress": "ann@example.org"}}]
    assert document["uuid"] in {each.uuid for each in broker.environments()}


def test_a_name_that_is_taken_is_refused(tallystick: Run, broker: Broker) -> None:
    """The broker's no is exit code 1, with its reason on stderr."""
    broker.create_environment("red")
    result = tallystick("create-environment", "--name", "red")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "name" in result.stderr


def test_an_address_needs_a_name(tallystick: Run) -> None:
    """An e-mail address of nobody is a usage error."""
    options = ("--name", "x", "--contact-email-address", "ann@example.org", "-b", "http://127.0.0.1:9")
    result = tallystick("create-environment", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--contact-email-address needs --contact-name" in result.stderr


def test_a_deployment_is_recorded(tallystick: Run, broker: Broker) -> None:
    """A version that the broker knows can be recorded as deployed, to several instances too."""
    broker.create_environment("north")
    broker.record_branch_version("Shop", "1", "main")
    deployed = ("record-deployment", "-a", "Shop", "-e", "1", "--environment", "north")
    result = tallystick(*deployed)
    assert (result.exit_code, result.stdout) == (0, "Recorded that Shop 1 runs in north.\n")
    second = tallystick(*deployed, "--application-instance", "customer-7", "-o", "json")
    assert json.loads(second.stdout)["applicationInstance"] == "customer-7"


def test_an_unknown_environment_is_named_with_those_there_are(tallystick: Run, broker: Broker) -> None:
    """A mistyped environment ends with 2, the names to choose from and the command that creates one."""
    broker.create_environment("south")
    broker.record_branch_version("Shop", "2", "main")
    result = tallystick("record-deployment", "-a", "Shop", "-e", "2", "--environment", "suoth")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no environment 'suoth'" in result.stderr
    assert "south" in result.stderr
    assert "tallystick create-environment --name suoth" in result.stderr


def test_an_unknown_version_is_not_deployed(tallystick: Run, broker: Broker) -> None:
    """A version that was never published cannot be live: the message says what comes first."""
    broker.create_environment("west")
    result = tallystick("record-deployment", "-a", "Shop", "-e", "0.0.0", "--environment", "west")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "does not know version '0.0.0' of 'Shop'. Publish" in result.stderr


def test_a_web_page_is_not_taken_for_a_broker(tallystick: Run, broker: Broker) -> None:
    """A URL at which something else answers ends with 2 and the question whether it is right."""
    url = f"{broker.url}/diagnostic"
    result = tallystick("create-environment", "--name", "x", "-b", url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert url in result.stderr
