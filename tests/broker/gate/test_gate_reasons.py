"""What the gate says beside its answer: which code, what is known, whether it clears by itself, and in which order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client import ApiClient
from gate_answers import Ask, answer, codes, errors
from hooks import publication
from story import Story
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.reasons import SEVERITY, Code, Reason, Type, order
from tallystick_broker.gate.verdict import Kind
from tallystick_broker.models import Override as StoredOverride
from tallystick_broker.models import TriggeredWebhook, now
from tallystick_broker.overrides import Decision, create_override, end_override

WEEK = timedelta(days=7)
REQUIRING = "contract_requiring_verification_published"


def override(story: Story, **others: str) -> str:
    """Have ada decide that web and api are not to be judged in production; return the override's UUID."""
    told = {"reason": "hotfix", "created_by": "ada"} | others
    decision = Decision("production", "web", "api", expires_at=now() + timedelta(days=1), **told)
    return create_override(story.session, decision, WEEK)[0].override.uuid


def publish(client: ApiClient, number: str) -> None:
    """Publish a contract of web with api as clients do, which triggers webhooks."""
    body = publication(number, branch="main")
    assert client.post("/contracts/publish", json=body).status_code == 200


def test_nothing_to_judge_is_a_class_of_its_own(story: Story, can_deploy: Ask) -> None:
    """It is a yes by default and a no when contracts are required; either way nobody takes it for a verified yes."""
    story.version("lonely", "1")
    verdict = can_deploy("lonely", "1")
    assert (verdict.deployable, verdict.kind, codes(verdict)) == (True, Kind.NO_CONTRACTS, ["NO_CONTRACTS"])
    verdict = can_deploy("lonely", "1", require_contracts=True)
    assert (verdict.deployable, verdict.kind, errors(verdict)) == (False, Kind.NO_CONTRACTS, ["NO_CONTRACTS"])
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("api", "10", "production")
    assert can_deploy("web", "1", require_contracts=True).kind is Kind.YES


def test_a_version_that_is_not_there_is_a_no_though_contracts_are_required(
    story: Story, can_deploy: Ask
) -> None:
    """The code says what is really wrong."""
    story.version("web", "1")
    verdict = can_deploy("web", "9", require_contracts=True)
    assert (verdict.deployable, verdict.kind, errors(verdict)) == (False, Kind.NO, ["UNKNOWN_VERSION"])


def test_a_branch_without_versions_is_told_from_a_missing_build(story: Story) -> None:
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


def test_a_contract_that_builds_by_branch_do_not_see(story: Story, can_deploy: Ask) -> None:
    """An unverified contract of a version without a branch comes with the reason why nobody verifies it."""
    story.publish("web", "1", "api").deploy("api", "10", "production")
    assert codes(can_deploy("web", "1")) == ["NEVER_VERIFIED", "BRANCHLESS"]
    story.branch("web", "1", "main")
    assert codes(can_deploy("web", "1")) == ["NEVER_VERIFIED"]


def test_a_version_without_contracts_of_a_consumer_is_told(story: Story, can_deploy: Ask) -> None:
    """A build that published nothing looks as if it asked for nothing, be it the one asked about or a live one."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("api", "10", "production")
    story.version("web", "2")
    assert codes(can_deploy("web", "2")) == ["NO_CONTRACTS", "CONTENTLESS"]
    story.deploy("web", "2", "production")
    verdict = can_deploy("api", "10")
    assert codes(verdict) == ["NO_CONTRACTS", "CONTENTLESS"]
    assert "web 2 (live in production) has published no contract" in verdict.reasons[1].text
    assert codes(can_deploy("api", "10", ignore=(Selector("web"),))) == ["NO_CONTRACTS"]


def test_a_contract_with_somebody_else_is_no_lack(story: Story, can_deploy: Ask) -> None:
    """Who dropped a provider has published what it expects."""
    story.publish("web", "1", "api").publish("web", "2", "mail").deploy("web", "2", "production")
    story.version("api", "10")
    assert codes(can_deploy("api", "10")) == ["NO_CONTRACTS"]


@pytest.mark.parametrize(
    ("status", "clears"), [("not_run", True), ("retrying", True), ("success", True), ("failure", False)]
)
def test_who_was_asked_to_verify_is_told(
    client: ApiClient, story: Story, can_deploy: Ask, status: str, clears: bool
) -> None:
    """A missing result comes with the webhook that asked for it; it clears by itself unless that failed for good."""
    story.participant("web")
    story.version("api", "9", branch="main")
    story.deploy("api", "9", "production")
    story.subscribe(REQUIRING, description="Build of api")
    publish(client, "1")
    story.session.query(TriggeredWebhook).update({"status": status})
    (reason,) = can_deploy("web", "1").reasons
    assert reason.clears is clears
    assert reason.asked is not None
    assert reason.asked.startswith("Webhook Build of api asked for it at ")


def test_a_webhook_that_asked_another_version_did_not_ask(
    client: ApiClient, story: Story, can_deploy: Ask
) -> None:
    """A version that was deployed since the publication was never asked, so nothing will come by itself."""
    story.participant("web")
    story.version("api", "9", branch="main")
    story.subscribe(REQUIRING)
    publish(client, "1")
    story.deploy("api", "10", "production")
    (reason,) = can_deploy("web", "1").reasons
    assert (reason.asked, reason.clears) == ("No webhook has asked for it.", False)


def test_an_override_is_told_in_every_answer_that_it_changes(story: Story, can_deploy: Ask) -> None:
    """The answer is yes, and says who decided that, why, and until when; without the override it is no again."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"), success=False)
    story.deploy("api", "10", "production")
    uuid = override(story)
    verdict = can_deploy("web", "1")
    assert (verdict.deployable, verdict.overridden, answer(verdict)[1]) == (True, 1, (0, 0, 0))
    reason = verdict.reasons[-1]
    assert (reason.code, reason.type) == (Code.OVERRIDDEN, Type.WARNING)
    assert reason.text.startswith("Overridden by ada until ")
    assert reason.text.endswith("the contract of web 1 with api 10, which failed. Reason given: hotfix")
    (row,) = verdict.rows
    assert (row.success, row.override and row.override.uuid) == (False, uuid)
    end_override(story.session, reason_override(story, uuid), "bob")
    assert can_deploy("web", "1").deployable is False


def test_an_override_changes_nothing_else(story: Story, can_deploy: Ask) -> None:
    """It is about its pair, its versions and its environment, and about what is no success."""
    story.publish("web", "1", "api", "mail").verify("api", "10", of=("web", "1"))
    story.deploy("api", "10", "production")
    story.deploy("mail", "5", "production")
    story.environment("staging")
    override(story)
    verdict = can_deploy("web", "1")
    assert (answer(verdict), verdict.overridden) == ((None, (1, 0, 1)), 0)
    assert can_deploy("web", "1", Target(environment="staging")).deployable is None


@pytest.mark.parametrize(
    ("versions", "deployable"),
    [
        ({}, True),
        ({"consumer_version": "1"}, True),
        ({"provider_version": "10"}, True),
        ({"consumer_version": "2"}, None),
        ({"consumer_version": "1", "provider_version": "9"}, None),
    ],
)
def test_an_override_may_be_about_versions(
    story: Story, can_deploy: Ask, versions: dict[str, str], deployable: bool | None
) -> None:
    """An unverified row has no provider version on the wire, and yet the one that is live is meant."""
    story.publish("web", "1", "api", branch="main").version("web", "2")
    story.version("api", "9")
    story.deploy("api", "10", "production")
    override(story, **versions)
    assert can_deploy("web", "1").deployable is deployable


def test_what_stands_against_comes_worst_first_by_counterpart(story: Story, can_deploy: Ask) -> None:
    """All reasons about one counterpart stand together, and the one with the worst of them leads."""
    story.publish("web", "1", "api", "mail", "shop", branch="main")
    story.deploy("api", "10", "production", "eu")
    story.deploy("api", "11", "production", "us")
    story.deploy("mail", "5", "production")
    story.verify("mail", "5", of=("web", "1"), success=False).verify("api", "9", of=("web", "1"))
    verdict = can_deploy("web", "1")
    told = [(each.counterpart, each.code) for each in verdict.reasons if each.type == "error"]
    assert told == [("mail", "FAILED"), ("shop", "NOT_LIVE"), ("api", "UNVERIFIED"), ("api", "UNVERIFIED")]


reasons = st.lists(
    st.builds(
        lambda code, name, number: Reason(code, Type.ERROR, f"{code} {name} {number}", counterpart=name),
        st.sampled_from(list(Code)),
        st.sampled_from("abc"),
        st.integers(0, 9),
    ),
    max_size=12,
)


@given(reasons)
def test_the_order_of_reasons(reasons: list[Reason]) -> None:
    """No reason gets lost; groups are whole, and neither groups nor reasons within them get worse."""
    ordered = order(reasons)
    assert sorted(ordered, key=repr) == sorted(reasons, key=repr)
    names = [each.counterpart for each in ordered]
    groups = [[each for each in ordered if each.counterpart == name] for name in dict.fromkeys(names)]
    assert [each for group in groups for each in group] == ordered
    worst = [[SEVERITY[each.code] for each in group] for group in groups]
    assert all(group == sorted(group) for group in worst)
    assert [min(group) for group in worst] == sorted(min(group) for group in worst)


def reason_override(story: Story, uuid: str) -> StoredOverride:
    """Return the stored override."""
    return story.session.query(StoredOverride).filter_by(uuid=uuid).one()
