"""The decisions of the gate, case by case."""

import pytest

from gate_answers import Ask, answer, codes, errors, rows
from story import Story
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import LatestBy, Question, Selector, Target

GROUPINGS: list[LatestBy | None] = [None, "cvp", "cvpv", "cp"]


def test_a_verified_contract_with_what_is_live_says_yes(story: Story, can_deploy: Ask) -> None:
    """A consumer may go where the live provider has verified its contract."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("api", "10", "production")
    verdict = can_deploy("web", "1")
    assert answer(verdict) == (True, (1, 0, 0))
    assert rows(verdict) == [("web 1", "api 10", True)]
    assert codes(verdict) == ["VERIFIED"]


def test_a_live_consumer_must_be_verified_by_the_new_provider(story: Story, can_deploy: Ask) -> None:
    """What another version of the provider verified is no answer, and the reason says who did."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1")).deploy("web", "1", "production")
    story.version("api", "11")
    verdict = can_deploy("api", "11")
    assert answer(verdict) == (None, (0, 0, 1))
    (reason,) = verdict.reasons
    assert reason.code == "UNVERIFIED"
    assert reason.text == (
        "api 11 has not verified the contract with web 1 (live in production) (api 10 did, successfully)."
    )
    assert reason.next is not None
    assert reason.next.endswith("--contracts-version 11")


def test_a_content_that_nobody_verified_is_told_apart(story: Story, can_deploy: Ask) -> None:
    """NEVER_VERIFIED is about the contract, UNVERIFIED about the provider version."""
    story.publish("web", "1", "api", branch="main").deploy("api", "10", "production")
    (reason,) = can_deploy("web", "1").reasons
    assert reason.code == "NEVER_VERIFIED"
    assert reason.provider is not None
    assert reason.provider.number == "10"


def test_a_failure_says_no(story: Story, can_deploy: Ask) -> None:
    """A failed verification is a no, with both versions and where the other one is live."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"), success=False)
    story.deploy("api", "10", "production")
    verdict = can_deploy("web", "1")
    assert answer(verdict) == (False, (0, 1, 0))
    (reason,) = verdict.reasons
    assert reason.code == "FAILED"
    assert "api 10 (live in production) does not do what web 1 expects" in reason.text


def test_unknown_outranks_failed(story: Story, can_deploy: Ask) -> None:
    """While a result is missing the answer is unknown (clients wait for it), but the failure is told as well."""
    story.publish("web", "1", "api", "mail").verify("api", "10", of=("web", "1"), success=False)
    story.deploy("api", "10", "production")
    story.deploy("mail", "5", "production")
    verdict = can_deploy("web", "1")
    assert answer(verdict) == (None, (0, 1, 1))
    assert errors(verdict) == ["FAILED", "NEVER_VERIFIED"]


def test_a_version_that_nobody_has_seen_says_no(story: Story, can_deploy: Ask) -> None:
    """A mistyped number is a no, not a yes for want of contracts."""
    story.publish("web", "1", "api")
    verdict = can_deploy("web", "9")
    assert answer(verdict) == (False, (0, 0, 0))
    assert errors(verdict) == ["UNKNOWN_VERSION"]


def test_two_live_provider_versions_without_any_result_are_both_told(story: Story, can_deploy: Ask) -> None:
    """Each live version that has to verify the contract has a row and a reason of its own."""
    story.publish("web", "1", "api")
    story.deploy("api", "9", "production", "green")
    story.deploy("api", "10", "production", "blue")
    verdict = can_deploy("web", "1")
    assert rows(verdict) == [("web 1", "api 10", None), ("web 1", "api 9", None)]
    assert errors(verdict) == ["NEVER_VERIFIED", "NEVER_VERIFIED"]


def test_every_live_consumer_version_counts(story: Story, can_deploy: Ask) -> None:
    """Released versions stay live beside each other until their support ends."""
    story.publish("app", "1", "api", content="a").publish("app", "2", "api", content="b")
    story.verify("api", "11", of=("app", "2"))
    first = story.release("app", "1", "production")
    story.release("app", "2", "production")
    verdict = can_deploy("api", "11")
    assert answer(verdict) == (None, (1, 0, 1))
    assert rows(verdict) == [("app 2", "api 11", True), ("app 1", "api", None)]
    story.end_support(first)
    assert answer(can_deploy("api", "11")) == (True, (1, 0, 0))


def test_what_a_version_dropped_is_not_required(story: Story, can_deploy: Ask) -> None:
    """Required is what this very version consumes, whatever the ones before it did."""
    story.publish("web", "1", "api").publish("web", "2", "mail").verify("mail", "5", of=("web", "2"))
    story.deploy("mail", "5", "production")
    assert answer(can_deploy("web", "2")) == (True, (1, 0, 0))


def test_equal_content_is_verified_already(story: Story, can_deploy: Ask) -> None:
    """A result belongs to the content, so a version that changes nothing needs no new one."""
    story.publish("web", "0", "api").verify("api", "10", of=("web", "0")).publish("web", "1", "api")
    story.deploy("api", "10", "production")
    assert answer(can_deploy("web", "1")) == (True, (1, 0, 0))


@pytest.mark.parametrize("latestby", GROUPINGS)
@pytest.mark.parametrize("last", [True, False])
def test_the_last_result_counts(story: Story, can_deploy: Ask, latestby: LatestBy | None, last: bool) -> None:
    """A later result of the same provider version takes the place of the earlier one."""
    story.publish("web", "1", "api")
    story.verify("api", "10", of=("web", "1"), success=not last)
    story.verify("api", "10", of=("web", "1"), success=last)
    story.deploy("api", "10", "production")
    assert can_deploy("web", "1", latestby=latestby).deployable is last


def test_ignoring_a_provider_leaves_its_rows_out(story: Story, can_deploy: Ask) -> None:
    """An ignored row is listed and noted, but neither counted nor a reason against deploying."""
    story.publish("web", "1", "api").version("api", "10")
    verdict = can_deploy("web", "1", ignore=(Selector("api"),))
    assert answer(verdict) == (True, (0, 0, 0))
    assert verdict.ignored == 1
    assert codes(verdict) == ["NO_CONTRACTS", "IGNORED"]
    assert "ignored or overridden" in verdict.reasons[0].text


def test_ignoring_one_live_version_leaves_the_other(story: Story, can_deploy: Ask) -> None:
    """An ignored version does not vouch for another one that is live as well."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"))
    story.deploy("api", "9", "production", "green")
    story.deploy("api", "10", "production", "blue")
    assert can_deploy("web", "1", ignore=(Selector("api", "9"),)).deployable is True
    assert can_deploy("web", "1", ignore=(Selector("api", "10"),)).deployable is None


def test_two_that_need_each_other_are_judged_both_ways(story: Story) -> None:
    """Of two that are asked about together each is a provider of the other."""
    story.publish("web", "1", "api").publish("api", "1", "web").verify("api", "1", of=("web", "1"))
    question = Question((Selector("web", "1"), Selector("api", "1")), latestby="cvpv")
    assert answer(ask(story.session, question)) == (None, (1, 0, 1))
    story.verify("web", "1", of=("api", "1"))
    assert answer(ask(story.session, question)) == (True, (2, 0, 0))


def test_two_selected_versions_are_all_that_counts(story: Story) -> None:
    """Without a target nothing is looked at but the versions that were named."""
    story.publish("web", "1", "api", "mail").verify("api", "10", of=("web", "1"))
    question = Question((Selector("web", "1"), Selector("api", "10")), latestby="cvpv")
    assert answer(ask(story.session, question)) == (True, (1, 0, 0))


def test_a_provider_without_the_target_tag_is_unknown(story: Story, can_deploy: Ask) -> None:
    """A target tag that no version of the provider has is no yes."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"))
    verdict = can_deploy("web", "1", Target(tag="prod", latest=True))
    assert answer(verdict) == (None, (0, 0, 1))
    assert errors(verdict) == ["NOT_LIVE"]
    story.tag("api", "10", "prod")
    assert answer(can_deploy("web", "1", Target(tag="prod", latest=True))) == (True, (1, 0, 0))


def test_without_a_target_the_newest_version_counts(story: Story, can_deploy: Ask) -> None:
    """Compared with the newest of all, the provider's last build has to have verified; and a warning is due."""
    story.publish("web", "1", "api", branch="main").verify("api", "10", of=("web", "1")).version("api", "20")
    verdict = can_deploy("web", "1", Target(latest=True), latestby="cvp")
    assert answer(verdict) == (None, (0, 0, 1))
    assert codes(verdict) == ["NO_TARGET", "UNVERIFIED"]
    assert "api 20" in verdict.reasons[1].text


def test_who_consumes_itself_is_judged_with_its_live_version(story: Story, can_deploy: Ask) -> None:
    """While a new version takes over, it and the live one consume each other, and it consumes itself."""
    story.publish("shop", "1", "shop", content="a").publish("shop", "2", "shop", content="b")
    story.verify("shop", "2", of=("shop", "2"))
    assert answer(can_deploy("shop", "2")) == (True, (1, 0, 0))
    story.deploy("shop", "1", "production")
    verdict = can_deploy("shop", "2")
    assert verdict.deployable is None
    assert rows(verdict) == [
        ("shop 2", "shop 2", True),
        ("shop 2", "shop 1", None),
        ("shop 1", "shop 2", None),
    ]
    story.verify("shop", "1", of=("shop", "2")).verify("shop", "2", of=("shop", "1"))
    assert answer(can_deploy("shop", "2")) == (True, (3, 0, 0))
    story.verify("shop", "1", of=("shop", "1"), success=False)
    assert can_deploy("shop", "2").deployable is True, "what is live already is not what is asked about"


def test_a_branch_with_several_versions_is_judged_whole(story: Story) -> None:
    """Without a target, all versions of a branch are looked at; the reference broker waves them through."""
    story.publish("web", "1", "api", content="a", branch="main").verify("api", "10", of=("web", "1"))
    story.publish("web", "2", "api", content="b", branch="main")
    story.verify("api", "10", of=("web", "2"), success=False)
    question = Question((Selector("web", branch="main"),))
    assert answer(ask(story.session, question)) == (False, (1, 1, 0))


def test_every_version_of_a_branch_must_be_safe(story: Story) -> None:
    """A branch that goes to an environment goes with each of its versions, so one verified version is not enough."""
    story.environment("production")
    story.publish("web", "1", "api").deploy("web", "1", "production")
    story.branch("api", "10", "main").branch("api", "11", "main").verify("api", "10", of=("web", "1"))
    question = Question((Selector("api", branch="main"),), Target(environment="production"))
    verdict = ask(story.session, question)
    assert verdict.deployable is None
    assert rows(verdict) == [("web 1", "api 11", None), ("web 1", "api 10", True)]


def test_a_name_in_an_environment_means_what_is_live_there(story: Story, can_deploy: Ask) -> None:
    """With an environment as the target, a participant without a version stands for its versions there."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"), success=False)
    story.verify("api", "9", of=("web", "1"))
    story.deploy("web", "1", "production")
    assert errors(can_deploy("api", None)) == ["NOT_LIVE"]
    story.deploy("api", "9", "production")
    assert answer(can_deploy("api", None)) == (True, (1, 0, 0))
    story.deploy("api", "10", "production")
    assert answer(can_deploy("api", None)) == (False, (0, 1, 0))


def test_criteria_of_a_selector_narrow_each_other(story: Story) -> None:
    """A version that does not have the tag asked for with it is no version at all."""
    story.publish("web", "1", "api", tags=["dev"], branch="main").publish("web", "2", "api", branch="main")
    for selector, number in [
        (Selector("web", "1", tag="dev"), "1"),
        (Selector("web", tag="dev", branch="main"), "1"),
        (Selector("web", branch="main", latest=True), "2"),
        (Selector("web", main_branch=True, latest=True), "2"),
        (Selector("web", tag="dev", latest=True), "1"),
        (Selector("web", latest=True), "2"),
    ]:
        verdict = ask(story.session, Question((selector,)))
        assert [row.consumer.number for row in verdict.rows] == [number], selector
    verdict = ask(story.session, Question((Selector("web", "2", tag="dev"),)))
    assert errors(verdict) == ["UNKNOWN_VERSION"]


def test_unknown_names_are_refused(story: Story) -> None:
    """A question about a participant or an environment that does not exist is refused, with all faults at once."""
    question = Question((Selector("nobody", "1"), Selector("noone")), Target(environment="nowhere"))
    with pytest.raises(Invalid) as refusal:
        ask(story.session, question)
    assert refusal.value.errors == [
        "Pacticipant nobody not found",
        "Pacticipant noone not found",
        "Environment with name 'nowhere' does not exist",
    ]
