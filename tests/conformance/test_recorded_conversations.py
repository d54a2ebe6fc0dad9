"""Conversations that were recorded with the Pact Broker go the same way with ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import databases
import live
from conformance.conformance import Object, Receiver, Runner, Variables, check_scenario, explain, load
from described import description

HERE = Path(__file__).parent
SCENARIOS = sorted(path.stem for path in (HERE / "scenarios").glob("*.json"))
NEEDS_AN_EMPTY_BROKER = "000-empty-broker"
SETTINGS = {
    "TALLYSTICK_WEBHOOK_SCHEMES": "http https",
    "TALLYSTICK_WEBHOOK_HOSTS": "127.0.0.1 localhost",
}
"""The receiver of the webhooks is on this machine."""


@pytest.fixture(scope="session")
def broker(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker that may send webhooks to this machine."""
    with live.broker(
        databases.new_database(database_server), tmp_path_factory.mktemp("broker"), **SETTINGS
    ) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def receiver() -> Receiver:
    """The server that the webhooks go to."""
    return Receiver("127.0.0.1")


class DescribedRunner(Runner):
    """A runner whose every answer must be one that the API's description allows."""

    def _send(self, step: Object, variables: Variables) -> requests.Response:
        answer = super()._send(step, variables)
        sent, media_type = answer.request, answer.headers.get("Content-Type", "")
        fault = description().find_fault(
            sent.method or "", sent.path_url, answer.status_code, media_type, answer.content
        )
        assert fault is None, fault
        return answer


def play(scenario: str, base_url: str, receiver: Receiver) -> str:
    """Return what is different from the recorded answers."""
    steps, golden = (load(HERE / kind / f"{scenario}.json") for kind in ("scenarios", "golden"))
    return explain(check_scenario(DescribedRunner(base_url, receiver), steps, golden))


@pytest.mark.parametrize(
    "scenario", [scenario for scenario in SCENARIOS if scenario != NEEDS_AN_EMPTY_BROKER]
)
def test_a_conversation_goes_as_recorded(broker: str, receiver: Receiver, scenario: str) -> None:
    """Status, type, links and members that the Pact Broker's clients see are there, with equal values.

    Each scenario has names of its own, so all of them share a broker of each kind.
    """
    differences = play(scenario, broker, receiver)
    assert not differences, f"{scenario}\n{differences}"


def test_an_empty_broker_answers_as_recorded(empty_database: str, tmp_path: Path, receiver: Receiver) -> None:
    """The lists and counts of a broker that nobody has used yet."""
    with live.broker(empty_database, tmp_path) as base_url:
        differences = play(NEEDS_AN_EMPTY_BROKER, base_url, receiver)
    assert not differences, differences


def test_every_scenario_is_played() -> None:
    """A scenario without recorded answers, or answers without a scenario, would go unnoticed."""
    golden = sorted(path.stem for path in (HERE / "golden").glob("*.json"))
    assert golden == SCENARIOS
    assert NEEDS_AN_EMPTY_BROKER in SCENARIOS


def test_a_difference_is_found(empty_database: str, tmp_path: Path, receiver: Receiver) -> None:
    """The checker tells what was expected, and what came."""
    steps: Object = {"id": "x", "marker": "x", "steps": [{"name": "index", "method": "GET", "path": "/none"}]}
    golden: Object = {"steps": [{"name": "index", "status": 200, "body": None}]}
    with live.broker(empty_database, tmp_path) as base_url:
        told = explain(check_scenario(Runner(base_url, receiver), steps, golden))
    assert told.splitlines() == ["step 1: index", "  /status: expected 200", "                got 404"]
