"""What became of the verification in one test, in a form that travels with the test's report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallystick.provider.selection import Case
    from tallystick.provider.verdict import Verdict

LONGEST = 500
"""Characters of an exception's message that are kept."""


@dataclass(frozen=True)
class Outcome:
    """Whether an interaction was honoured; `contract` is its contract's index in what the source has.

    `mismatches` have the broker's members (attribute and description), `error` is what stopped a verification
    that came to no verdict.
    """

    source: str
    contract: int
    position: int
    honoured: bool
    mismatches: tuple[dict[str, str], ...] = ()
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> Outcome:
        """The outcome that `to_json` gave, before or after it was sent through JSON."""
        return cls(**{**members, "mismatches": tuple(members["mismatches"])})


def of_verdict(case: Case, verdict: Verdict) -> Outcome:
    """The outcome of a verification that came to a verdict."""
    mismatches = tuple(
        {"attribute": each.attribute, "description": f"{each.where}: {each.description}".lstrip(": ")}
        for each in verdict.mismatches
    )
    return Outcome(
        case.source, case.index, case.interaction.position, verdict.honoured, mismatches, verdict.reason
    )


def of_error(case: Case, error: BaseException) -> Outcome:
    """The outcome of a verification that this exception stopped."""
    return Outcome(
        case.source,
        case.index,
        case.interaction.position,
        honoured=False,
        error=f"{type(error).__name__}: {error}"[:LONGEST],
    )


def of_broken_test(outcome: Outcome) -> Outcome:
    """The outcome for a test that did not pass: whatever it verified, it honoured nothing."""
    if not outcome.honoured:
        return outcome
    return replace(outcome, honoured=False, error="the test did not pass after the verification")
