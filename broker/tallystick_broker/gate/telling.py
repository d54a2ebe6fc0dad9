"""What is told of each fact that a verdict rests on. Pure."""

from collections.abc import Iterable, Sequence

from tallystick_broker.gate.facts import Delivery, Facts, Ref, Requirement, Resolved, Row
from tallystick_broker.gate.reasons import Code, Reason, Type
from tallystick_broker.gate.wording import (
    advise_branch,
    advise_presence,
    advise_verification,
    describe,
    describe_absence,
    name,
)

STATUSES = {
    "not_run": "it is about to be sent",
    "retrying": "it failed and will be repeated",
    "success": "it was delivered",
    "failure": "it failed for good",
}
UNDER_WAY = {"not_run", "retrying", "success"}
"""The states of a delivery after which a result may still come."""


def tell_missing(resolved: Resolved) -> Reason:
    """Return the reason for a version that was asked about and does not exist."""
    selector = resolved.selector
    ref = Ref(selector.participant, selector.version)
    text = describe_absence(selector)
    if selector.environment:
        return Reason(Code.NOT_LIVE, Type.ERROR, text, advise_presence(selector), ref, clears=False)
    if resolved.is_branchless:
        text = f"{text} {selector.participant} has versions, but its newest one is on no branch."
        advice = (
            f"Have the build of {selector.participant} name its branch: tallystick publish … --branch <branch>, or "
            "pytest … --contracts-branch <branch>"
        )
        return Reason(Code.BRANCHLESS, Type.ERROR, text, advice, ref, clears=False)
    advice = f"Publish {describe(selector)} first, or name another one."
    if selector.version:
        advice = (
            "Check the number. If it is right, publish the contracts or the verification results of version "
            f"{selector.version} of {selector.participant} first."
        )
    return Reason(Code.UNKNOWN_VERSION, Type.ERROR, text, advice, ref, clears=False)


def tell_filtered(requirement: Requirement) -> Reason:
    """Return the reason for a pair whose rows were all left out on request."""
    text = f"No contract of {requirement.consumer} with {requirement.provider} has the outcome that was asked for."
    advice = "Ask without `success` to see the others."
    return Reason(
        Code.FILTERED,
        Type.ERROR,
        text,
        advice,
        Ref(requirement.consumer),
        Ref(requirement.provider),
        clears=False,
    )


def tell_failed(row: Row, facts: Facts) -> Reason:
    """Return the reason for a contract that the provider version does not honour."""
    consumer, provider = row.consumer, row.provider
    text = (
        f"{_place(provider, facts)} does not do what {_place(consumer, facts)} expects: "
        "the verification of their contract failed."
    )
    if consumer.name not in facts.asked:
        advice = (
            f"Fix {provider.name}, or agree on the change with the team of {consumer.name}: a version of "
            f"{consumer.name} that works with {name(provider)} has to be deployed first."
        )
    elif provider.name not in facts.asked:
        advice = (
            f"Deploy a version of {provider.name} first that does what {name(consumer)} expects, or change "
            f"what {consumer.name} expects."
        )
    else:
        advice = f"Fix {provider.name} or change what {consumer.name} expects, and ask about the new version."
    failures = facts.failures.get(row.result.number, ()) if row.result else ()
    counterpart = _counterpart(row, facts)
    return Reason(
        Code.FAILED, Type.ERROR, text, advice, consumer, provider, counterpart, row, failures, clears=False
    )


def tell_unknown(row: Row, facts: Facts) -> Reason:
    """Return the reason for a contract without a result: no provider version, none for it, or none at all."""
    versions = facts.by_participant.get(row.provider.name, [])
    absent = facts.missing.get(row.provider.name)
    counterpart = _counterpart(row, facts)
    if absent is not None and row.provider.number is None:
        text = f"{name(row.consumer)} needs {row.provider.name}: {describe_absence(absent)}"
        return Reason(
            Code.NOT_LIVE,
            Type.ERROR,
            text,
            advise_presence(absent),
            row.consumer,
            row.provider,
            counterpart,
            row,
            clears=False,
        )
    provider = row.verifier
    consumer = _place(row.consumer, facts)
    code = Code.NEVER_VERIFIED
    text = f"The contract of {consumer} with {_several(provider, versions, facts)} has never been verified."
    if row.content_id in facts.last:
        other, result = facts.last[row.content_id]
        outcome = "successfully" if result.success else "and failed"
        code = Code.UNVERIFIED
        text = (
            f"{_several(provider, versions, facts)} has not verified the contract with {consumer} "
            f"({name(other)} did, {outcome})."
        )
    deliveries = _find_deliveries(facts.deliveries.get(row.publication_id, ()), provider)
    return Reason(
        code,
        Type.ERROR,
        text,
        advise_verification(provider),
        row.consumer,
        provider,
        counterpart,
        row,
        deliveries=deliveries,
        asked=_tell_asked(deliveries),
        clears=any(each.status in UNDER_WAY for each in deliveries),
    )


def tell_left_out(rows: Iterable[Row]) -> list[Reason]:
    """Return what stands against deploying and does not count."""
    standing = [row for row in rows if not row.success]
    overridden = [tell_overridden(row) for row in standing if row.override and not row.ignored]
    return overridden + [tell_ignored(row) for row in standing if row.ignored]


def tell_ignored(row: Row) -> Reason:
    """Return the note that a row stands against deploying and was ignored as asked."""
    text = f"Ignored, as asked: the contract of {name(row.consumer)} with {name(row.provider)}, which {_state(row)}."
    return Reason(Code.IGNORED, Type.INFO, text, None, row.consumer, row.provider, row=row)


def tell_overridden(row: Row) -> Reason:
    """Return the note that a row stands against deploying and somebody decided that it does not count."""
    override = row.override
    if override is None:
        raise ValueError("the row is not overridden")
    text = (
        f"Overridden by {override.created_by} until {override.expires_at:%Y-%m-%d %H:%M} UTC: the contract of "
        f"{name(row.consumer)} with {name(row.provider)}, which {_state(row)}. Reason given: {override.reason}"
    )
    return Reason(
        Code.OVERRIDDEN, Type.WARNING, text, None, row.consumer, row.provider, row=row, override=override
    )


def tell_success(rows: Sequence[Row], *, required: bool) -> Reason:
    """Return the reason for a yes: everything is verified, or there was nothing to judge, if that will do."""
    if any(row.is_judged for row in rows):
        text = "All required verification results are published and successful."
        return Reason(Code.VERIFIED, Type.SUCCESS, text)
    text = "There are no contracts to judge here: nothing that it depends on, and nothing that depends on it."
    advice = "Publish its contracts, or those of its consumers; or ask without requiring any."
    if rows:
        text = "There are no contracts to judge here: all that there are were ignored or overridden."
        advice = "Ignore less, or end an override; or ask without requiring any."
    if not required:
        return Reason(Code.NO_CONTRACTS, Type.SUCCESS, text)
    return Reason(Code.NO_CONTRACTS, Type.ERROR, text, advice, clears=False)


def note(facts: Facts, unknown: Sequence[Row]) -> list[Reason]:
    """Return what is odd about versions: no branch where a result is missing, or no contract where there were some."""
    unseen = {row.consumer.id for row in unknown if row.provider.name not in facts.missing}
    found = []
    for each in facts.selected:
        ref = Ref(each.participant, each.number, each.version_id)
        if each.is_contentless and not each.ignored:
            text = (
                f"{_place(ref, facts)} has published no contract, though other versions of {ref.name} have: what it "
                "expects is not known, and this answer says nothing about it."
            )
            advice = "Publish its contracts under exactly this version, or record the version that was really built."
            found.append(Reason(Code.CONTENTLESS, Type.INFO, text, advice, ref))
        if not each.on_branch and not each.inferred and each.version_id in unseen:
            text = f"{name(ref)} is on no branch: builds that choose contracts by branch do not see this one."
            found.append(Reason(Code.BRANCHLESS, Type.INFO, text, advise_branch(ref), ref))
    return found


def warn(facts: Facts) -> list[Reason]:
    """Return what makes the question itself doubtful, whatever the answer."""
    question = facts.question
    found = []
    for each in facts.unknown_ignored:
        text = f"WARN: cannot ignore {describe(each)}: there is no such thing."
        advice = "Correct the name or the version to ignore, or leave it out."
        found.append(Reason(Code.CANNOT_IGNORE, Type.WARNING, text, advice))
    specified = [each for each in facts.selected if not each.inferred]
    if len(specified) == 1 and not question.target.is_a_place:
        text = "WARN: no target environment was named, so nothing that is live was looked at."
        advice = "Say where it goes: --to-environment <name>."
        found.append(Reason(Code.NO_TARGET, Type.WARNING, text, advice))
    selectors = [each for each in question.selectors if not each.by_name_only]
    if selectors and not any(each.version for each in selectors):
        text = "WARN: no version number was named, and what a tag or a branch means may change while you ask."
        found.append(Reason(Code.NO_NUMBER, Type.WARNING, text, "Name the version by its number."))
    return found


def _place(ref: Ref, facts: Facts) -> str:
    live = ref.id in facts.live
    return f"{name(ref)} (live in {facts.question.target.environment})" if live else name(ref)


def _state(row: Row) -> str:
    return "failed" if row.success is False else "is not verified"


def _counterpart(row: Row, facts: Facts) -> str:
    """Return the side that was not asked about; the provider when both or none were."""
    return row.consumer.name if row.consumer.name not in facts.asked else row.provider.name


def _several(provider: Ref, versions: Sequence[Resolved], facts: Facts) -> str:
    numbers = [each.number for each in versions[:6] if each.number]
    if provider.number is None and numbers:
        more = " or another one" if len(numbers) > 5 else ""
        return f"{provider.name} {' or '.join(numbers[:5])}{more}"
    return _place(provider, facts)


def _find_deliveries(deliveries: Sequence[Delivery], provider: Ref) -> tuple[Delivery, ...]:
    """Return the deliveries that were about this provider version, or about none in particular."""
    return tuple(each for each in deliveries if each.provider_number in (None, provider.number))


def _tell_asked(deliveries: Sequence[Delivery]) -> str:
    if not deliveries:
        return "No webhook has asked for it."
    last = deliveries[-1]
    return f"Webhook {last.webhook} asked for it at {last.at:%Y-%m-%d %H:%M} UTC: {STATUSES[last.status]}."
