"""What the gate judges by: versions, the contracts between them, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tallystick_broker.gate.evidence import FailedInteraction
from tallystick_broker.gate.question import Question, Selector


@dataclass(frozen=True)
class Resolved:
    """One version that a selector means; no number stands for all versions, `missing` for none at all.

    An `inferred` version is one that the target has; `leaves` says that a version which was asked about takes
    its place there. A contentless version published no contract, though others of its participant did; a missing
    one is branchless when there are versions, and the newest of them is on no branch.
    """

    participant: str
    participant_id: int
    selector: Selector
    version_id: int | None = None
    number: str | None = None
    missing: bool = False
    inferred: bool = False
    ignored: bool = False
    leaves: bool = False
    on_branch: bool = True
    is_contentless: bool = False
    is_branchless: bool = False


@dataclass(frozen=True)
class Ref:
    """A version of a participant, or the participant alone."""

    name: str
    number: str | None = None
    id: int | None = None


@dataclass(frozen=True)
class Result:
    """A verification result: its number, and when it was recorded."""

    number: int
    success: bool
    at: datetime


@dataclass(frozen=True)
class Override:
    """Somebody's decision that a pair does not count for a while; no number stands for all versions."""

    uuid: str
    consumer: Ref
    provider: Ref
    created_by: str
    reason: str
    expires_at: datetime

    def covers(self, row: "Row") -> bool:
        """Return whether it is about this row."""
        pairs = ((self.consumer, row.consumer), (self.provider, row.verifier))
        return all(mine.name == its.name and mine.number in (None, its.number) for mine, its in pairs)


@dataclass(frozen=True)
class Delivery:
    """That somebody was asked to verify a contract: by which webhook, when, for which version, and how that went."""

    webhook: str
    at: datetime
    status: str
    provider_number: str | None = None


@dataclass(frozen=True)
class Row:
    """A contract, the provider version it is held against, and the result that counts.

    Without a result it may have no provider version, because clients know unverified contracts so; `expected` is
    then the version that should have verified it, if there is a single one.
    """

    consumer: Ref
    provider: Ref
    content_id: int
    fingerprint: str
    publication_id: int
    revision: int
    published_at: datetime
    result: Result | None = None
    expected: Ref | None = None
    ignored: bool = False
    override: Override | None = None

    @property
    def success(self) -> bool | None:
        """Whether the contract is honoured; None while that is not known."""
        return self.result.success if self.result else None

    @property
    def verifier(self) -> Ref:
        """The provider version that has verified the contract, or should."""
        return self.expected or self.provider

    @property
    def is_judged(self) -> bool:
        """Whether it has a part in the verdict."""
        return not self.ignored and self.override is None


@dataclass(frozen=True)
class Requirement:
    """A pair that needs a row; the answer is unknown without one."""

    consumer: str
    provider: str


@dataclass(frozen=True)
class Facts:
    """All that a verdict depends on.

    `failures` are the interactions that failed, by the number of the result; `last` is who verified a content
    last and with which result, by the id of a content that a row has no result for; `deliveries` are who was asked
    to verify, by the id of the publication.
    """

    question: Question
    selected: tuple[Resolved, ...]
    rows: tuple[Row, ...]
    required: tuple[Requirement, ...] = ()
    ignored: tuple[Selector, ...] = ()
    unknown_ignored: tuple[Selector, ...] = ()
    failures: Mapping[int, tuple[FailedInteraction, ...]] = field(default_factory=dict)
    last: Mapping[int, tuple[Ref, Result]] = field(default_factory=dict)
    deliveries: Mapping[int, tuple[Delivery, ...]] = field(default_factory=dict)

    @cached_property
    def by_participant(self) -> Mapping[str, list[Resolved]]:
        """What is selected of each participant."""
        found: dict[str, list[Resolved]] = {}
        for each in self.selected:
            found.setdefault(each.participant, []).append(each)
        return found

    @cached_property
    def missing(self) -> Mapping[str, Selector]:
        """What was selected of a participant and does not exist."""
        return {each.participant: each.selector for each in self.selected if each.missing}

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of the participants that were asked about."""
        return frozenset(each.participant for each in self.selected if not each.inferred)

    @cached_property
    def live(self) -> frozenset[int]:
        """The ids of the versions that the target's environment has."""
        if not self.question.target.environment:
            return frozenset()
        inferred = (each.version_id for each in self.selected if each.inferred)
        return frozenset(key for key in inferred if key is not None)
