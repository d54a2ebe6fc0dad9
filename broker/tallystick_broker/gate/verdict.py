"""The verdict: facts in, an answer with its reasons out. Pure, so that every case can be tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tallystick_broker.gate.facts import Facts, Requirement, Resolved, Row
from tallystick_broker.gate.reasons import Code, Reason, once, order
from tallystick_broker.gate.telling import (
    note,
    tell_failed,
    tell_filtered,
    tell_left_out,
    tell_missing,
    tell_success,
    tell_unknown,
    warn,
)


class Kind(StrEnum):
    """The classes of answers; stable, so that programs may depend on them."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NO_CONTRACTS = "no_contracts"


@dataclass(frozen=True)
class Verdict:
    """The answer: True, False, or None when it is not known yet; why; and the rows and counts behind it."""

    deployable: bool | None
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]
    success: int
    failed: int
    unknown: int
    ignored: int
    overridden: int

    @property
    def kind(self) -> Kind:
        """The class of the answer: nothing to judge is one of its own, whether it is a yes or a no."""
        if any(reason.code is Code.NO_CONTRACTS for reason in self.reasons):
            return Kind.NO_CONTRACTS
        if self.deployable is None:
            return Kind.UNKNOWN
        return Kind.YES if self.deployable else Kind.NO


def judge(facts: Facts) -> Verdict:
    """Return the verdict over all rows (the rules of the Pact Broker, strict about every live version).

    A version that does not exist says no; a pair without a result leaves the answer unknown even when another
    one failed; one failure says no; and nothing to judge says yes, unless contracts are required.
    """
    missing = [each for each in facts.selected if each.missing and not each.ignored and not each.inferred]
    judged = [row for row in facts.rows if row.is_judged]
    unknown = [row for row in judged if row.success is None]
    failed = [row for row in judged if row.success is False]
    absent = _find_absent(facts)
    errors = _tell_errors(facts, missing, absent, failed, unknown)
    required = facts.question.require_contracts
    findings = errors or [tell_success(facts.rows, required=required)]
    return Verdict(
        deployable=_answer(
            bool(missing) or (required and not judged and not absent), bool(unknown or absent), bool(failed)
        ),
        reasons=once([*warn(facts), *findings, *tell_left_out(facts.rows), *note(facts, unknown)]),
        rows=facts.rows,
        success=len(judged) - len(unknown) - len(failed),
        failed=len(failed),
        unknown=len(unknown) + len(absent),
        ignored=sum(row.ignored for row in facts.rows),
        overridden=sum(not row.ignored and row.override is not None for row in facts.rows),
    )


def _answer(stopped: bool, unknown: bool, failed: bool) -> bool | None:
    if stopped:
        return False
    return None if unknown else not failed


def _find_absent(facts: Facts) -> list[Requirement]:
    present = {(row.consumer.name, row.provider.name) for row in facts.rows}
    return [each for each in facts.required if (each.consumer, each.provider) not in present]


def _tell_errors(
    facts: Facts,
    missing: Sequence[Resolved],
    absent: Sequence[Requirement],
    failed: Sequence[Row],
    unknown: Sequence[Row],
) -> list[Reason]:
    """Return what stands against deploying, the worst first; about a version that is not there, that alone."""
    if missing:
        return [tell_missing(each) for each in missing]
    errors = [tell_failed(row, facts) for row in failed]
    errors += [tell_unknown(row, facts) for row in unknown]
    return order(errors + [tell_filtered(each) for each in absent])
