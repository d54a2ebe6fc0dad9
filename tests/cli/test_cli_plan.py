"""The plan of a rollout, asked at a real broker."""

import json

import pytest

from command import Run
from scripted_server import ScriptedServer
from story import contract
from tallystick_cli.plan_text import draw_plan
from tallystick_client import Blocked, Broker, InvalidInput, Party, Plan, Step

ASK = ("plan", "--to-environment", "yards")
NEW = (*ASK, "-a", "Crane", "-e", "2", "-a", "Ship", "-e", "2")
WHY = "Crane 1 (live in yards) does not do what Ship 2 expects: the verification of their contract failed."


@pytest.fixture
def yard(broker: Broker) -> Broker:
    """A broker at which Ship 2 needs Crane 2; Crane 3 does not get on with Ship 1, which is live."""
    if any(each.name == "yards" for each in broker.environments()):
        return broker
    broker.create_environment("yards")
    for ship, good in (("1", {"1": True, "2": True, "3": False}), ("2", {"1": False, "2": True, "3": True})):
        broker.publish_contracts("Ship", ship, [contract("Ship", "Crane", ship)])
        url = f"{broker.url}/pacts/provider/Crane/consumer/Ship/version/{ship}"
        results_url = broker.contract_to_verify(url).results_url
        for crane, success in good.items():
            broker.publish_result(results_url, provider_version=crane, success=success, test_results=[])
    for name in ("Ship", "Crane"):
        broker.record_deployment(name, "1", "yards")
    return broker


def test_a_plan_is_waves_with_what_they_wait_for(yard: Broker, tallystick: Run) -> None:
    """All can go, which is exit code 0, and whoever waits says for whom and why; a page shows the same."""
    result = tallystick(*NEW)
    assert (result.exit_code, result.stderr) == (0, "")
    *told, page = result.stdout.splitlines()
    assert told == [
        "YES: 2 versions can go to yards, in 2 waves.",
        "",
        "Wave 1",
        "  Crane 2",
        "",
        "Wave 2",
        "  Ship 2",
        f"      after Crane 2: {WHY}",
        "",
    ]
    assert page.startswith(f"On a page: {yard.url}/plan?environment=yards&")


@pytest.mark.usefixtures("yard")
def test_what_is_blocked_says_why(tallystick: Run) -> None:
    """Something that cannot go is exit code 1, with all reasons and the next step."""
    result = tallystick(*ASK, "-a", "Ship", "-e", "2")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:4] == [
        "NO: 1 of 1 version cannot go to yards.",
        "",
        "Blocked: Ship 2",
        "",
    ]
    assert f"1. {WHY}" in result.stdout
    assert "   Next: Deploy a version of Crane first" in result.stdout


@pytest.mark.usefixtures("yard")
def test_who_must_go_together_says_why(tallystick: Run) -> None:
    """A group names the pairs that forbid each order."""
    result = tallystick(*ASK, "-a", "Crane", "-e", "3", "-a", "Ship", "-e", "2")
    assert result.exit_code == 0
    assert "  Crane 3 + Ship 2 (together: each order is forbidden)" in result.stdout
    assert "      Crane 3 cannot go before Ship 2: Crane 3 does not do what Ship 1" in result.stdout
    assert f"      Ship 2 cannot go before Crane 3: {WHY}" in result.stdout


@pytest.mark.usefixtures("yard")
def test_a_plan_for_programs(tallystick: Run) -> None:
    """JSON is the broker's answer, and Mermaid has a box for each wave and an arrow for each need."""
    answer = json.loads(tallystick(*NEW, "-o", "json").stdout)
    assert answer["summary"]["complete"] is True
    assert tallystick(*NEW, "-o", "mermaid").stdout.splitlines() == [
        "flowchart TD",
        '  subgraph wave1["Wave 1"]',
        '    s0["Crane 2"]',
        "  end",
        '  subgraph wave2["Wave 2"]',
        '    s1["Ship 2"]',
        "  end",
        "  s0 --> s1",
    ]


@pytest.mark.usefixtures("yard")
def test_what_is_ignored_or_live_is_told(tallystick: Run) -> None:
    """What did not count is said at the end, and so is what is there already."""
    result = tallystick(*ASK, "-a", "Ship", "-e", "2", "-a", "Crane", "-e", "1", "--ignore", "Crane")
    assert result.exit_code == 0
    assert "Live already: Crane 1" in result.stdout
    assert "Ignored, as asked: the contract of Ship 2 with Crane 1, which failed." in result.stdout


@pytest.mark.usefixtures("yard")
def test_names_that_are_unknown_are_no_answer(tallystick: Run) -> None:
    """A mistyped environment or service is exit code 2, and is named; nothing is printed as a plan."""
    for words, name in (
        (("plan", "--to-environment", "yarrds", "-a", "Ship", "-e", "2"), "yarrds"),
        ((*ASK, "-a", "Shipp", "-e", "2"), "Shipp"),
    ):
        result = tallystick(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert name in result.stderr


def test_another_broker_makes_no_plans(
    tallystick: Run, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the address does not exist the message says that this broker is not one that plans."""
    server.answer_json({"error": "not found"}, 404)
    monkeypatch.setenv("PACT_BROKER_BASE_URL", server.url)
    result = tallystick(*ASK)
    assert result.exit_code == 2
    assert "has no /plan" in result.stderr


def test_a_blank_environment_is_refused(broker: Broker) -> None:
    """It must not turn into another question."""
    with pytest.raises(InvalidInput):
        broker.plan(" ")


def test_names_cannot_leave_their_label() -> None:
    """Whatever means something to Mermaid is written as an entity."""
    group = Step((Party('a"]', "1"), Party("b", "<2>")), (), ())
    drawn = draw_plan(Plan(((group,),), (Blocked(Party("c;#", None), ()),), (), (), None, {}))
    assert '    s0["a#34;#93; 1<br/>b #60;2#62;"]' in drawn.splitlines()
    assert '    b0["c#59;#35;"]' in drawn.splitlines()
