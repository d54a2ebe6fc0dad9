"""Verdicts of the gate in a form that tests compare."""

from collections.abc import Callable

from tallystick_broker.gate.facts import Ref
from tallystick_broker.gate.verdict import Verdict

Ask = Callable[..., Verdict]


def answer(verdict: Verdict) -> tuple[bool | None, tuple[int, int, int]]:
    """Return the answer, and how many rows are successful, failed and unknown."""
    return verdict.deployable, (verdict.success, verdict.failed, verdict.unknown)


def rows(verdict: Verdict) -> list[tuple[str, str, bool | None]]:
    """Return the rows as `web 1`, `api 10` and the outcome."""
    return [(_name(row.consumer), _name(row.provider), row.success) for row in verdict.rows]


def errors(verdict: Verdict) -> list[str]:
    """Return the codes of the reasons that stand against deploying."""
    return [reason.code.value for reason in verdict.reasons if reason.type == "error"]


def codes(verdict: Verdict) -> list[str]:
    """Return the codes of all reasons."""
    return [reason.code.value for reason in verdict.reasons]


def _name(ref: Ref) -> str:
    return f"{ref.name} {ref.number}" if ref.number else ref.name
