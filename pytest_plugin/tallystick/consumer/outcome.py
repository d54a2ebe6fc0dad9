"""What happened between a consumer and a mock of its provider."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """A declared request; `label` names its interaction and the line that declared it."""

    method: str
    path: str
    label: str


@dataclass(frozen=True)
class Difference:
    """One place where a request differs from what was declared, in the engine's words in `explanation`."""

    place: str
    declared: str
    sent: str
    explanation: str


@dataclass(frozen=True)
class Mismatched:
    """A request to a declared method and path that differs; `candidates` are the interactions it could be of."""

    method: str
    path: str
    candidates: tuple[Expected, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Unexpected:
    """A request to a method and path that nothing declares."""

    method: str
    path: str


@dataclass(frozen=True)
class Outcome:
    """Everything that a mock saw, but for the requests that were as declared."""

    mismatched: tuple[Mismatched, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    never_sent: tuple[Expected, ...] = ()
    half_declared: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every declared request was sent as declared, and no other."""
        return not (self.mismatched or self.unexpected or self.never_sent or self.half_declared)

    @property
    def tells_why(self) -> bool:
        """Whether this may explain why a test failed; what the test did not come to does not."""
        return bool(self.mismatched or self.unexpected)
