"""Situations in which gates of contract testing have gone wrong for their users, each under its number.

The numbers are those of a list of reports about other brokers; 5 has its other half among the tests of webhooks.
"""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import Connection

from api_client import ApiClient
from gate_answers import Ask, answer, codes, errors, rows
from histories.bulk import write
from histories.shapes import SHAPES
from histories.telling import tell
from story import Story, contract
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.matrix import list_rows
from tallystick_broker.gate.planning import ask_plan
from tallystick_broker.gate.question import LatestBy, Question, Selector, Target
from tallystick_broker.gate.reasons import Code
from tallystick_broker.gate.verdict import Kind

GROUPINGS: list[LatestBy | None] = [None, "cvp", "cvpv", "cp"]
PRODUCTION = Target(environment="production")


@pytest.mark.parametrize("success", [None, False])
def test_scenario_1_the_older_of_two_live_provider_versions_does_not_pass(
    story: Story, can_deploy: Ask, success: bool | None
) -> None:
    """With two provider versions live and one of them unverified or failing there is no yes, however rows are grouped.

    The reference broker says yes to the first and, with latestby=cvp, to the second.
    """
    story.publish("web", "1", "api").version("api", "9")
    story.verify("api", "10", of=("web", "1"))
    story.deploy("api", "10", "production", "blue")
    story.deploy("api", "9", "production", "green")
    if success is not None:
        story.verify("api", "9", of=("web", "1"), success=success)
    for latestby in GROUPINGS:
        verdict = can_deploy("web", "1", latestby=latestby)
        assert verdict.deployable is success
        assert rows(verdict) == [("web 1", "api 10", True), ("web 1", "api 9", success)]
        assert errors(verdict) == ["UNVERIFIED" if success is None else "FAILED"]


def test_scenarios_2_and_15_the_first_of_500_live_consumers_fails(
    story: Story, connection: Connection, statements: list[str]
) -> None:
    """Neither limit nor grouping nor a filter of the list hides a failure; the answer takes a few statements.

    The reference broker says yes here.
    """
    write(connection, tell(replace(SHAPES["trunc"], consumers=500)))
    filters: list[frozenset[bool | None]] = [frozenset(), frozenset({True})]
    hub = (Selector("Hub", latest=True),)
    for place, (limit, results) in enumerate(product((1, 100, 1000), filters)):
        question = Question(hub, PRODUCTION, (), GROUPINGS[place % 4], results, limit)
        statements.clear()
        verdict = ask(story.session, question)
        assert len(statements) <= 7
        assert answer(verdict) == (False, (499, 1, 0))
        assert [reason.consumer.name for reason in verdict.reasons if reason.consumer] == ["Consumer001"]
        listed = list_rows(verdict.rows, question)
        assert len(listed) == min(limit, 499 if results else 500)
        assert (listed[0].success is False) == (not results)


def test_scenario_3_a_version_that_only_a_tag_or_a_deployment_made(story: Story, can_deploy: Ask) -> None:
    """Such a version verified nothing, so it may not go to where somebody expects something of it."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("web", "1", "production")
    story.tag("api", "11", "prod").deploy("api", "12", "production")
    for number in ("11", "12"):
        verdict = can_deploy("api", number)
        assert verdict.deployable is None
        assert errors(verdict) == ["UNVERIFIED"]


def test_scenario_4_nothing_to_judge_is_a_class_of_its_own(story: Story, can_deploy: Ask) -> None:
    """It is a yes that says so, and a no where contracts are required."""
    story.version("lonely", "1")
    verdict = can_deploy("lonely", "1")
    assert answer(verdict) == (True, (0, 0, 0))
    assert codes(verdict) == ["NO_CONTRACTS"]
    assert verdict.kind is Kind.NO_CONTRACTS
    required = can_deploy("lonely", "1", require_contracts=True)
    assert (required.deployable, required.kind) == (False, Kind.NO_CONTRACTS)


def test_scenario_5_two_versions_that_publish_the_same(story: Story, can_deploy: Ask) -> None:
    """One result of the content that they share counts for both, whichever it was recorded for."""
    story.publish("web", "1", "api", branch="main").publish("web", "2", "api", branch="feat/x")
    story.deploy("api", "10", "production")
    assert can_deploy("web", "2").deployable is None
    story.verify("api", "10", of=("web", "1"))
    assert [can_deploy("web", number).deployable for number in "12"] == [True, True]
    story.verify("api", "10", of=("web", "2"), success=False)
    assert [can_deploy("web", number).deployable for number in "12"] == [False, False]


def test_scenario_9_what_is_to_be_ignored(story: Story, can_deploy: Ask) -> None:
    """A mistyped name or number is warned of and has no effect; a provider of somebody else can be ignored."""
    story.publish("web", "1", "api").version("api", "10")
    for unknown in (Selector("nobody"), Selector("api", "99")):
        verdict = can_deploy("web", "1", ignore=(unknown,))
        assert verdict.deployable is None
        assert codes(verdict) == ["CANNOT_IGNORE", "NOT_LIVE"]
    assert can_deploy("web", "1", ignore=(Selector("api"),)).deployable is True


def test_scenario_10_a_provider_goes_before_its_consumer(story: Story, can_deploy: Ask) -> None:
    """A new provider has nothing to break; a new consumer waits until its provider is there, and is told how."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"))
    provider = can_deploy("api", "10")
    assert answer(provider) == (True, (0, 0, 0))
    assert codes(provider) == ["NO_CONTRACTS"]
    consumer = can_deploy("web", "1")
    assert answer(consumer) == (None, (0, 0, 1))
    assert rows(consumer) == [("web 1", "api", None)]
    (reason,) = consumer.reasons
    assert reason.code == "NOT_LIVE"
    assert reason.next is not None
    assert "tallystick record-deployment --pacticipant api" in reason.next
    story.deploy("api", "10", "production")
    assert can_deploy("web", "1").deployable is True


def test_scenario_11_a_version_that_published_nothing(story: Story, can_deploy: Ask) -> None:
    """A build that published nothing looks as if it asked for nothing, be it the one asked about or a live one."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("api", "10", "production")
    story.version("web", "2")
    assert codes(can_deploy("web", "2")) == ["NO_CONTRACTS", "CONTENTLESS"]
    story.deploy("web", "2", "production")
    verdict = can_deploy("api", "10")
    assert codes(verdict) == ["NO_CONTRACTS", "CONTENTLESS"]
    assert "web 2 (live in production) has published no contract" in verdict.reasons[1].text
    assert codes(can_deploy("api", "10", ignore=(Selector("web"),))) == ["NO_CONTRACTS"]


def test_scenario_11_a_version_on_no_branch(story: Story) -> None:
    """When a participant's newest version is on no branch, that is why the branch is empty."""
    story.participant("api", main_branch="main")
    question = Question((Selector("api", main_branch=True, latest=True),), Target(latest=True))
    assert errors(ask(story.session, question)) == ["UNKNOWN_VERSION"]
    story.version("api", "10")
    (reason,) = [each for each in ask(story.session, question).reasons if each.type == "error"]
    assert reason.code is Code.BRANCHLESS
    assert "its newest one is on no branch" in reason.text
    story.branch("web", "1", "main")
    assert errors(ask(story.session, question)) == ["BRANCHLESS"]
    story.branch("api", "11", "feat/x").version("web", "2")
    assert errors(ask(story.session, question)) == ["UNKNOWN_VERSION"]


def test_scenario_14_thousands_of_results_of_one_content(
    connection: Connection, client: ApiClient, statements: list[str]
) -> None:
    """The answer looks at what is live alone; a question about all pairs of versions is refused, not choked on."""
    write(connection, tell(replace(SHAPES["hot"], hot_verifications=1_000)))
    statements.clear()
    body = client.get("/matrix?q[][pacticipant]=hot-provider&q[][latest]=true&environment=production").json
    assert len(statements) <= 7
    assert len(body["matrix"]) == 1
    summary = body["summary"]
    assert summary["success"] + summary["failed"] + summary["unknown"] == 1
    every = client.get("/matrix?q[][pacticipant]=hot-consumer&q[][pacticipant]=hot-provider&latestby=cvpv")
    assert every.status_code == 400
    (error,) = every.json["errors"]
    assert "pairs of versions, and at most 100,000 can be judged at once" in error


def test_scenario_18_names_have_a_case(story: Story, can_deploy: Ask, client: ApiClient) -> None:
    """A selector means the name as it is written, and no other service gets nearly the same name unasked."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("api", "10", "production")
    with pytest.raises(Invalid):
        can_deploy("Web", "1")
    assert can_deploy("web", "1").deployable is True
    published = client.put("/pacts/provider/api/consumer/Web/version/1", json=contract("Web", "api"))
    assert published.status_code == 409


def test_scenario_20_an_instance_is_live_until_its_own_next_version(story: Story, can_deploy: Ask) -> None:
    """A deployment replaces the one of the same instance, and no other; without an instance it is one of its own."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).verify("api", "11", of=("web", "1"))
    story.deploy("api", "9", "production", "green")
    story.deploy("api", "10", "production", "blue")
    assert can_deploy("web", "1").deployable is None
    deployed = story.deploy("api", "11", "production", "green")
    assert answer(can_deploy("web", "1")) == (True, (2, 0, 0))
    story.undeploy(deployed)
    assert answer(can_deploy("web", "1")) == (True, (1, 0, 0))
    nameless = story.deploy("api", "9", "production")
    assert answer(can_deploy("web", "1")) == (None, (1, 0, 1))
    story.undeploy(nameless)
    assert answer(can_deploy("web", "1")) == (True, (1, 0, 0))


def test_scenario_22_two_that_changed_at_once(story: Story, can_deploy: Ask) -> None:
    """Alone neither may go, and is told why; together they may, and a plan says that they must."""
    for number in ("1", "2"):
        story.publish("web", number, "api", content=number).publish("api", number, "web", content=number)
        for other in ("1", "2"):
            story.verify("api", other, of=("web", number), success=number == other)
            story.verify("web", other, of=("api", number), success=number == other)
    for name in ("web", "api"):
        story.deploy(name, "1", "production")
    both = Selector("web", "2"), Selector("api", "2")
    for name, other in (("web", "api"), ("api", "web")):
        verdict = can_deploy(name, "2")
        assert answer(verdict) == (False, (0, 2, 0))
        assert {each.counterpart for each in verdict.reasons} == {other}
    assert ask(story.session, Question(both, PRODUCTION)).deployable is True
    ((step,),) = ask_plan(story.session, Question(both, PRODUCTION)).waves
    assert [each.name for each in step.candidates] == ["api", "web"]
    assert [(need.candidate.name, need.needed.name) for need in step.ring] == [("api", "web"), ("web", "api")]
