"""The entries of the list: contracts with the reasons why they are on it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from tallystick_broker.for_verification.request import Selector


@dataclass(frozen=True)
class Reason:
    """Why a contract is on the list: what a selector found, by which branch, tag or environment."""

    selector: Selector
    number: str
    version_id: int
    place: str = ""
    production: bool = False

    @property
    def order(self) -> tuple[int, bool, str, str, int, str]:
        """Where the reason stands among others: the latest ones first, deployed and released ones last."""
        selector = self.selector
        ranks = (
            selector.released,
            selector.deployed,
            selector.environment is not None,
            selector.tag is not None and not selector.latest,
            selector.tag is not None,
            selector.main_branch or selector.any_branch or selector.branch is not None,
        )
        rank = len(ranks) - ranks.index(True) if True in ranks else 0
        return rank, self.production, self.place, selector.consumer or "", self.version_id, str(self)

    def __str__(self) -> str:
        selector = self.selector
        if selector.deployed:
            return f"deployed to {self.place}"
        if selector.released:
            return f"released in {self.place}"
        if selector.environment:
            return f"in {self.place}"
        if selector.tag is not None and not selector.latest:
            return f"one of {selector.consumer} {self.place}" if selector.consumer else f"one of {self.place}"
        if selector.tag is not None:
            return f"latest with tag {self.place}"
        if selector.main_branch:
            return "latest from main branch"
        return f"latest from branch {self.place}" if self.place else "latest"


@dataclass(frozen=True)
class Entry:
    """A contract to verify; the version is the newest of those that have its content and were selected."""

    consumer: str
    number: str
    version_id: int
    content_id: int
    fingerprint: str
    reasons: tuple[Reason, ...]
    pending: bool = False
    wip: bool = False
    honoured_for: tuple[str, ...] = ()
    """The branch, or the tags, of the provider for which the content was verified successfully before."""
    unhonoured_for: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """Why it is on the list, in a few words: `latest from main branch, deployed to production`."""
        return ", ".join(dict.fromkeys(map(str, self.reasons)))


def gather(found: Iterable[Entry]) -> list[Entry]:
    """Return one entry for each consumer and content, with all the reasons, by consumer and version."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        groups.setdefault((entry.consumer, entry.fingerprint), []).append(entry)
    gathered = [reduce(_join, group) for group in groups.values()]
    return sorted(gathered, key=lambda entry: (entry.consumer, entry.version_id))


def _join(one: Entry, other: Entry) -> Entry:
    newer = max(one, other, key=lambda entry: entry.version_id)
    reasons = sorted(dict.fromkeys(one.reasons + other.reasons), key=lambda reason: reason.order)
    return replace(newer, reasons=tuple(reasons))
