"""Reasons: one fact each that speaks for or against deploying, told with what to do about it. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from shlex import quote

from tallystick_broker.gate.evidence import FailedInteraction
from tallystick_broker.gate.facts import Facts, Ref, Requirement, Resolved, Row
from tallystick_broker.gate.question import Selector


class Code(StrEnum):
    """What a reason is about; stable, so that programs may depend on it."""

    UNKNOWN_VERSION = "UNKNOWN_VERSION"
    FAILED = "FAILED"
    NEVER_VERIFIED = "NEVER_VERIFIED"
    UNVERIFIED = "UNVERIFIED"
    NOT_LIVE = "NOT_LIVE"
    FILTERED = "FILTERED"
    VERIFIED = "VERIFIED"
    NO_CONTRACTS = "NO_CONTRACTS"
    NO_TARGET = "NO_TARGET"
    NO_NUMBER = "NO_NUMBER"
    CANNOT_IGNORE = "CANNOT_IGNORE"
    IGNORED = "IGNORED"


class Type(StrEnum):
    """What a reason does to the answer, in the words of the wire's notices: an error stands against deploying."""

    WARNING = "warning"
    ERROR = "error"
    SUCCESS = "success"
    INFO = "info"


@dataclass(frozen=True)
class Reason:
    """One fact, in words for people; `next` says what to do about it, if anything can be done."""

    code: Code
    type: Type
    text: str
    next: str | None = None
    consumer: Ref | None = None
    provider: Ref | None = None
    row: Row | None = None
    failures: tuple[FailedInteraction, ...] = ()


def tell_missing(resolved: Resolved) -> Reason:
    """Return the reason for a version that was asked about and does not exist."""
    selector = resolved.selector
    if selector.environment:
        code, advice = Code.NOT_LIVE, _bring_to_life(selector)
    elif selector.version:
        code, advice = (
            Code.UNKNOWN_VERSION,
            (
                "Check the number. If it is right, publish the contracts or the verification results of version "
                f"{selector.version} of {selector.participant} first."
            ),
        )
    else:
        code, advice = Code.UNKNOWN_VERSION, f"Publish {describe(selector)} first, or name another one."
    return Reason(
        code,
        Type.ERROR,
        _missing_text(selector),
        advice,
        consumer=Ref(selector.participant, selector.version),
    )


def tell_filtered(requirement: Requirement) -> Reason:
    """Return the reason for a pair whose rows were all left out on request."""
    text = f"No contract of {requirement.consumer} with {requirement.provider} has the outcome that was asked for."
    advice = "Ask without `success` to see the others."
    return Reason(
        Code.FILTERED, Type.ERROR, text, advice, Ref(requirement.consumer), Ref(requirement.provider)
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
    return Reason(Code.FAILED, Type.ERROR, text, advice, consumer, provider, row, failures)


def tell_unknown(row: Row, facts: Facts) -> Reason:
    """Return the reason for a contract without a result: no provider version, none for it, or none at all."""
    versions = facts.by_participant.get(row.provider.name, [])
    absent = facts.missing.get(row.provider.name)
    if absent is not None and row.provider.number is None:
        text = f"{name(row.consumer)} needs {row.provider.name}: {_missing_text(absent)}"
        advice = _bring_to_life(absent)
        return Reason(Code.NOT_LIVE, Type.ERROR, text, advice, row.consumer, row.provider, row)
    provider = _only(row.provider, versions)
    consumer = _place(row.consumer, facts)
    advice = _verify(provider)
    if row.content_id not in facts.last:
        text = (
            f"The contract of {consumer} with {_several(provider, versions, facts)} has never been verified."
        )
        return Reason(Code.NEVER_VERIFIED, Type.ERROR, text, advice, row.consumer, provider, row)
    other, result = facts.last[row.content_id]
    outcome = "successfully" if result.success else "and failed"
    text = (
        f"{_several(provider, versions, facts)} has not verified the contract with {consumer} "
        f"({name(other)} did, {outcome})."
    )
    return Reason(Code.UNVERIFIED, Type.ERROR, text, advice, row.consumer, provider, row)


def tell_ignored(row: Row) -> Reason:
    """Return the note that a row stands against deploying and was ignored as asked."""
    state = "failed" if row.success is False else "is not verified"
    text = (
        f"Ignored, as asked: the contract of {name(row.consumer)} with {name(row.provider)}, which {state}."
    )
    return Reason(Code.IGNORED, Type.INFO, text, None, row.consumer, row.provider, row)


def tell_success(*, judged: bool) -> Reason:
    """Return the reason for a yes: everything is verified, or there was nothing to judge."""
    if judged:
        text = "All required verification results are published and successful."
        return Reason(Code.VERIFIED, Type.SUCCESS, text)
    text = "There are no contracts to judge here: nothing that it depends on, and nothing that depends on it."
    return Reason(Code.NO_CONTRACTS, Type.SUCCESS, text)


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


def describe(selector: Selector) -> str:
    """Return the selector in words: `the latest version of inventory from branch main`."""
    which = "the latest version of" if selector.latest else "any version of"
    participant = selector.participant
    if selector.version:
        return f"version {selector.version} of {participant}"
    if selector.environment:
        return f"the versions of {participant} in {selector.environment}"
    if selector.main_branch:
        return f"{which} {participant} from the main branch"
    if selector.branch:
        return f"{which} {participant} from branch {selector.branch}"
    return f"{which} {participant} with tag {selector.tag}" if selector.tag else f"{which} {participant}"


def name(ref: Ref) -> str:
    """Return the version in words."""
    return f"{ref.name} {ref.number}" if ref.number else f"any version of {ref.name}"


def _missing_text(selector: Selector) -> str:
    participant = selector.participant
    if selector.version:
        return (
            f"No pacts or verifications have been published for version {selector.version} of {participant}."
        )
    if selector.environment:
        return f"No version of {participant} is recorded as deployed or released in {selector.environment}."
    if selector.main_branch:
        return f"No version of {participant} from the main branch exists."
    if selector.branch:
        return f"No version of {participant} from branch {selector.branch} exists."
    if selector.tag:
        return f"No version with tag {selector.tag} exists for {participant}."
    return f"No version of {participant} exists."


def _bring_to_life(selector: Selector) -> str:
    if not selector.environment:
        return f"Publish {describe(selector)} first."
    command = f"{_command('record-deployment', selector.participant, '<version>')} --environment"
    return (
        f"Deploy {selector.participant} to {selector.environment} first. If it runs there, record it: "
        f"{command} {quote(selector.environment)}"
    )


def _verify(provider: Ref) -> str:
    version = provider.number or "<version>"
    command = f"pytest --contracts-from broker --contracts-publish --contracts-version {_quote(version)}"
    return (
        f"Verify it in the build of {provider.name} at version {version}, and publish the result: {command}"
    )


def _command(verb: str, participant: str, version: str) -> str:
    return f"tallystick {verb} --pacticipant {quote(participant)} --version {_quote(version)}"


def _quote(version: str) -> str:
    """Return the version as a shell reads it; a placeholder stays as it is, because it is to be replaced."""
    return version if version == "<version>" else quote(version)


def _place(ref: Ref, facts: Facts) -> str:
    live = ref.id in facts.live
    return f"{name(ref)} (live in {facts.question.target.environment})" if live else name(ref)


def _only(provider: Ref, versions: list[Resolved]) -> Ref:
    """Return the provider version; when the row has none, the only one that could have verified it."""
    if provider.number is None and len(versions) == 1:
        return Ref(provider.name, versions[0].number, versions[0].version_id)
    return provider


def _several(provider: Ref, versions: list[Resolved], facts: Facts) -> str:
    numbers = [each.number for each in versions[:6] if each.number]
    if provider.number is None and numbers:
        more = " or another one" if len(numbers) > 5 else ""
        return f"{provider.name} {' or '.join(numbers[:5])}{more}"
    return _place(provider, facts)
