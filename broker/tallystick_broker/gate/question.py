"""What the gate is asked."""

from dataclasses import dataclass, field, replace
from typing import Literal

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

    `results` are the outcomes whose rows are wanted, all of them when it is empty. With `require_contracts` the
    answer is no when there is nothing to judge.
    """

    selectors: tuple[Selector, ...]
    target: Target = field(default_factory=Target)
    ignore: tuple[Selector, ...] = ()
    latestby: LatestBy | None = None
    results: frozenset[bool | None] = frozenset()
    limit: int = 100
    require_contracts: bool = False

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

    def needs(self, selector: Selector) -> bool:
        """Return whether each version of a selector needs results: it is in an environment, or going to one."""
        return bool(self.target.environment or selector.environment)

    @property
    def is_about_one(self) -> bool:
        """Whether a single selector is asked about, without a place to compare it with."""
        return len(self.selectors) == 1 and not self.target
