"""Meetings: which versions of a pair are live in the same environment, and whether they fit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.overview.marks import Live, Place, find_live
from tallystick_broker.overview.outcomes import Encounter, Outcome, Settled, settle


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
    together = [
        (one, other)
        for one in live.get(pair.consumer.id, ())
        for other in live.get(pair.provider.id, ())
        if one.place == other.place
    ]
    settled = settle(session, (Encounter(one.id, pair.provider.id, other.id) for one, other in together))
    return sorted(_gather(together, settled, pair.provider.id), key=lambda each: each.rank)


def _gather(
    together: Iterable[tuple[Live, Live]], settled: Mapping[Encounter, Settled], provider_id: int
) -> Iterator[Meeting]:
    """Yield the meetings, those of consumer versions with the same content as one."""
    numbers: dict[tuple[Live, Settled], list[Live]] = defaultdict(list)
    for one, other in together:
        known = settled.get(Encounter(one.id, provider_id, other.id))
        if known is not None:
            numbers[other, known].append(one)
    for (other, known), consumers in numbers.items():
        newest_first = sorted(consumers, key=lambda live: live.id, reverse=True)
        yield Meeting(
            other.place,
            known.fingerprint,
            tuple(each.number for each in newest_first),
            other.number,
            known.result,
        )
