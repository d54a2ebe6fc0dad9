"""Random rollouts of a few services, and what a plan for each is by trying every order of every group."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

from hypothesis import strategies as st

from definition import Asked, Side, judge
from estates import NAMES, PLACE, Contract, Estate, Version

OLD, OTHER, NEW = "1", "2", "3"
GOOD = {(False, False): 0.99, (False, True): 0.7, (True, False): 0.8, (True, True): 0.97}
"""How likely a result is good, by whether the provider and the consumer are new ones."""

Names = frozenset[str]
Waves = list[set[Names]]


@dataclass(frozen=True)
class Rollout:
    """An estate, the services of which a new version is to go, and what is ignored and overridden."""

    estate: Estate
    candidates: Names
    ignored: Side | None = None
    overridden: tuple[tuple[Side, Side], ...] = ()

    @property
    def left(self) -> Names:
        """The services whose new versions are not live yet."""
        return self.candidates - {name for name, number in self.estate.live() if number == NEW}

    def ask(self, group: Collection[str]) -> Asked:
        """Return the question whether the new versions of these services can go together."""
        return Asked(frozenset((name, NEW) for name in group), self.ignored, self.overridden)


def find_waves(rollout: Rollout) -> Waves:
    """Return the groups of each wave of those that can go whatever one chooses: by brute force.

    A candidate needs what has gone in every rollout in which it goes; those that need each other are a group.
    """
    reachable = set(_find_reachable(rollout))
    greatest = [gone for gone in reachable if not any(gone < other for other in reachable)]
    planned = frozenset.intersection(*greatest)
    needs = {name: frozenset.intersection(*(gone for gone in reachable if name in gone)) for name in planned}
    waves: Waves = []
    left = set(planned)
    while left:
        ready = {
            name
            for name in left
            if not ({other for other in needs[name] if needs[other] != needs[name]} & left)
        }
        waves.append({frozenset(each for each in ready if needs[each] == needs[name]) for name in ready})
        left -= ready
    return waves


def move(estate: Estate, group: Collection[str]) -> Estate:
    """Return the estate after the new versions of these services have gone."""
    stays = [each for each in estate.deployed if each[0][0] not in group]
    return replace(estate, deployed=[*stays, *(((name, NEW), PLACE, "") for name in sorted(group))])


def _find_reachable(rollout: Rollout) -> Iterator[Names]:
    """Yield each set of services that can have gone, whichever groups go one after the other."""
    seen = {frozenset[str]()}
    waiting = list(seen)
    for gone in waiting:  # which grows
        yield gone
        estate = move(rollout.estate, gone)
        for group in _list_groups(rollout.left - gone):
            after = gone | group
            if after not in seen and judge(estate, rollout.ask(group)).deployable is True:
                seen.add(after)
                waiting.append(after)


def _list_groups(names: Names) -> Iterator[Names]:
    for size in range(1, len(names) + 1):
        yield from map(frozenset, combinations(sorted(names), size))


def make_rollout(seed: int) -> Rollout:
    """Return a random rollout: pairs that work as they are, and changes that often take an order."""
    random = Random(seed)
    names = NAMES[: random.randint(2, len(NAMES))]
    pairs = [(random.choice(names), random.choice(names)) for _ in range(random.randint(1, 2 * len(names)))]
    contracts: dict[Contract, str] = {}
    results = []
    for consumer, provider in dict.fromkeys(pairs):
        for number in (OLD, OTHER, NEW):
            if number != OTHER or random.random() < 0.3:
                contracts[(consumer, number), provider] = "x" if number == OLD else random.choice("xyz")
        for number in (OLD, OTHER, NEW):
            results += [
                ((provider, number), of, random.random() < GOOD[number == NEW, of[1] == NEW])
                for of, other in contracts
                if of[0] == consumer and other == provider and random.random() < 0.97
            ]
    random.shuffle(results)
    return Rollout(
        Estate(contracts, results, *_make_live(random, names), []),
        frozenset(name for name in names if random.random() < 0.85),
        (random.choice(names), random.choice([None, NEW])) if random.random() < 0.1 else None,
        tuple(
            (_choose_side(random, names), _choose_side(random, names)) for _ in range(random.random() < 0.2)
        ),
    )


def _make_live(random: Random, names: Sequence[str]) -> tuple[list[tuple[Version, str, str]], list[Version]]:
    """Return what is deployed and what is released: mostly one version of each, sometimes none or two."""
    deployed = [((name, OLD), PLACE, "") for name in names if random.random() < 0.93]
    deployed += [
        ((name, random.choice((OTHER, NEW))), PLACE, "blue") for name in names if random.random() < 0.04
    ]
    return deployed, [(name, OTHER) for name in names if random.random() < 0.06]


def _choose_side(random: Random, names: Sequence[str]) -> Side:
    return random.choice(names), random.choice([None, OLD, NEW])


rollouts: st.SearchStrategy[Rollout] = st.integers(0, 2**32).map(make_rollout)
