"""The verdict on taking a version away: who would be left without a provider that works. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tallystick_broker.gate.facts import Facts, Ref, Resolved, Row
from tallystick_broker.gate.reasons import Code, Reason, Type
from tallystick_broker.gate.verdict import Verdict, judge
from tallystick_broker.gate.wording import name


def find_removed(specified: Sequence[Resolved], live: Iterable[Resolved]) -> list[Resolved]:
    """Return the live versions that would go: those that were asked about, or all of the participant's."""
    names = {each.participant for each in specified}
    versions = {each.version_id for each in specified}
    named = any(each.selector.version for each in specified)
    return [
        each
        for each in live
        if each.participant in names and not each.missing and (not named or each.version_id in versions)
    ]


def find_left(removed: Iterable[Resolved], live: Iterable[Resolved], asked: Resolved) -> list[Resolved]:
    """Return what stays live; a participant of which nothing stays is missing."""
    gone = {each.version_id for each in removed}
    left = [replace(each, leaves=False) for each in live if each.version_id not in gone]
    if any(each.participant == asked.participant and not each.missing for each in left):
        return left
    absent = replace(asked, version_id=None, number=None, missing=True, inferred=True)
    return [*(each for each in left if each.participant != asked.participant), absent]


def find_bereft(contracts: Iterable[Row], removed: Iterable[Resolved]) -> list[Row]:
    """Return the contracts of those that stay."""
    gone = {each.version_id for each in removed}
    return [row for row in contracts if row.consumer.id not in gone]


def judge_removal(facts: Facts, removed: Sequence[Resolved]) -> Verdict:
    """Return the verdict over the contracts of those that stay; what is not there can't be taken away."""
    verdict = judge(facts)
    place = str(facts.question.target.environment)
    if removed or any(each.missing and not each.inferred for each in facts.selected):
        reasons = tuple(_retell(reason, place, is_alone=not verdict.rows) for reason in verdict.reasons)
        return replace(verdict, reasons=reasons)
    asked = facts.question.selectors[0]
    ref = Ref(asked.participant, asked.version)
    subject = name(ref) if asked.version else f"No version of {asked.participant}"
    text = f"{subject} is {'not ' if asked.version else ''}live in {place}: there is nothing to remove."
    advice = "Check the name, the version and the environment."
    reason = Reason(Code.NOT_LIVE, Type.ERROR, text, advice, ref, clears=False)
    return replace(verdict, deployable=False, reasons=(reason,))


def _retell(reason: Reason, place: str, *, is_alone: bool) -> Reason:
    """Return the reason in words that fit a removal."""
    if reason.code is Code.NO_CONTRACTS and is_alone:
        return replace(reason, text=f"No version that stays live in {place} has a contract with it.")
    if reason.code is not Code.NOT_LIVE or reason.consumer is None or reason.provider is None:
        return reason
    consumer, provider = name(reason.consumer), reason.provider.name
    return replace(
        reason,
        text=f"{consumer} (live in {place}) needs {provider}, of which no other version is live in {place}.",
        next=f"Deploy another version of {provider} to {place} first, or take {consumer} away before it.",
    )
