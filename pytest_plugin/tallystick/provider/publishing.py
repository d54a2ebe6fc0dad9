"""Publishes the results of a session to the broker that its contracts are from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tallystick.publisher import publisher
from tallystick_client import BrokerError, BrokerFailed, BrokerUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tallystick.provider.tally import Tally
    from tallystick.settings import Settings
    from tallystick_client import Broker


@dataclass(frozen=True)
class Publication:
    """What became of one contract's result: a line for the user, and whether publishing it has failed."""

    text: str
    failed: bool = False


def publish(settings: Settings, tallies: Sequence[Tally]) -> list[Publication]:
    """Publish the result of each contract that is from the broker and was verified whole, in this order.

    The broker is first told the branch and tags of this version, since they decide what a result is good for.
    """
    obstacles = [_obstacle(tally) for tally in tallies]
    if all(obstacles):
        return [found for found in obstacles if found]
    try:
        with publisher(settings) as broker:
            _record_version(broker, settings)
            return list(_publish_all(broker, settings, tallies, obstacles))
    except BrokerError as error:
        return [obstacle or _failure(error) for obstacle in obstacles]


def _publish_all(
    broker: Broker, settings: Settings, tallies: Sequence[Tally], obstacles: Sequence[Publication | None]
) -> Iterator[Publication]:
    """Publish one by one; a broker that does not answer is not asked for each of them."""
    silent: Publication | None = None
    for tally, obstacle in zip(tallies, obstacles, strict=True):
        try:
            yield obstacle or silent or _publish(broker, settings, tally)
        except BrokerError as error:
            failure = _failure(error)
            silent = failure if isinstance(error, BrokerUnreachable | BrokerFailed) else None
            yield failure


def _obstacle(tally: Tally) -> Publication | None:
    """Why this contract's result cannot be published, if so; a pending one fails no run for that either."""
    if not tally.contract.results_url:
        reason = f"{tally.contract.origin} is not from the broker"
    elif not tally.complete:
        reason = f"{tally.total - tally.ran} of {tally.total} interactions did not run"
    else:
        return None
    return Publication(f"not published: {reason}", failed=not tally.contract.pending)


def _failure(error: BrokerError) -> Publication:
    return Publication(f"NOT PUBLISHED: {error}", failed=True)


def _record_version(broker: Broker, settings: Settings) -> None:
    name, number, branch = str(settings.name), str(settings.version()), settings.branch()
    if branch:
        broker.record_branch_version(name, number, branch)
    for tag in settings.tags:
        broker.record_tag(name, number, tag)


def _publish(broker: Broker, settings: Settings, tally: Tally) -> Publication:
    url = broker.publish_result(
        str(tally.contract.results_url),
        provider_version=str(settings.version()),
        success=tally.success,
        test_results=_test_results(tally),
        build_url=settings.build_url(),
        verified_by=_verified_by(),
    )
    moment = f"after_verification:success_{str(tally.success).lower()}_published_true"
    word, said = "success" if tally.success else "failure", tally.contract.afterwards.get(moment, "")
    return Publication(f"published {word} -> {url}\n{said}".strip())


def _test_results(tally: Tally) -> list[dict[str, Any]]:
    """One entry for each interaction, in the words that brokers know (those of the Pact clients)."""
    entries = []
    for interaction in tally.contract.interactions:
        own = [outcome for outcome in tally.outcomes if outcome.position == interaction.position]
        mismatches = [mismatch for outcome in own for mismatch in outcome.mismatches]
        errors = [{"message": outcome.error} for outcome in own if outcome.error]
        entries.append(
            {
                "interactionDescription": interaction.description,
                "success": all(outcome.honoured for outcome in own),
                **({"interactionId": interaction.id} if interaction.id else {}),
                **({"mismatches": mismatches} if mismatches else {}),
                **({"exceptions": errors} if errors else {}),
            }
        )
    return entries


def _verified_by() -> dict[str, Any]:
    number = version("tallystick")
    framework = {"name": "python", "testFramework": "pytest", "version": version("pytest")}
    return {"implementation": "tallystick", "version": number, "clientLanguage": framework}
