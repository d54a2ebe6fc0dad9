"""The plan of a rollout: in which order candidates can go, and what is blocked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tallystick_client.verdict import Party, Reason, find_page


@dataclass(frozen=True)
class Need:
    """That a candidate can't go before another one has, and why."""

    candidate: Party
    needed: Party
    reason: Reason

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the need from an element of `after` or `ring`."""
        return cls(Party.read(body["candidate"]), Party.read(body["needs"]), Reason.read(body["reason"]))


@dataclass(frozen=True)
class Step:
    """Candidates that go at once; `after` are needs of earlier steps, `ring` those that forbid each order of them."""

    candidates: tuple[Party, ...]
    after: tuple[Need, ...]
    ring: tuple[Need, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the step from an element of a wave's `steps`."""
        return cls(
            tuple(map(Party.read, body["candidates"])),
            tuple(map(Need.read, body["after"])),
            tuple(map(Need.read, body["ring"])),
        )


@dataclass(frozen=True)
class Blocked:
    """A candidate that can't go, and what stands against it."""

    candidate: Party
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the blocked candidate from an element of `blocked`."""
        return cls(Party.read(body["candidate"]), tuple(map(Reason.read, body["reasons"])))


@dataclass(frozen=True)
class Plan:
    """Waves of steps in order, what is blocked, what is live already, and what did not count or is doubtful.

    `page` is the address of a page that shows the same, `body` the broker's whole answer.
    """

    waves: tuple[tuple[Step, ...], ...]
    blocked: tuple[Blocked, ...]
    live: tuple[Party, ...]
    reasons: tuple[Reason, ...]
    page: str | None
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the plan in the answer to GET /plan."""
        return cls(
            waves=tuple(tuple(map(Step.read, wave["steps"])) for wave in body["waves"]),
            blocked=tuple(map(Blocked.read, body["blocked"])),
            live=tuple(map(Party.read, body["live"])),
            reasons=tuple(map(Reason.read, body["reasons"])),
            page=find_page(body),
            body=body,
        )
