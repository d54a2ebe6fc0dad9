"""Counts, contract by contract, what of it was verified and honoured in a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tallystick.provider.outcome import Outcome
    from tallystick.provider.selection import SelectedContract, Selection


@dataclass(frozen=True)
class Tally:
    """The outcomes of one contract; an interaction that several tests verify has several."""

    name: str
    contract: SelectedContract
    outcomes: tuple[Outcome, ...]

    @property
    def total(self) -> int:
        """How many interactions the contract has."""
        return len(self.contract.interactions)

    @property
    def ran(self) -> int:
        """How many of them were verified, with whatever result."""
        return len({outcome.position for outcome in self.outcomes})

    @property
    def honoured(self) -> int:
        """How many were honoured in every test that verified them."""
        failed = {outcome.position for outcome in self.outcomes if not outcome.honoured}
        return self.ran - len(failed)

    @property
    def complete(self) -> bool:
        """Whether every interaction was verified, and there was one."""
        return 0 < self.ran == self.total

    @property
    def success(self) -> bool:
        """Whether the provider honours the whole contract."""
        return self.complete and self.honoured == self.total


def count(selection: Selection, outcomes: Iterable[Outcome]) -> list[Tally]:
    """One tally for each contract of the selection."""
    kept = list(outcomes)
    return [
        Tally(name, contract, tuple(outcome for outcome in kept if outcome.contract == index))
        for index, (name, contract) in enumerate(zip(selection.names, selection.contracts, strict=True))
    ]
