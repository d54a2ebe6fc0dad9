"""The verdict: rows in, an answer with its reasons out. Pure, so that every case can be tried."""

from dataclasses import dataclass
from enum import StrEnum

from tallystick_broker.gate.question import Facts, Ref, Requirement, Resolved, Row, Selector


class Code(StrEnum):
    """What a reason is about; stable, so that programs may depend on it."""

    UNKNOWN_VERSION = "UNKNOWN_VERSION"
    FAILED = "FAILED"
    UNVERIFIED = "UNVERIFIED"
    NOT_LIVE = "NOT_LIVE"
    NO_CONTRACT = "NO_CONTRACT"
    VERIFIED = "VERIFIED"
    NO_CONTRACTS = "NO_CONTRACTS"
    NO_TARGET = "NO_TARGET"
    NO_NUMBER = "NO_NUMBER"
    CANNOT_IGNORE = "CANNOT_IGNORE"


class Type(StrEnum):
    """What a reason does to the answer; the words are those of the wire's notices."""

    WARNING = "warning"
    ERROR = "error"
    SUCCESS = "success"


@dataclass(frozen=True)
class Reason:
    """One fact that speaks for or against deploying, in words for people."""

    code: Code
    type: Type
    text: str
    consumer: Ref | None = None
    provider: Ref | None = None
    row: Row | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer: True, False, or None when it is not known yet; and why."""

    deployable: bool | None
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]
    success: int
    failed: int
    unknown: int
    ignored: int


def judge(facts: Facts) -> Verdict:
    """Return the verdict over all rows (the rules of the Pact Broker, strict about every live version).

    A version that does not exist says no; a pair without a result leaves the answer unknown even when another
    one failed; one failure says no; and nothing to judge says yes, which its reason tells.
    """
    missing = [each for each in facts.selected if each.missing and not each.ignored and not each.inferred]
    judged = [row for row in facts.rows if not row.ignored]
    unknown = [row for row in judged if row.result is None]
    failed = [row for row in judged if row.result is not None and not row.result.success]
    absent = _absent(facts)
    return Verdict(
        deployable=_answer(bool(missing), bool(unknown or absent), bool(failed)),
        reasons=(*_warnings(facts), *_findings(facts, missing, absent, failed, unknown, judged)),
        rows=facts.rows,
        success=len(judged) - len(unknown) - len(failed),
        failed=len(failed),
        unknown=len(unknown) + len(absent),
        ignored=len(facts.rows) - len(judged),
    )


def _answer(missing: bool, unknown: bool, failed: bool) -> bool | None:
    if missing:
        return False
    return None if unknown else not failed


def _absent(facts: Facts) -> list[Requirement]:
    present = {(row.consumer.name, row.provider.name) for row in facts.rows}
    return [each for each in facts.required if (each.consumer, each.provider) not in present]


def _findings(
    facts: Facts,
    missing: list[Resolved],
    absent: list[Requirement],
    failed: list[Row],
    unknown: list[Row],
    judged: list[Row],
) -> list[Reason]:
    if missing:
        return _once(
            [Reason(Code.UNKNOWN_VERSION, Type.ERROR, _missing_text(each.selector)) for each in missing]
        )
    errors = [_no_contract(each) for each in absent]
    errors += [_failed(row) for row in failed]
    errors += [_unverified(row, facts) for row in unknown]
    if errors:
        return _once(errors)
    if judged:
        text = "All required verification results are published and successful."
        return [Reason(Code.VERIFIED, Type.SUCCESS, text)]
    text = "There are no contracts to judge here: nothing live depends on it, and it depends on nothing."
    return [Reason(Code.NO_CONTRACTS, Type.SUCCESS, text)]


def _warnings(facts: Facts) -> list[Reason]:
    question = facts.question
    found = [
        Reason(
            Code.CANNOT_IGNORE, Type.WARNING, f"WARN: cannot ignore {describe(each)}: there is no such thing."
        )
        for each in facts.unknown_ignored
    ]
    specified = [each for each in facts.selected if not each.inferred]
    if len(specified) == 1 and not question.target.is_a_place:
        text = "WARN: no target environment was named, so this compares with no live version: add --to-environment."
        found.append(Reason(Code.NO_TARGET, Type.WARNING, text))
    selectors = [each for each in question.selectors if not each.by_name_only]
    if selectors and not any(each.version for each in selectors):
        text = "WARN: name a version number rather than a tag or a branch, which may move while you ask."
        found.append(Reason(Code.NO_NUMBER, Type.WARNING, text))
    return found


def _no_contract(requirement: Requirement) -> Reason:
    text = f"There is no verified pact between {requirement.consumer} and {requirement.provider}."
    return Reason(Code.NO_CONTRACT, Type.ERROR, text, Ref(requirement.consumer), Ref(requirement.provider))


def _failed(row: Row) -> Reason:
    text = (
        f"The verification of the pact between {_name(row.consumer)} and {_name(row.provider)} failed: "
        f"{_name(row.provider)} does not do what {_name(row.consumer)} expects."
    )
    return Reason(Code.FAILED, Type.ERROR, text, row.consumer, row.provider, row)


def _unverified(row: Row, facts: Facts) -> Reason:
    selector = next((each.selector for each in facts.selected if _is_absent(each, row.provider)), None)
    if selector is not None and selector.environment:
        text = (
            f"There is no verified pact between {_name(row.consumer)} and {row.provider.name}: no version of "
            f"{row.provider.name} is recorded as deployed or released in {selector.environment}."
        )
        return Reason(Code.NOT_LIVE, Type.ERROR, text, row.consumer, row.provider, row)
    text = (
        f"There is no verified pact between {_name(row.consumer)} and {_provider_text(row.provider, facts)}: "
        "it has not been verified yet."
    )
    return Reason(Code.UNVERIFIED, Type.ERROR, text, row.consumer, row.provider, row)


def _provider_text(provider: Ref, facts: Facts) -> str:
    if provider.number is not None:
        return _name(provider)
    selected = [each for each in facts.selected if each.participant == provider.name]
    numbers = [each.number for each in selected if each.number]
    if numbers:
        return f"{provider.name} {' or '.join(numbers[:5])}"
    return describe(selected[0].selector) if selected else f"any version of {provider.name}"


def _is_absent(resolved: Resolved, provider: Ref) -> bool:
    return resolved.missing and resolved.participant == provider.name and provider.number is None


def _missing_text(selector: Selector) -> str:
    name = selector.participant
    if selector.version:
        return f"No pacts or verifications have been published for version {selector.version} of {name}."
    if selector.environment:
        return f"No version of {name} is recorded as deployed or released in {selector.environment}."
    if selector.main_branch:
        return f"No version of {name} from the main branch exists."
    if selector.branch:
        return f"No version of {name} from branch {selector.branch} exists."
    if selector.tag:
        return f"No version with tag {selector.tag} exists for {name}."
    return f"No version of {name} exists."


def describe(selector: Selector) -> str:
    """Return the selector in words: `the latest version of inventory from branch main`."""
    which = "the latest version of" if selector.latest else "any version of"
    name = selector.participant
    if selector.version:
        return f"version {selector.version} of {name}"
    if selector.environment:
        return f"the versions of {name} in {selector.environment}"
    if selector.main_branch:
        return f"{which} {name} from the main branch"
    if selector.branch:
        return f"{which} {name} from branch {selector.branch}"
    return f"{which} {name} with tag {selector.tag}" if selector.tag else f"{which} {name}"


def _name(ref: Ref) -> str:
    return f"{ref.name} {ref.number}" if ref.number else f"any version of {ref.name}"


def _once(reasons: list[Reason]) -> list[Reason]:
    by_text = {reason.text: reason for reason in reversed(reasons)}
    return [reason for reason in reasons if by_text[reason.text] is reason]
