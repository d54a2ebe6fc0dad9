"""The verdict: facts in, an answer with its reasons out. Pure, so that every case can be tried."""

from collections.abc import Iterable
from dataclasses import dataclass

from tallystick_broker.gate.facts import Facts, Requirement, Resolved, Row
from tallystick_broker.gate.reasons import (
    Reason,
    tell_failed,
    tell_filtered,
    tell_ignored,
    tell_missing,
    tell_success,
    tell_unknown,
    warn,
)


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


def judge(facts: Facts) -> Verdict:
    """Return the verdict over all rows (the rules of the Pact Broker, strict about every live version).

    A version that does not exist says no; a pair without a result leaves the answer unknown even when another
    one failed; one failure says no; and nothing to judge says yes, which its reason tells.
    """
    missing = [each for each in facts.selected if each.missing and not each.ignored and not each.inferred]
    judged = [row for row in facts.rows if not row.ignored]
    unknown = [row for row in judged if row.success is None]
    failed = [row for row in judged if row.success is False]
    absent = _find_absent(facts)
    errors = _tell_errors(facts, missing, absent, failed, unknown)
    findings = errors or [tell_success(judged=bool(judged))]
    ignored = [tell_ignored(row) for row in facts.rows if row.ignored and not row.success]
    return Verdict(
        deployable=_answer(bool(missing), bool(unknown or absent), bool(failed)),
        reasons=_once([*warn(facts), *findings, *ignored]),
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


def _find_absent(facts: Facts) -> list[Requirement]:
    present = {(row.consumer.name, row.provider.name) for row in facts.rows}
    return [each for each in facts.required if (each.consumer, each.provider) not in present]


def _tell_errors(
    facts: Facts, missing: list[Resolved], absent: list[Requirement], failed: list[Row], unknown: list[Row]
) -> list[Reason]:
    """Return what stands against deploying, the worst first; about a version that is not there, that alone."""
    if missing:
        return [tell_missing(each) for each in missing]
    errors = [tell_failed(row, facts) for row in failed]
    errors += [tell_unknown(row, facts) for row in unknown]
    return errors + [tell_filtered(each) for each in absent]


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the first reason of each text, since the rows of a history repeat themselves."""
    found: dict[str, Reason] = {}
    for reason in reasons:
        found.setdefault(reason.text, reason)
    return tuple(found.values())
