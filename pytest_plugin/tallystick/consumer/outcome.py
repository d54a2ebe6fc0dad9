"""What happened between a consumer and a mock of its provider."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Expected:
    """A declared request; `label` names its interaction and the line that declared it."""

    method: str
    path: str
    label: str
    graphql: str = ""


@dataclass(frozen=True)
class Difference:
    """One place where a request differs from what was declared, in the engine's words in `explanation`."""

    place: str
    declared: str
    sent: str
    explanation: str


@dataclass(frozen=True)
class Mismatched:
    """A request to a declared method and path that differs; `candidates` are the interactions it could be of.

    A message that the consumer sent has no method and no path.
    """

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
    """Everything that a mock saw, but for what was as declared; what is only named, is named by its label."""

    mismatched: tuple[Mismatched, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    never_sent: tuple[Expected, ...] = ()
    unsent: tuple[str, ...] = ()
    unhandled: tuple[str, ...] = ()
    half_declared: tuple[str, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def kept(self) -> bool:
        """Whether every declared request was sent as declared, and no other, and every message was handled."""
        return self == Outcome()

    @property
    def tells_why(self) -> bool:
        """Whether this may explain why a test failed; what the test did not come to does not."""
        return bool(self.mismatched or self.unexpected)
