"""Random estates of services, and what is safe in them by the letter of the definition.

A version is safe to deploy to an environment when every contract that it has as a consumer is verified
successfully by every version of the provider that is live there, and every contract that a live consumer version
has with it is verified successfully by it. A service that consumes itself is its own provider from then on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from story import Story

SERVICES: tuple[str, ...] = ("ant", "bee", "cat")
NUMBERS: tuple[str, ...] = ("1", "2")
PLACE = "production"

Version = tuple[str, str]


@dataclass(frozen=True)
class Estate:
    """Contracts by consumer version and provider, results in the order they came, and what is live.

    A result is of the content that a consumer version has for the provider: provider version, consumer version,
    success. `deployed` are versions with an instance, in order; `released` are supported.
    """

    contracts: dict[tuple[Version, str], str]
    results: list[tuple[Version, Version, bool]]
    deployed: list[tuple[Version, str]]
    released: list[Version]

    def tell(self, story: Story) -> None:
        """Make it happen."""
        for name in SERVICES:
            for number in NUMBERS:
                story.version(name, number)
        story.environment(PLACE)
        for (consumer, provider), content in self.contracts.items():
            story.publish(*consumer, provider, content=content)
        for verifier, of, success in self.results:
            story.verify(verifier[0], verifier[1], of, success)
        for (name, number), instance in self.deployed:
            story.deploy(name, number, PLACE, instance)
        for name, number in self.released:
            story.release(name, number, PLACE)

    def live(self) -> set[Version]:
        """Return what is live: the last deployment of each instance, and what is released."""
        running = {(version[0], instance): version for version, instance in self.deployed}
        return {*running.values(), *self.released}

    def outcome(self, provider: Version, consumer: Version) -> bool | None:
        """Return the last result of this provider version for the content of this consumer version."""
        content = self.contracts[consumer, provider[0]]
        found = [
            success
            for verifier, of, success in self.results
            if verifier == provider and of[0] == consumer[0] and self.contracts[of, provider[0]] == content
        ]
        return found[-1] if found else None


def outcomes(estate: Estate, asked: Version, ignored: str | None = None) -> list[bool | None]:
    """Return the outcome of each contract and provider version that the definition is about.

    It is None where a result is missing, or the provider. A service that is ignored has no part in it.
    """
    return list(dict(_outcomes(estate, asked, ignored)).values())


def judge(found: list[bool | None]) -> bool | None:
    """Return whether the version may go: True, False, or None while a result is missing."""
    return None if None in found else all(found)


def _outcomes(
    estate: Estate, asked: Version, ignored: str | None
) -> Iterator[tuple[tuple[Version, Version | None], bool | None]]:
    live = estate.live()
    for consumer, provider in estate.contracts:
        if ignored in {consumer[0], provider}:
            continue
        if consumer == asked:
            verifiers = {version for version in live if version[0] == provider}
            verifiers |= {asked} if provider == asked[0] else set()
            for version in verifiers:
                yield (consumer, version), estate.outcome(version, consumer)
            if not verifiers:
                yield (consumer, None), None
        elif provider == asked[0] and consumer in live:
            yield (consumer, asked), estate.outcome(asked, consumer)


versions: st.SearchStrategy[Version] = st.tuples(st.sampled_from(SERVICES), st.sampled_from(NUMBERS))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Return a strategy of estates in which a few services consume each other, and themselves."""
    pairs = st.tuples(versions, st.sampled_from(SERVICES))
    contracts = draw(st.dictionaries(pairs, st.sampled_from("xy"), min_size=1, max_size=8))
    contract = st.sampled_from(sorted(contracts))
    told = st.tuples(contract, st.sampled_from(NUMBERS), st.sampled_from([True, True, False]))
    results = [
        ((provider, number), consumer, success)
        for (consumer, provider), number, success in draw(st.lists(told, max_size=14))
    ]
    deployed = draw(st.lists(st.tuples(versions, st.sampled_from(["", "blue"])), min_size=2, max_size=6))
    return Estate(contracts, results, deployed, draw(st.lists(versions, max_size=2, unique=True)))
