"""Fetches the contracts that the broker wants this provider to verify."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.selection import SelectedContract, Selection
from tallystick_client import Broker, BrokerError, NotFound
from tallystick_contracts.interactions import ContractError

if TYPE_CHECKING:
    from tallystick.provider.options import Options
    from tallystick.settings import Settings
    from tallystick_client import ContractToVerify

SELECTORS: dict[str, dict[str, Any]] = {
    "main": {"mainBranch": True},
    "deployed": {"deployedOrReleased": True},
    "matching-branch": {"matchingBranch": True},
}

RECENTLY = timedelta(days=30)
"""How old work in progress may be that is verified without being asked for."""


def select(settings: Settings, options: Options, provider: str) -> Selection:
    """What the broker has for this provider; a provider that it does not know has no contracts.

    Raises `pytest.UsageError` for a selector that is none, and when the broker does not answer as it should.
    """
    if not settings.broker_url:
        raise pytest.UsageError(
            "--contracts-from broker needs a broker: "
            "set contracts_broker, --contracts-broker or PACT_BROKER_BASE_URL"
        )
    branch = settings.branch()
    pending = branch is not None if options.pending is None else options.pending
    place = f"{settings.broker_url} ({', '.join(options.select) or 'its default selection'})"
    try:
        with Broker.from_environment(settings.broker_url) as broker:
            found = broker.contracts_to_verify(
                provider,
                branch=branch,
                selectors=_selectors(options.select, branch),
                include_pending=pending,
                include_wip_since=options.wip_since or (_recently() if pending and branch else None),
            )
    except NotFound:
        return Selection(provider, f"{settings.broker_url}, which does not know {provider}")
    except BrokerError as error:
        raise pytest.UsageError(str(error)) from error
    return Selection(provider, place, tuple(_contract(each) for each in found))


def fetch(settings: Settings, url: str) -> SelectedContract:
    """The contract at this URL of the broker; raises `pytest.UsageError` when there is none."""
    try:
        with Broker.from_environment(settings.broker_url) as broker:
            return _contract(broker.contract_to_verify(url))
    except BrokerError as error:
        raise pytest.UsageError(f"no contract from {url}: {error}") from error


def _contract(fetched: ContractToVerify) -> SelectedContract:
    reasons = (notice.text for notice in fetched.notices if notice.when == "before_verification")
    try:
        return SelectedContract.checked(
            fetched.document,
            fetched.url,
            label=fetched.short_description,
            pending=fetched.pending,
            reasons=tuple(reasons),
            results_url=fetched.results_url,
            afterwards={notice.when: notice.text for notice in fetched.notices},
        )
    except ContractError as error:
        raise pytest.UsageError(f"{fetched.url} is not a contract: {error}") from error


def _recently() -> str:
    return (datetime.now(UTC) - RECENTLY).date().isoformat()


def _selectors(chosen: tuple[str, ...], branch: str | None) -> list[dict[str, Any]]:
    """The broker's consumer version selectors; the matching branch is left out while there is no branch."""
    known = [word for word in chosen if word != "matching-branch" or branch]
    return [SELECTORS.get(word) or _own_selector(word) for word in known]


def _own_selector(text: str) -> dict[str, Any]:
    try:
        selector = json.loads(text)
    except ValueError:
        selector = None
    if not isinstance(selector, dict):
        raise pytest.UsageError(
            f"contracts_select: {text!r} is none of {', '.join(SELECTORS)}, and not a JSON object"
        )
    return selector
