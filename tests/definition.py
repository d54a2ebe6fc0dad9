"""What is safe, by the letter of `docs/explanation/safe-to-deploy.md`, without any of the product's code."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from estates import Estate, Version

Side = tuple[str, str | None]
"""A service, or one version of it."""


@dataclass(frozen=True)
class Asked:
    """Which versions go together, what is ignored, and which pairs are overridden."""

    versions: frozenset[Version]
    ignored: Side | None = None
    overridden: tuple[tuple[Side, Side], ...] = ()
    requires_contracts: bool = False


@dataclass(frozen=True)
class Answer:
    """Whether they may go, and how many contracts are honoured, broken, unverified, ignored and overridden."""

    deployable: bool | None
    success: int
    failed: int
    unknown: int
    ignored: int
    overridden: int


def judge(estate: Estate, asked: Asked) -> Answer:
    """Return whether the versions may go together to production."""
    meetings = dict.fromkeys(meet(estate, asked.versions))
    found = Counter(_decide(estate, asked, *meeting) for meeting in meetings)
    outcome: bool | None = found["failed"] == 0
    if found["unknown"]:
        outcome = None
    elif asked.requires_contracts and not found["failed"] and not found["success"]:
        outcome = False
    return Answer(
        outcome, *(found[name] for name in ("success", "failed", "unknown", "ignored", "overridden"))
    )


def judge_removal(estate: Estate, removed: Version) -> bool | None:
    """Return whether a live version may be taken away from production."""
    stay = estate.live() - {removed}
    providers = [version for version in stay if version[0] == removed[0]]
    consumers = [each for each, provider in estate.contracts if provider == removed[0] and each in stay]
    found = [estate.outcome(provider, consumer) for consumer in consumers for provider in providers]
    if None in found or (consumers and not providers):
        return None
    return all(found)


def meet(estate: Estate, asked: Collection[Version]) -> Iterator[tuple[Version, Side]]:
    """Yield each consumer version and the provider version that has to honour its contract; none if it is not there."""
    names, live = {name for name, _ in asked}, estate.live()
    stay = {version for version in live if version[0] not in names}
    if len(asked) > 1:
        stay |= {version for version in estate.supported() if version[0] in names}
    there = {*stay, *asked}
    for consumer, provider in estate.contracts:
        if consumer[0] == provider and provider in names:
            beside = {version for version in {*live, *asked} if version[0] == provider}
            if consumer in beside:
                yield from ((consumer, each) for each in beside if asked_about(asked, consumer, each))
        elif consumer in there:
            providers = {version for version in there if version[0] == provider}
            yield from ((consumer, each) for each in providers if asked_about(asked, consumer, each))
            if consumer in asked and not providers:
                yield consumer, (provider, None)


def asked_about(asked: Collection[Version], consumer: Version, provider: Version) -> bool:
    """Return whether one of the two is what the question is about."""
    return consumer in asked or provider in asked


def _decide(estate: Estate, asked: Asked, consumer: Version, provider: Side) -> str:
    if asked.ignored and (_covers(asked.ignored, consumer) or _covers(asked.ignored, provider)):
        return "ignored"
    outcome = None if provider[1] is None else estate.outcome((provider[0], provider[1]), consumer)
    if outcome:
        return "success"
    if any(_covers(one, consumer) and _covers(other, provider) for one, other in asked.overridden):
        return "overridden"
    return "unknown" if outcome is None else "failed"


def _covers(side: Side, version: Side) -> bool:
    return side[0] == version[0] and side[1] in (None, version[1])
