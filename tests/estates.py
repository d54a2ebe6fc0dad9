"""Random estates of a few services that consume each other, and themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property

from hypothesis import strategies as st

from histories import records

NAMES: tuple[str, ...] = ("ant", "bee", "cat", "dog", "eel", "fox", "gnu")
SERVICES: tuple[str, ...] = NAMES[:5]
NUMBERS: tuple[str, ...] = ("1", "2", "3")
PLACE, ELSEWHERE = "production", "staging"
AT = datetime(2026, 1, 1, tzinfo=UTC)

Version = tuple[str, str]
Contract = tuple[Version, str]
"""A consumer version and the provider that it expects something of."""


@dataclass(frozen=True)
class Estate:
    """What each consumer version expects of a provider, the results in the order they came, and what is live.

    A result is of what a consumer version expects: provider version, consumer version, success. `deployed` are
    versions with a place and an instance, in order; `released` are in production, and `ended` no longer supported.
    """

    contracts: dict[Contract, str]
    results: list[tuple[Version, Version, bool]]
    deployed: list[tuple[Version, str, str]]
    released: list[Version]
    ended: list[Version]

    def supported(self) -> set[Version]:
        """Return the versions that are released and supported."""
        return set(self.released) - set(self.ended)

    def live(self) -> set[Version]:
        """Return what is live in production: the last deployment of each instance, and what is supported."""
        running = {
            (version[0], instance): version for version, place, instance in self.deployed if place == PLACE
        }
        return {*running.values(), *self.supported()}

    def former(self) -> set[Version]:
        """Return what was live in production and is not any more."""
        deployed = {version for version, place, _ in self.deployed if place == PLACE}
        return (deployed | set(self.released)) - self.live()

    @cached_property
    def outcomes(self) -> dict[tuple[Version, str, str], bool]:
        """The last result of each provider version for each content of a consumer."""
        return {
            (verifier, of[0], self.contracts[of, verifier[0]]): success
            for verifier, of, success in self.results
        }

    def outcome(self, provider: Version, consumer: Version) -> bool | None:
        """Return the last result of this provider version for what this consumer version expects."""
        return self.outcomes.get((provider, consumer[0], self.contracts[consumer, provider[0]]))

    def tell(self) -> Iterator[records.Record]:
        """Yield all that happened, as a history."""
        yield from (records.Environment(place, place == PLACE, AT) for place in (PLACE, ELSEWHERE))
        yield from (records.Participant(name, AT) for name in NAMES)
        yield from (records.Version(name, number, "main", AT) for name in NAMES for number in NUMBERS)
        contents = {self.name(contract): (contract[0][0], contract[1]) for contract in self.contracts}
        yield from (records.Content(name, *pair, 1, AT) for name, pair in contents.items())
        for consumer, provider in self.contracts:
            yield records.Publication(*consumer, provider, self.name((consumer, provider)), AT)
        for verifier, of, success in self.results:
            yield records.Verification(self.name((of, verifier[0])), *verifier, success, AT)
        yield from (records.Deployment(*version, place, where, AT) for version, place, where in self.deployed)
        yield from (records.Release(*version, PLACE, AT) for version in self.released)
        yield from (records.SupportEnd(*version, PLACE, AT) for version in self.ended)

    def name(self, contract: Contract) -> str:
        """Return a name for the content of a contract: versions that publish the same share it."""
        (consumer, _), provider = contract
        return f"{consumer} {provider} {self.contracts[contract]}"


versions: st.SearchStrategy[Version] = st.tuples(st.sampled_from(SERVICES), st.sampled_from(NUMBERS))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Return a strategy of estates of two to five services, and three versions of each."""
    parts = _parts(draw(st.integers(2, len(SERVICES))))
    contracts = draw(parts.contracts)
    told = sorted(contracts)
    results = [
        ((told[place][1], number), told[place][0], success)
        for place, number, success in draw(_results(len(told)))
    ]
    deployed, released = draw(parts.deployed), draw(parts.released)
    ended = draw(st.lists(st.sampled_from(released), max_size=1)) if released else []
    return Estate(contracts, results, deployed, released, ended)


@dataclass(frozen=True)
class _Parts:
    """Strategies of what estates of a number of services are made of; to make one takes longer than to draw."""

    contracts: st.SearchStrategy[dict[Contract, str]]
    deployed: st.SearchStrategy[list[tuple[Version, str, str]]]
    released: st.SearchStrategy[list[Version]]


@cache
def _parts(services: int) -> _Parts:
    names = st.sampled_from(SERVICES[:services])
    some = st.tuples(names, st.sampled_from(NUMBERS))
    places = st.sampled_from([PLACE, PLACE, PLACE, ELSEWHERE])
    return _Parts(
        st.dictionaries(st.tuples(some, names), st.sampled_from("xy"), min_size=1, max_size=12),
        st.lists(st.tuples(some, places, st.sampled_from(["", "blue"])), min_size=2, max_size=8),
        st.lists(some, max_size=3, unique=True),
    )


@cache
def _results(contracts: int) -> st.SearchStrategy[list[tuple[int, str, bool]]]:
    success = st.sampled_from([True, True, True, False])
    return st.lists(st.tuples(st.integers(0, contracts - 1), st.sampled_from(NUMBERS), success), max_size=24)
