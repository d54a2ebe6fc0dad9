"""Reasons: one fact each that speaks for or against deploying, with what is known of it, and their order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tallystick_broker.gate.evidence import FailedInteraction
from tallystick_broker.gate.facts import Delivery, Override, Ref, Row


class Code(StrEnum):
    """What a reason is about; stable, so that programs may depend on it. What stands against comes worst first."""

    UNKNOWN_VERSION = "UNKNOWN_VERSION"
    BRANCHLESS = "BRANCHLESS"
    FAILED = "FAILED"
    NOT_LIVE = "NOT_LIVE"
    NEVER_VERIFIED = "NEVER_VERIFIED"
    UNVERIFIED = "UNVERIFIED"
    EXCLUSIVE = "EXCLUSIVE"
    NEEDS_BLOCKED = "NEEDS_BLOCKED"
    FILTERED = "FILTERED"
    NO_CONTRACTS = "NO_CONTRACTS"
    VERIFIED = "VERIFIED"
    OVERRIDDEN = "OVERRIDDEN"
    IGNORED = "IGNORED"
    CANNOT_IGNORE = "CANNOT_IGNORE"
    CONTENTLESS = "CONTENTLESS"
    NO_TARGET = "NO_TARGET"
    NO_NUMBER = "NO_NUMBER"


SEVERITY = {code: place for place, code in enumerate(Code)}


class Type(StrEnum):
    """What a reason does to the answer, in the words of the wire's notices: an error stands against deploying."""

    WARNING = "warning"
    ERROR = "error"
    SUCCESS = "success"
    INFO = "info"


@dataclass(frozen=True)
class Reason:
    """One fact, in words for people.

    `next` says what to do about it, if anything can be done; `asked` who was asked to verify, where a result is
    missing; `clears` whether it goes away without anybody doing something. `counterpart` is the participant on
    the other side of the one that was asked about.
    """

    code: Code
    type: Type
    text: str
    next: str | None = None
    consumer: Ref | None = None
    provider: Ref | None = None
    counterpart: str | None = None
    row: Row | None = None
    failures: tuple[FailedInteraction, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    asked: str | None = None
    clears: bool | None = None
    override: Override | None = None


def order(errors: Iterable[Reason]) -> list[Reason]:
    """Return what stands against deploying, grouped by counterpart, the worst group and the worst reason first."""
    listed = sorted(errors, key=lambda reason: SEVERITY[reason.code])
    worst: dict[str | None, int] = {}
    for place, reason in enumerate(listed):
        worst.setdefault(reason.counterpart, place)
    return sorted(listed, key=lambda reason: worst[reason.counterpart])


def once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the first reason of each text, since the rows of a history repeat themselves."""
    found: dict[str, Reason] = {}
    for reason in reasons:
        found.setdefault(reason.text, reason)
    return tuple(found.values())
