"""What the gate is asked, and the rows that it judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from tallystick_broker.gate.evidence import FailedInteraction

LatestBy = Literal["cvp", "cvpv", "cp"]


@dataclass(frozen=True)
class Selector:
    """Which versions of a participant are meant; without any criterion all of them."""

    participant: str
    version: str | None = None
    tag: str | None = None
    branch: str | None = None
    main_branch: bool = False
    latest: bool = False
    environment: str | None = None

    @property
    def by_name_only(self) -> bool:
        """Whether all versions are meant."""
        return self == Selector(self.participant)


@dataclass(frozen=True)
class Target:
    """Which versions of all the other participants are meant."""

    tag: str | None = None
    main_branch: bool = False
    latest: bool = False
    environment: str | None = None

    def __bool__(self) -> bool:
        return self != Target()

    @property
    def is_a_place(self) -> bool:
        """Whether the target names where the version goes, rather than just the newest of all."""
        return bool(self.tag or self.main_branch or self.environment)

    def of(self, participant: str) -> Selector:
        """Return the selector of this participant's versions there."""
        return Selector(
            participant,
            tag=self.tag,
            main_branch=self.main_branch,
            latest=self.latest,
            environment=self.environment,
        )


@dataclass(frozen=True)
class Question:
    """A question to the matrix: the versions asked about, where they go, and how to list the answer.

    `results` are the outcomes whose rows are wanted, all of them when it is empty.
    """

    selectors: tuple[Selector, ...]
    target: Target = field(default_factory=Target)
    ignore: tuple[Selector, ...] = ()
    latestby: LatestBy | None = None
    results: frozenset[bool | None] = frozenset()
    limit: int = 100

    @property
    def meant(self) -> tuple[Selector, ...]:
        """The selectors; going to an environment, a participant without a version means its versions there."""
        place = self.target.environment
        return tuple(
            replace(each, environment=place) if place and each.by_name_only else each
            for each in self.selectors
        )

    @property
    def grouping(self) -> LatestBy | None:
        """How rows are reduced: by pairs of versions wherever an environment is named, as each of them is live."""
        by_environment = self.target.environment or any(each.environment for each in self.selectors)
        return "cvpv" if by_environment else self.latestby

    @property
    def is_about_one(self) -> bool:
        """Whether a single selector is asked about, without a place to compare it with."""
        return len(self.selectors) == 1 and not self.target


@dataclass(frozen=True)
class Resolved:
    """One version that a selector means; no number stands for all versions, `missing` for none at all."""

    participant: str
    participant_id: int
    selector: Selector
    version_id: int | None = None
    number: str | None = None
    missing: bool = False
    inferred: bool = False
    ignored: bool = False


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
class Row:
    """A contract, the provider version it is held against, and the result that counts."""

    consumer: Ref
    provider: Ref
    content_id: int
    fingerprint: str
    publication_id: int
    revision: int
    published_at: datetime
    result: Result | None = None
    ignored: bool = False

    @property
    def success(self) -> bool | None:
        """Whether the contract is honoured; None while that is not known."""
        return self.result.success if self.result else None


@dataclass(frozen=True)
class Requirement:
    """A pair that needs a row; the answer is unknown without one."""

    consumer: str
    provider: str


@dataclass(frozen=True)
class Facts:
    """All that a verdict depends on.

    `failures` are the interactions that failed, by the number of the result; `last` is who verified a content
    last and with which result, by the id of a content that a row has no result for.
    """

    question: Question
    selected: tuple[Resolved, ...]
    rows: tuple[Row, ...]
    required: tuple[Requirement, ...] = ()
    ignored: tuple[Selector, ...] = ()
    unknown_ignored: tuple[Selector, ...] = ()
    failures: Mapping[int, tuple[FailedInteraction, ...]] = field(default_factory=dict)
    last: Mapping[int, tuple[Ref, Result]] = field(default_factory=dict)

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
