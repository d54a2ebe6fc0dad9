"""The contracts that one run verifies, and the tests that come of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tallystick.provider.marks import UNMARKED, Marked
from tallystick_contracts.interactions import HTTP, Interaction, interactions, participants, plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.provider.narrowing import Narrowing


@dataclass(frozen=True)
class SelectedContract:
    """A contract to verify: the Pact document, where it is from, why it is here, where its result goes.

    `afterwards` is what the broker has to say to each result, by the name that the broker has for the moment.
    """

    document: dict[str, Any]
    origin: str
    label: str = ""
    pending: bool = False
    reasons: tuple[str, ...] = ()
    results_url: str | None = None
    afterwards: dict[str, str] = field(default_factory=dict)

    @classmethod
    def checked(cls, document: Any, origin: str, **more: Any) -> SelectedContract:
        """The contract, when its document is one; raises ContractError."""
        participants(document)
        interactions(document)
        return cls(document, origin, **more)

    @cached_property
    def consumer(self) -> str:
        """The name of the consumer."""
        return str(self.document["consumer"]["name"])

    @cached_property
    def provider(self) -> str:
        """The name of the provider."""
        return str(self.document["provider"]["name"])

    @cached_property
    def interactions(self) -> list[Interaction]:
        """What the contract asks for."""
        return interactions(self.document)


@dataclass(frozen=True)
class Selection:
    """What a source had for this provider; a `problem` is why it could not be read."""

    provider: str
    place: str
    contracts: tuple[SelectedContract, ...] = ()
    problem: str | None = None

    def to_json(self) -> str:
        """The selection as text, for a worker process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Selection:
        """The selection that another process wrote with `to_json`."""
        members = json.loads(text)
        contracts = tuple(
            SelectedContract(**{**contract, "reasons": tuple(contract["reasons"])})
            for contract in members.pop("contracts")
        )
        return cls(contracts=contracts, **members)

    @cached_property
    def names(self) -> list[str]:
        """A name for each contract: its consumer's, with the label where a consumer has several contracts."""
        several = Counter(contract.consumer for contract in self.contracts)
        return [
            f"{contract.consumer} ({contract.label})"
            if several[contract.consumer] > 1 and contract.label
            else contract.consumer
            for contract in self.contracts
        ]

    def describe(self) -> str:
        """One line on how much there is to verify, and where it is from."""
        count = sum(len(contract.interactions) for contract in self.contracts)
        consumers = len({contract.consumer for contract in self.contracts})
        return f"{_count(count, 'interaction')} of {_count(consumers, 'consumer')} from {self.place}"


@dataclass(frozen=True)
class Case:
    """What one test verifies: an interaction of the contract that has this index in what the source has.

    A `problem` says why there is nothing that could be verified. A `spare` case is of a test that has nothing
    to do in this run, though others have.
    """

    id: str
    source: str
    index: int
    contract: SelectedContract
    interaction: Interaction
    problem: str | None = None
    spare: bool = False

    @property
    def pending(self) -> str | None:
        """Why a failure is expected and does not count yet, or None when it counts."""
        if self.contract.pending:
            return f"pending: {self.contract.provider} has not honoured this contract yet"
        if self.interaction.pending:
            return f"pending: {self.contract.consumer} has marked this interaction so"
        return None


NOTHING = Interaction(
    position=-1, description="", states=(), kind=HTTP, id=None, pending=False, testname=None
)
"""Stands in a case that has a problem instead of an interaction."""


def cases(selection: Selection, narrowing: Narrowing, marked: Marked = UNMARKED) -> list[Case]:
    """One case for each interaction that the narrowing fits, and the test's own; never no case."""
    if not selection.contracts:
        return [_nothing(selection, marked, f"looked in {selection.place}")]
    every = [
        case
        for index, contract in enumerate(selection.contracts)
        for case in _cases(selection.names[index], marked.source, index, contract)
    ]
    own = [case for case in every if marked.only is None or _fits(marked.only, case)]
    both = [case for case in own if _fits(narrowing, case)]
    if both:
        return both
    if own and any(_fits(narrowing, case) for case in every):
        return [replace(own[0], spare=True)]
    asker = str(narrowing) if own else "what this test is marked for"
    return [_nothing(selection, marked, f"{asker} fits none of {selection.describe()}")]


def _fits(narrowing: Narrowing, case: Case) -> bool:
    if case.interaction is NOTHING:
        return not narrowing.consumers or case.contract.consumer in narrowing.consumers
    return narrowing.fits(case.contract.consumer, case.interaction)


def _nothing(selection: Selection, marked: Marked, reason: str) -> Case:
    title = f"no contracts for {selection.provider}"
    contract = SelectedContract({"consumer": {"name": ""}, "provider": {"name": selection.provider}}, "")
    problem = f"{title}: {reason}. Nothing was verified."
    return Case(title, marked.source, -1, contract, NOTHING, problem)


def _cases(name: str, source: str, index: int, contract: SelectedContract) -> Iterator[Case]:
    needed = ", ".join(plugins(contract.document))
    if not contract.interactions:
        problem = f"the contract of {contract.consumer} ({contract.origin}) has no interactions"
        yield Case(f"{name}: no interactions", source, index, contract, NOTHING, problem)
    for interaction in contract.interactions:
        obstacle = None
        if needed:
            obstacle = f"this contract needs the Pact plugin {needed}, which tallystick cannot run yet"
        elif interaction.kind != HTTP and interaction.content_type is None:
            obstacle = f"the message {interaction.description!r} has no contents: there is nothing to verify"
        yield Case(_identify(name, interaction), source, index, contract, interaction, obstacle)


def _identify(name: str, interaction: Interaction) -> str:
    given = " and ".join(state.name for state in interaction.states)
    return f"{name}: {interaction.description}" + (f" (given {given})" if given else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
