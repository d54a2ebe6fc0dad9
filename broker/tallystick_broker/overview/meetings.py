"""Meetings: which versions of a pair are live in the same environment, and whether they fit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.overview.marks import Live, Place, find_live
from tallystick_broker.overview.outcomes import (
    Contracts,
    Outcome,
    Published,
    read_contracts,
    read_outcomes,
)


@dataclass(frozen=True)
class Meeting:
    """Consumer versions with the same content, and a provider version, that are live in the same environment."""

    place: Place
    fingerprint: str
    consumers: tuple[str, ...]
    provider: str
    result: Outcome | None

    @property
    def rank(self) -> tuple[bool, str, bool, bool]:
        """The place among meetings: production first, and what does not fit before what does."""
        good, known = bool(self.result and self.result.success), self.result is not None
        return not self.place.production, self.place.name, good, not known


def find_meetings(session: Session, pair: Pair) -> list[Meeting]:
    """Return what is live together of the pair, in the order of its rank."""
    live = find_live(session, pair.key.values())
    consumers, providers = (live.get(each.id, ()) for each in (pair.consumer, pair.provider))
    contracts = read_contracts(session, {each.id for each in consumers}, {pair.provider.id})
    contents = {each.content_id for each in contracts.values()}
    outcomes = read_outcomes(session, contents, {each.id for each in providers})
    by_content = _by_content(consumers, contracts, pair.provider.id)
    found = [
        Meeting(
            place,
            published.fingerprint,
            numbers,
            other.number,
            outcomes.get((published.content_id, other.id)),
        )
        for (place, published), numbers in by_content.items()
        for other in providers
        if other.place == place
    ]
    return sorted(found, key=lambda each: each.rank)


def _by_content(
    consumers: Iterable[Live], contracts: Contracts, provider_id: int
) -> dict[tuple[Place, Published], tuple[str, ...]]:
    found: dict[tuple[Place, Published], list[str]] = defaultdict(list)
    for each in sorted(consumers, key=lambda live: live.id, reverse=True):
        published = contracts.get((each.id, provider_id))
        if published is not None:
            found[each.place, published].append(each.number)
    return {key: tuple(numbers) for key, numbers in found.items()}
