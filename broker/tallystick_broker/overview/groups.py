"""Groups: the participants that a chain of integrations connects. Pure."""

from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[str, str]


def connected(pairs: Iterable[Pair], name: str, most: int) -> list[Pair]:
    """Return the pairs among the participants that this one is connected with, at most so many of them.

    Those that fewer pairs lie between come first.
    """
    listed = sorted(set(pairs))
    neighbours: dict[str, list[str]] = defaultdict(list)
    for consumer, provider in listed:
        neighbours[consumer].append(provider)
        neighbours[provider].append(consumer)
    reached = [name]
    for each in reached:  # it grows while it is walked along
        reached += dict.fromkeys(other for other in neighbours[each] if other not in reached)
        if len(reached) >= most:
            break
    group = set(reached[:most])
    return [pair for pair in listed if group.issuperset(pair)]
